"""Parts the pages are built from: each paints or lays out one thing and knows no page."""

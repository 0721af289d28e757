"""OKX: one module for each kind of file it has published."""

"""What is asked or shown on top of the window."""

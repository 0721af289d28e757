"""The five pages. A page is added in `main_window.py` by one line; no page knows another."""

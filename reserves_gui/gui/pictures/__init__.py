"""Pictures without widgets: each is one routine that paints a placed model, on screen, into a file or on paper."""

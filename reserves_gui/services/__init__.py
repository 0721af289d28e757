"""One function per thing a user wants. The only room that the command line and the window call."""

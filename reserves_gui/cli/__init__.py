"""The command line: argument parsing and rendering, no logic. It never loads Qt."""

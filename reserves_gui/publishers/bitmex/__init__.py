"""BitMEX and River, which share one file format: the tree, a user's keys, and lines printed for one user."""

DECLARED_IN = ("tree",)

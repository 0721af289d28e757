"""Any list of ids, assets and amounts: nothing is hashed upward, the root is the SHA-256 of the file as downloaded."""

DECLARED_IN = ("proof",)

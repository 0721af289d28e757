"""What users can check of one another: receipts, the root log, signed reports, pinned keys.

2026-11-22: the root log is a text file of one canonical JSON entry a line and a checkpoint beside it, not a database
table: it must outlive every schema, be readable with any editor, and travel to a friend as it is.
"""

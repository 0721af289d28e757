"""From bytes to strictly parsed documents: the only room that touches untrusted bytes first.

2026-11-22: one handle per file. A file is opened once; hashing, recognition and every cursor of a verifier read through
that handle by position, so nobody can swap the file between being hashed and being judged.
"""

"""Lemon: a whole tree as lines, a CSV with one user's proof, and the root as JSON.

Source: lemonatio/proof-of-liabilities lib/merkle.py, verify.py (33e662d).
"""

DECLARED_IN = ("proof",)

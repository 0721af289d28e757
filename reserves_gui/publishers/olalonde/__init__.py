"""The early proof-of-liabilities tool: a root file, one partial tree per user, sometimes the complete tree.

Source: olalonde/proof-of-liabilities README.md, lib/ (d99c84d).
"""

DECLARED_IN = ("proof",)

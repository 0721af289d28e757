"""DAPOL+ as Silver Sixpence wrote it: a sparse tree of Pedersen commitments.

Source: silversixpence-crypto/dapol (e7270f1), read in source and not run; ePrint 2021/1350. No sample is published.
"""

DECLARED_IN = ("proof",)

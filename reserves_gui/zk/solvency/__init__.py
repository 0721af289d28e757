"""Proofs of solvency over a fixed tree of accounts, proven in batches: the rules, for every release of the scheme.

2026-11-22: leaves, list and batch commitments follow ``src/utils`` of zkmerkle-proof-of-solvency at v1.0.0 to v1.2.0.
The circuits were read, not rebuilt: what a batch proof means rests on the key it verifies under.
"""

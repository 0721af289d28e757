"""BitGo: three layers of MiMC trees, a Groth16 proof for each, all in the user's own file.

2026-11-26: what ties the root of a layer to the hash that stands in the layer above is its proof alone (the sums that
go between them are not published). So ``path`` is verified only when all three proofs hold under pinned keys.
"""

DECLARED_IN = ("declared",)

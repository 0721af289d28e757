"""Who controls the listed addresses: address codecs, signature rules, wallet rows and their reconciliation.

2026-11-22: a rule is a small frozen value with one method, ``judge(row)``. A publisher attaches a rule to every row it
reads; the engine never branches on a coin, a chain or an exchange, and rows travel to worker processes as they are.

2026-11-22: a kind of address is one canonical byte string. A codec decodes a text to it, a derivation makes it from a
public key, and both are compared; so two spellings of one address are also one address to the search for duplicates.
"""

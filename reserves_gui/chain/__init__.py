"""Balances as chains show them: sources behind one port, and the one door to the network.

2026-11-22: a source may lie, stall or be wrong, so a balance is never a bare number. It is an :class:`Observation`: an
amount at a block (height and hash), with who said it and when. Missing, refused and zero are three different answers.

2026-11-22: answers are parsed here and not by ``intake``: rooms beside one another do not import each other, and an
answer's limits (32 MiB, 64 levels, integers only) are not those of a file the user owns.
"""

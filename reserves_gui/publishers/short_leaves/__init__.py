"""Auditors' lists of eight-byte leaves: Armanino and The Network Firm, Gate until 2022, Ledn, Bitso.

All of them publish one header and one shape of line; which rule made a leaf is told only by what the user gives, so
every rule is tried and the one that matched is named.
"""

DECLARED_IN = ("tree",)

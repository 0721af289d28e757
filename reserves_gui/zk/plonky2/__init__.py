"""A verifier for proofs of a plonky2 fork without lookups, complete and driven by the circuit data alone.

``circuit`` decodes circuit data, ``parameters`` judges it before anything is computed from it, ``gates`` evaluates the
constraints of one gate each, ``transcript`` derives the challenges, ``vanishing`` checks the quotient identity, ``fri``
checks the queries, ``verifier`` puts them in order.

2026-11-22: the fork (its revision stands in ``resources/pins``) has no lookup argument and multiplies the combined
quotients by the query point (``fri``), so standard verifiers of that library version reject these proofs. Nothing but
the list of known gates is fixed here.
"""

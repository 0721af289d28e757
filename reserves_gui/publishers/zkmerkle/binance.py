"""Binance: rounds of zkmerkle-proof-of-solvency v1.0.0 to v1.2.0, published since February 2023."""

from reserves_gui.intake.document import Document
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match, Sample
from reserves_gui.publishers.zkmerkle.naming import GUARANTEES, USER, Publisher
from reserves_gui.publishers.zkmerkle.recognising import look
from reserves_gui.verdict import Findings

FORMAT_ID = "binance-zk"


def recognise(document: Document) -> Match | None:
    """User file, list, table of proofs or key under Binance's own names."""
    seen = look(document)
    if seen is None or seen.fork:
        return None
    # Tables and keys look the same for the forks, which leave the first claim to the original.
    return Match(seen.role, 3 if seen.role in ("user", "list") else 2)


_PUBLISHER = Publisher(format_id=FORMAT_ID, exchange="Binance", releases=("Binance",))


def verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    """Judge the files of one round. Raises what the readers raise for unusable input."""
    # Loaded when it is needed: every file is held against every format, few are of this one.
    from reserves_gui.publishers.zkmerkle.verifying import verify_with

    return verify_with(_PUBLISHER, evidence, given, progress)


FORMATS = (
    Format(
        id=FORMAT_ID,
        exchange="Binance",
        family=Family.ZERO_KNOWLEDGE,
        since="2023-02-10",
        guarantees=GUARANTEES,
        recognise=recognise,
        verify=verify,
        per_user=USER,
        guide=FORMAT_ID,
        unbound=("ZkKeyName", "ProofTable", "Symbol", "id", "created_at", "updated_at", "deleted_at"),
        sample=Sample.OFFICIAL,
    ),
)

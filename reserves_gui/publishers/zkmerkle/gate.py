"""Gate and WebSea: forks of zkmerkle-proof-of-solvency v1.0 with their own key names and numbers of asset slots."""

from reserves_gui.intake.document import Document
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match, Sample
from reserves_gui.publishers.zkmerkle.naming import GUARANTEES, USER, Publisher
from reserves_gui.publishers.zkmerkle.recognising import look
from reserves_gui.verdict import Findings

FORMAT_ID = "gate-zk"


def recognise(document: Document) -> Match | None:
    """User file, list, table of proofs or key of the forks; some of their samples have the original's key names."""
    seen = look(document)
    if seen is None or seen.collateral:
        return None
    if seen.fork:
        return Match(seen.role)
    return Match(seen.role, 2 if seen.role in ("user", "list") else 1)


_PUBLISHER = Publisher(format_id=FORMAT_ID, exchange="Gate", releases=("Gate", "WebSea"))


def verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    """Judge the files of one round. Raises what the readers raise for unusable input."""
    # Loaded when it is needed: every file is held against every format, few are of this one.
    from reserves_gui.publishers.zkmerkle.verifying import verify_with

    return verify_with(_PUBLISHER, evidence, given, progress)


FORMATS = (
    Format(
        id=FORMAT_ID,
        exchange="Gate",
        exchanges=("Gate", "WebSea"),
        family=Family.ZERO_KNOWLEDGE,
        since="2023-01-05",
        guarantees=GUARANTEES,
        recognise=recognise,
        verify=verify,
        per_user=USER,
        guide=FORMAT_ID,
        unbound=("ZkKeyVKDirectoryAndPrefix", "ProofCsv", "Symbol", "id", "created_at", "updated_at", "deleted_at"),
        sample=Sample.OFFICIAL,
    ),
)

"""BitGo, read from its program's source, not held against a published file.

Source of the rules: BitGo/proof-of-solvency@c88064f.
"""

from dataclasses import replace

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.bitgo.checks import Judged, check_user
from reserves_gui.publishers.bitgo.user_file import UserFile, is_user_file, read_user_file
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match
from reserves_gui.verdict import Findings, Guarantees, LeafIdentity, NegativeBalances, SumBinding
from reserves_gui.zk.bn254 import element_hex

FORMAT_ID = "bitgo-zk"
USER = "proof"

GUARANTEES = Guarantees(
    sum_binding=SumBinding.ZERO_KNOWLEDGE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.RECOMPUTED,
    hash_bits=254,
    domain_separation=False,
    per_asset=True,
)


def recognise(document: Document) -> Match | None:
    """A JSON object with the account and its proofs."""
    return Match(USER) if is_user_file(document) else None


def verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    """Judge one user's file. Raises what reading raises for unusable input."""
    document = evidence.one(USER)
    if document is None:
        raise ReservesError(ErrorCode.USAGE, say("error.no_input"))
    file = read_user_file(document)
    judged = check_user(file, given, progress)
    top = None if judged.top is None else element_hex(judged.top)
    return Findings(
        format=FORMAT_ID,
        exchange="BitGo",
        decisive=("leaf", "path", "root"),
        claims=judged.checks.claims("leaf", "path", "total", "proof"),
        guarantees=_guarantees(judged, given),
        root=top,
        root_checks=tuple(judged.root_checks),
        balances=_named(file.assets, file.amounts),
        total=_named(file.assets, file.sums) or None,
        leaves=(file.position,),
        warnings=(say("bitgo.setup_alone"),),
        notes=(say("bitgo.units"), say("bitgo.hidden"), say("bitgo.private")),
        view=_view(document, file, judged, top),
        extra={
            "keys": [
                {"name": name, "sha256": digest, "pinned": pinned, "used": True} for name, digest, pinned in judged.keys
            ]
        },
    )


def _guarantees(judged: Judged, given: Given) -> Guarantees:
    made = GUARANTEES if given.secret("account") else replace(GUARANTEES, leaf_identity=LeafIdentity.OPAQUE)
    return replace(made, negative_balances=NegativeBalances.REJECTED) if judged.proven else made


def _named(assets: tuple[str, ...], amounts: tuple[int, ...]) -> dict[str, str]:
    if len(assets) != len(amounts) or len(set(assets)) != len(assets):
        return {}
    return {name: str(amount) for name, amount in zip(assets, amounts, strict=True) if amount}


def _view(document: Document, file: UserFile, judged: Judged, top: str | None) -> SnapshotView:
    holds = all(claim.state.value != "failed" for claim in judged.checks.claims("leaf", "path", "proof"))
    places = ".".join(str(one) for one in (file.layers[1].position, file.layers[0].position, file.position))
    return SnapshotView(
        format=FORMAT_ID,
        snapshot_id=None,
        usable=holds and judged.leaf is not None,
        root=top,
        leaf=None if judged.leaf is None else element_hex(judged.leaf),
        leaf_position=places,
        content=document.sha256,
    )


FORMATS = (
    Format(
        id=FORMAT_ID,
        exchange="BitGo",
        family=Family.ZERO_KNOWLEDGE,
        since="2025-01-01",
        guarantees=GUARANTEES,
        recognise=recognise,
        verify=verify,
        per_user=USER,
        guide="bitgo",
        user_fields=("account",),
        experimental=True,
    ),
)

"""Runs documents through recognition and one format, and reads the answer."""

import hashlib
from collections.abc import Sequence

from reserves_gui.intake.document import Document
from reserves_gui.progress import silent
from reserves_gui.publishers.port import Evidence, Given
from reserves_gui.publishers.zkmerkle import binance, gate
from reserves_gui.verdict import Claim, Findings, Outcome, State, worst


def judge(documents: Sequence[Document], *, fork: bool = False, **given) -> Findings:
    module = gate if fork else binance
    by_role: dict[str, tuple[Document, ...]] = {}
    for document in documents:
        match = module.recognise(document)
        assert match is not None, document.name
        by_role[match.role] = (*by_role.get(match.role, ()), document)
    return module.verify(Evidence(by_role), Given(**given), silent())


def pins_of(keys: dict[str, bytes]) -> tuple[str, ...]:
    return tuple(hashlib.sha256(data).hexdigest() for data in keys.values())


def states(findings: Findings) -> dict[str, State]:
    found = {claim.id: claim.state for claim in findings.claims}
    found["root"] = Claim("root", findings.root_checks).state
    return found


def state(findings: Findings) -> State:
    """Failed if anything failed, verified if everything is."""
    return worst(states(findings).values())


def outcomes(findings: Findings) -> dict[str, Outcome]:
    checks = [check for claim in findings.claims for check in claim.checks]
    return {check.id: check.outcome for check in (*checks, *findings.root_checks)}


def failed(findings: Findings) -> set[str]:
    return {name for name, outcome in outcomes(findings).items() if outcome is Outcome.FAILED}


def reason(findings: Findings, check_id: str):
    checks = [check for claim in findings.claims for check in claim.checks]
    return next(check.reason for check in (*checks, *findings.root_checks) if check.id == check_id)

"""Judging bytes with the engine alone: what a publisher's format says about them."""

from dataclasses import dataclass

from reserves_gui.errors import ReservesError
from reserves_gui.intake.document import from_bytes
from reserves_gui.progress import silent
from reserves_gui.publishers import registry
from reserves_gui.publishers.port import Evidence, Given
from reserves_gui.verdict import Findings, Outcome, State


@dataclass
class Judged:
    findings: Findings

    @property
    def states(self) -> dict[str, str]:
        return {claim.id: str(claim.state) for claim in self.findings.claims}

    @property
    def failed(self) -> set[str]:
        checks = [check for claim in self.findings.claims for check in claim.checks]
        return {check.id for check in (*checks, *self.findings.root_checks) if check.outcome is Outcome.FAILED}

    @property
    def holds(self) -> bool:
        return not self.failed and self.states["path"] == str(State.VERIFIED)


def judge(format_id: str, *files: bytes, published: tuple[bytes, ...] = (), **given) -> Judged:
    """Raises :class:`ReservesError` as the engine does; files that the format does not recognise are ``ValueError``."""
    chosen = registry.by_id(format_id)
    roles: dict[str, tuple] = {}
    for number, data in enumerate(files):
        document = from_bytes(f"file{number}.json", data)
        match = chosen.recognise(document)
        if match is None:
            if document.looks_like_json:
                document.json()
            raise ValueError("not recognised")
        roles[match.role] = (*roles.get(match.role, ()), document)
    pages = tuple(from_bytes(f"published{number}", data) for number, data in enumerate(published))
    return Judged(chosen.verify(Evidence(roles), Given(published=pages, **given), silent()))


def accepted(format_id: str, *files: bytes, **given) -> Judged | None:
    """The judgement if nothing failed, else None."""
    try:
        judged = judge(format_id, *files, **given)
    except (ReservesError, ValueError):
        return None
    return judged if not judged.failed else None

"""Runs one format's own functions on bytes held in memory, and reads what came out."""

from collections.abc import Mapping
from typing import Any

from reserves_gui.intake.document import Document, from_bytes
from reserves_gui.progress import Progress, silent
from reserves_gui.publishers.port import Evidence, Given
from reserves_gui.publishers.registry import by_id
from reserves_gui.verdict import Findings, Outcome


def judge(format_id: str, *files: bytes | Document, progress: Progress | None = None, **given: Any) -> Findings:
    """The findings of ``format_id`` on ``files``, recognised by the format itself; ``given`` as for :class:`Given`."""
    declared = by_id(format_id)
    by_role: dict[str, tuple[Document, ...]] = {}
    for number, content in enumerate(files):
        document = content if isinstance(content, Document) else from_bytes(f"file{number}", content)
        match = declared.recognise(document)
        assert match is not None, document.name
        by_role[match.role] = (*by_role.get(match.role, ()), document)
    return declared.verify(Evidence(by_role), Given(**given), progress or silent())


def failed(findings: Findings) -> set[str]:
    """The ids of failed checks."""
    return {check.id for claim in findings.claims for check in claim.checks if check.outcome is Outcome.FAILED} | {
        check.id for check in findings.root_checks if check.outcome is Outcome.FAILED
    }


def outcome(findings: Findings, check_id: str) -> Outcome | None:
    """The outcome of the first check of that id."""
    checks = [check for claim in findings.claims for check in claim.checks] + list(findings.root_checks)
    return next((check.outcome for check in checks if check.id == check_id), None)


def states(findings: Findings) -> Mapping[str, str]:
    """Claim -> state."""
    return {claim.id: claim.state.value for claim in findings.claims}

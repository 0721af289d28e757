"""What stands in a case file: reports, evidence by its hash (kept or left out), attachments (``reserves/case/1``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from reserves_gui import limits
from reserves_gui.canonical import canonical_bytes
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.json_gate import parse_json
from reserves_gui.intake.shape import Shape
from reserves_gui.messages import say

CASE_SCHEMA = "reserves/case/1"
MANIFEST_NAME = "manifest.json"
SIGNATURE_NAME = "manifest.json.minisig"
_ENTRIES = 10_000
_Kind = TypeVar("_Kind", bound=StrEnum)


class Use(StrEnum):
    """What a file of a case is for: verified, looked through for a root, or only kept beside."""

    INPUT = "input"
    PUBLISHED = "published"
    ATTACHED = "attached"


class LeftOut(StrEnum):
    """Why only the hash of a file is kept: too large, private, typed by the user, or read once and gone."""

    SIZE = "size"
    REDACTED = "redacted"
    TYPED = "typed"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEntry:
    """One file: its name where it was read, its hash, its size in bytes, and where in the archive it lies if kept.

    Files of one use with the same ``origin`` were found in one folder or archive; None: a file given by itself.
    """

    name: str
    use: Use
    sha256: str
    bytes: int
    path: str | None
    left_out: LeftOut | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport:
    """One report in the case, the oldest first."""

    path: str
    sha256: str
    bytes: int
    reference: str
    created: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseManifest:
    """All of a case. ``earlier`` are the SHA-256 of the manifests this case was extended from, the oldest first."""

    program: str
    created: str
    reports: tuple[CaseReport, ...]
    entries: tuple[CaseEntry, ...]
    earlier: tuple[str, ...] = field(default=())

    def encoded(self) -> bytes:
        """The canonical bytes of ``manifest.json``."""
        return canonical_bytes(
            {
                "schema": CASE_SCHEMA,
                "program": self.program,
                "created": self.created,
                "reports": [_plain(one) for one in self.reports],
                "entries": [_plain(one) for one in self.entries],
                "earlier": list(self.earlier),
            }
        )

    def sizes(self) -> Mapping[str, tuple[str, int]]:
        """SHA-256 and size of every member that must be there, by its path."""
        kept = {one.path: (one.sha256, one.bytes) for one in self.entries if one.path is not None}
        return kept | {one.path: (one.sha256, one.bytes) for one in self.reports}


def read_manifest(data: bytes, where: str) -> CaseManifest:
    """The manifest in ``data``, strictly. Raises ``format.shape``, ``format.newer`` and what the JSON gate raises."""
    if len(data) > limits.JSON_USER_BYTES:
        raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=limits.JSON_USER_BYTES), where)
    shape = Shape(parse_json(data, where), where)
    schema = shape["schema"].text()
    if schema != CASE_SCHEMA:
        code = ErrorCode.FORMAT_NEWER if schema.startswith("reserves/case/") else ErrorCode.FORMAT_SHAPE
        raise ReservesError(code, say("case.newer"), where)
    manifest = CaseManifest(
        program=shape["program"].text(longest=40),
        created=shape["created"].text(longest=40),
        reports=tuple(_report(one) for one in shape["reports"].entries(_ENTRIES)),
        entries=tuple(_entry(one) for one in shape["entries"].entries(_ENTRIES)),
        earlier=tuple(one.hex(64) for one in shape["earlier"].entries(_ENTRIES)),
    )
    if not manifest.reports or len(manifest.sizes()) != len(manifest.reports) + sum(
        one.path is not None for one in manifest.entries
    ):
        shape.refuse(say("case.manifest"))
    return manifest


def _report(shape: Shape) -> CaseReport:
    return CaseReport(
        path=shape["path"].text(longest=100),
        sha256=shape["sha256"].hex(64),
        bytes=shape["bytes"].integer(below=limits.STREAM_BYTES),
        reference=shape["reference"].hex(64),
        created=shape["created"].text(longest=40),
    )


def _entry(shape: Shape) -> CaseEntry:
    path, left_out, origin = shape.get("path"), shape.get("left_out"), shape.get("origin")
    if (path is None) == (left_out is None):
        shape.refuse(say("case.manifest"))
    return CaseEntry(
        name=shape["name"].text(),
        use=_member(shape["use"], Use),
        sha256=shape["sha256"].hex(64),
        bytes=shape["bytes"].integer(below=limits.STREAM_BYTES + 1),
        path=None if path is None else path.text(longest=100),
        left_out=None if left_out is None else _member(left_out, LeftOut),
        origin=None if origin is None else origin.text(longest=20),
    )


def _member(shape: Shape, kind: type[_Kind]) -> _Kind:
    text = shape.text(longest=40)
    if text not in {one.value for one in kind}:
        shape.refuse(say("case.manifest"))
    return kind(text)


def _plain(value: CaseReport | CaseEntry) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}

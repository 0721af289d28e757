"""The root log: every root seen, with its source and evidence hash, in an append-only file.

Layout: one canonical JSON entry a line in ``roots.log``, and in ``roots.checkpoint`` the head that was last written, as
a C2SP tlog-checkpoint (origin line, size, base64 root, empty line). The log is checked against its head whenever it is
opened: a log that is not an extension of it is reported as forked and never overwritten.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from reserves_gui.canonical import canonical_bytes
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.plain_json import load_plain
from reserves_gui.trust.merkle_log import leaf_hash, root_hash

LOG_NAME = "roots.log"
HEAD_NAME = "roots.checkpoint"
_ORIGIN = "reserves.local/"
_LOG_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A head of a log: whose log, how many entries, the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """What a signature is over."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def text(self, signatures: str = "") -> str:
        """The C2SP tlog-checkpoint text; ``signatures`` are signature lines, none in an unsigned one."""
        return f"{self.body()}\n{signatures}"


def parse_checkpoint(text: str, where: str = "") -> Checkpoint:
    """Read a checkpoint; signature lines behind the empty line are left to others. Raises ``format.shape``."""
    lines = text.split("\n")
    try:
        origin, size, root = lines[0], lines[1], base64.b64decode(lines[2], validate=True)
    except (IndexError, binascii.Error, ValueError):
        raise _bad_head(where) from None
    whole = size.isascii() and size.isdecimal() and len(size) < 16 and (size == "0" or size[0] != "0")
    if not origin or not whole or len(root) != 32 or lines[3:4] != [""]:
        raise _bad_head(where)
    return Checkpoint(origin, int(size), root)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One root that was seen. ``seen_at`` is ISO 8601 UTC; ``source`` says where the root came from."""

    exchange: str
    snapshot: str | None
    format: str
    root: str
    totals: Mapping[str, str] | None
    source: str
    file_sha256: str | None
    seen_at: str

    def encoded(self) -> bytes:
        """The canonical JSON that is hashed and written."""
        return canonical_bytes(
            {
                "exchange": self.exchange,
                "snapshot": self.snapshot,
                "format": self.format,
                "root": self.root,
                "totals": None if self.totals is None else dict(self.totals),
                "source": self.source,
                "file_sha256": self.file_sha256,
                "seen_at": self.seen_at,
            }
        )


class RootLog:
    """A log in a folder of its own. Opening an existing one checks it against its head."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._entries = read_entries(folder / LOG_NAME) if (folder / LOG_NAME).exists() else []
        self._leaves = [leaf_hash(entry) for entry in self._entries]
        self._origin = self._check_head()

    @property
    def entries(self) -> tuple[dict[str, Any], ...]:
        """All entries, oldest first."""
        return tuple(load_plain(entry) for entry in self._entries)

    @property
    def leaves(self) -> Sequence[bytes]:
        """The leaf hashes, for proofs."""
        return self._leaves

    def head(self) -> Checkpoint:
        """The current head."""
        return Checkpoint(self._origin, len(self._leaves), root_hash(self._leaves))

    def append(self, entry: LogEntry) -> int:
        """Add an entry and write the new head; its index. What was seen before, but for the time, is not repeated."""
        encoded = entry.encoded()
        known = self._known(entry)
        if known is not None:
            return known
        self._write([encoded])
        return len(self._leaves) - 1

    def append_all(self, entries: Sequence[LogEntry]) -> int:
        """Add many entries at once, as :meth:`append` would; how many were new."""
        seen = {_content(encoded) for encoded in self._entries}
        fresh: list[bytes] = []
        for entry in entries:
            encoded = entry.encoded()
            content = _content(encoded)
            if content not in seen:
                seen.add(content)
                fresh.append(encoded)
        if fresh:
            self._write(fresh)
        return len(fresh)

    def _write(self, encoded: Sequence[bytes]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / LOG_NAME).open("a+b") as stream:
            _drop_cut_off_line(stream)
            stream.write(b"".join(one + b"\n" for one in encoded))
            stream.flush()
            os.fsync(stream.fileno())
        self._entries.extend(encoded)
        self._leaves.extend(leaf_hash(one) for one in encoded)
        self._write_head()

    def extends(self, head: Checkpoint) -> bool:
        """Whether ``head`` is a head of an earlier state of this log."""
        return head.size <= len(self._leaves) and root_hash(self._leaves[: head.size]) == head.root

    def other_roots(self, *, exchange: str, snapshot: str | None, root: str) -> list[dict[str, Any]]:
        """Entries of the same snapshot that name another root: somebody was shown something else."""
        if snapshot is None:
            return []
        return [
            entry
            for entry in self.entries
            if entry["snapshot"] == snapshot
            and entry["root"] != root
            and str(entry["exchange"]).casefold() == exchange.casefold()
        ]

    def _known(self, entry: LogEntry) -> int | None:
        # Only lines with the root in them are parsed: the log is opened at every verification.
        wanted, root = _content(entry.encoded()), entry.root.encode()
        for index, encoded in enumerate(self._entries):
            if root in encoded and _content(encoded) == wanted:
                return index
        return None

    def _check_head(self) -> str:
        path = self._folder / HEAD_NAME
        if not path.exists():
            if self._entries:
                raise ReservesError(ErrorCode.STORE_UNUSABLE, say("log.no_head"), str(path))
            return _ORIGIN + secrets.token_hex(8)
        head = parse_checkpoint(path.read_text(encoding="utf-8"), str(path))
        # One entry more than the head knows: the program stopped between writing the entry and writing the head.
        if not self.extends(head):
            raise ReservesError(ErrorCode.STORE_UNUSABLE, say("log.forked", size=head.size), str(path))
        return head.origin

    def _write_head(self) -> None:
        path = self._folder / HEAD_NAME
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(self.head().text())
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)


def read_entries(path: Path) -> list[bytes]:
    """The entries of a log file as they were hashed. Raises ``store.unusable`` for a line that is no entry."""
    if path.stat().st_size > _LOG_BYTES:
        raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=_LOG_BYTES), str(path))
    data = path.read_bytes()
    lines = data.split(b"\n")
    if lines[-1]:
        # A write that was cut off: never acknowledged, so it is no entry; the head shows whether one is missing.
        lines[-1] = b""
    entries = [line for line in lines if line]
    for number, entry in enumerate(entries, 1):
        try:
            canonical = canonical_bytes(load_plain(entry)) == entry
        except (ValueError, TypeError):
            canonical = False
        if not canonical:
            raise ReservesError(ErrorCode.STORE_UNUSABLE, say("log.bad_entry"), f"{path}: line {number}")
    return entries


def _drop_cut_off_line(stream: BinaryIO) -> None:
    """Take away what a crash left of an entry that was never acknowledged; the next entry would run into it."""
    end = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, end - 1))
    if end and stream.read(1) != b"\n":
        stream.seek(0)
        stream.truncate(stream.read().rfind(b"\n") + 1)
    stream.seek(0, os.SEEK_END)


def _content(encoded: bytes) -> bytes:
    """What an entry says, but for when it was seen."""
    return canonical_bytes({**load_plain(encoded), "seen_at": None})


def _bad_head(where: str) -> ReservesError:
    return ReservesError(ErrorCode.FORMAT_SHAPE, say("log.bad_head"), where)

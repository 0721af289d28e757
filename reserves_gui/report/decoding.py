"""A report read back from its JSON. The caller has parsed it strictly; here every type and name is looked at.

The hashes are taken over the document as it was read, never over what was understood of it, so that nothing unknown
to this version slips through unhashed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import LeafSizes, NodeKind, NodeState, PathNode, PathPicture, Side
from reserves_gui.messages import Message, message_of, render, say
from reserves_gui.report.model import REPORT_SCHEMA, Disclosure, Report, Settings
from reserves_gui.verdict import (
    Check,
    Claim,
    Guarantees,
    InputRecord,
    LeafIdentity,
    NegativeBalances,
    Outcome,
    Snapshot,
    State,
    SumBinding,
    Verdict,
)

_Item = TypeVar("_Item")
_Kind = TypeVar("_Kind", bound=StrEnum)


def decoded_report(document: Mapping[str, Any]) -> Report:
    """The report in a ``reserves/report/1`` document. Raises ``format.shape`` and ``format.newer``."""
    return _Reader(document, "").report()


@dataclass(frozen=True, slots=True)
class _Reader:
    """A JSON object and the key path to it."""

    value: Mapping[str, Any]
    where: str

    def report(self) -> Report:
        schema = self.text("schema")
        if schema != REPORT_SCHEMA:
            newer = schema.startswith("reserves/report/")
            code = ErrorCode.FORMAT_NEWER if newer else ErrorCode.FORMAT_SHAPE
            raise ReservesError(code, say("report.error.schema", schema=schema[:60]), "schema")
        content = self.inner("content")
        return Report(
            verdict=content.inner("verdict").verdict(depth=0),
            settings=content.inner("settings").settings(),
            program=content.inner("program").text("version"),
            created=self.text("created"),
            disclosure=content.choice("disclosure", Disclosure),
            removed=content.each("removed", _Reader.message),
            log_head=self.maybe_text("log_head"),
        )

    def settings(self) -> Settings:
        return Settings(
            format=self.maybe_text("format"),
            roots=self.texts("roots"),
            expected=tuple(self._pair(item) for item in self.array("expected")),
            published=self.each("published", _Reader.file),
            user=self.texts("user"),
            pins=self.texts("pins"),
            proofs=self.text("proofs"),
            chains=() if self.value.get("chains") is None else self.texts("chains"),
            message=self.maybe_text("message") if "message" in self.value else None,
        )

    def verdict(self, *, depth: int) -> Verdict:
        if depth > 1:
            raise self._wrong("proofs")
        snapshot = self.inner("snapshot")
        return Verdict(
            format=self.text("format"),
            exchange=self.text("exchange"),
            decisive=self.texts("decisive"),
            claims=self.each("claims", _Reader.claim),
            guarantees=None if self.value.get("guarantees") is None else self.inner("guarantees").guarantees(),
            inputs=self.each("inputs", _Reader.file),
            snapshot=Snapshot(
                id=snapshot.maybe_text("id"),
                time=snapshot.maybe_text("time"),
                height=snapshot.maybe_count("height"),
            ),
            root=self.maybe_text("root"),
            balances=self.amounts("balances"),
            total=None if self.value.get("total") is None else self.amounts("total"),
            leaves=None if self.value.get("leaves") is None else self.counts("leaves"),
            leaf_count=self.maybe_count("leaf_count"),
            padding_leaves=self.maybe_count("padding_leaves"),
            snapshot_height_bound=self.maybe_truth("snapshot_height_bound"),
            warnings=self.each("warnings", _Reader.message),
            notes=self.each("notes", _Reader.message),
            picture=None if self.value.get("picture") is None else self.inner("picture").picture(),
            leaf_sizes=None if self.value.get("leaf_sizes") is None else self.inner("leaf_sizes").leaf_sizes(),
            proofs=self.each("proofs", lambda one: one.verdict(depth=depth + 1)),
            extra={key: self.value.get(key) for key in self.texts("extra")},
        )

    def claim(self) -> Claim:
        return Claim(self.text("id"), self.each("checks", _Reader.check), self.choice("ceiling", State))

    def check(self) -> Check:
        return Check(
            self.text("id"),
            self.choice("outcome", Outcome),
            self._sentence("reason"),
            expected=self.maybe_text("expected"),
            seen=self.maybe_text("seen"),
            required=self.truth("required"),
            private=self.truth("private"),
        )

    def message(self) -> Message:
        return self._sentence("text")

    def guarantees(self) -> Guarantees:
        return Guarantees(
            sum_binding=self.choice("sum_binding", SumBinding),
            negative_balances=self.choice("negative_balances", NegativeBalances),
            leaf_identity=self.choice("leaf_identity", LeafIdentity),
            hash_bits=self.count("hash_bits"),
            domain_separation=self.truth("domain_separation"),
            per_asset=self.truth("per_asset"),
        )

    def file(self) -> InputRecord:
        return InputRecord(self.text("name"), self.text("sha256"), self.count("bytes"))

    def picture(self) -> PathPicture:
        return replace(self.one_path(), more=self.each("more", _Reader.one_path) if "more" in self.value else ())

    def one_path(self) -> PathPicture:
        return PathPicture(self.each("nodes", _Reader.node), self.texts("assets"))

    def node(self) -> PathNode:
        return PathNode(
            level=self.count("level"),
            kind=self.choice("kind", NodeKind),
            side=None if self.value.get("side") is None else self.choice("side", Side),
            hash=self.text("hash"),
            sums=self.amounts("sums"),
            state=self.choice("state", NodeState),
            stated_hash=self.maybe_text("stated_hash"),
            stated_sums=None if self.value.get("stated_sums") is None else self.amounts("stated_sums"),
        )

    def leaf_sizes(self) -> LeafSizes:
        counts = self.inner("counts")
        return LeafSizes(
            counts={asset: counts.inner(asset).classes() for asset in counts.value},
            zeros=self.inner("zeros").numbers(),
            own={asset: frozenset(self.inner("own").counts(asset)) for asset in self.inner("own").value},
            unit_decimals=self.inner("unit_decimals").numbers(),
        )

    def classes(self) -> dict[int, int]:
        if not all(key.isascii() and key.isdigit() and len(key) < 4 for key in self.value):
            raise self._wrong("counts")
        return {int(key): count for key, count in self.numbers().items()}

    def numbers(self) -> dict[str, int]:
        for key, item in self.value.items():
            if not _is_count(item):
                raise self._wrong(key)
        return dict(self.value)

    # Fields of one type.

    def text(self, key: str) -> str:
        item = self.value.get(key)
        if not isinstance(item, str):
            raise self._wrong(key)
        return item

    def maybe_text(self, key: str) -> str | None:
        return None if self.value.get(key) is None else self.text(key)

    def truth(self, key: str) -> bool:
        item = self.value.get(key)
        if not isinstance(item, bool):
            raise self._wrong(key)
        return item

    def maybe_truth(self, key: str) -> bool | None:
        return None if self.value.get(key) is None else self.truth(key)

    def count(self, key: str) -> int:
        item = self.value.get(key)
        if not isinstance(item, int) or not _is_count(item):
            raise self._wrong(key)
        return item

    def maybe_count(self, key: str) -> int | None:
        return None if self.value.get(key) is None else self.count(key)

    def choice(self, key: str, kind: type[_Kind]) -> _Kind:
        item = self.text(key)
        if item not in {one.value for one in kind}:
            raise self._wrong(key)
        return kind(item)

    def inner(self, key: str) -> "_Reader":
        item = self.value.get(key)
        if not isinstance(item, Mapping):
            raise self._wrong(key)
        return _Reader(item, self._path(key))

    def array(self, key: str) -> list[Any]:
        item = self.value.get(key)
        if not isinstance(item, list):
            raise self._wrong(key)
        return item

    def each(self, key: str, read: Callable[["_Reader"], _Item]) -> tuple[_Item, ...]:
        items = self.array(key)
        if not all(isinstance(item, Mapping) for item in items):
            raise self._wrong(key)
        return tuple(read(_Reader(item, f"{self._path(key)}[{at}]")) for at, item in enumerate(items))

    def texts(self, key: str) -> tuple[str, ...]:
        items = self.array(key)
        if not all(isinstance(item, str) for item in items):
            raise self._wrong(key)
        return tuple(items)

    def counts(self, key: str) -> tuple[int, ...]:
        items = self.array(key)
        if not all(_is_count(item) for item in items):
            raise self._wrong(key)
        return tuple(items)

    def amounts(self, key: str) -> dict[str, str]:
        item = self.inner(key).value
        if not all(isinstance(one, str) for one in item.values()):
            raise self._wrong(key)
        return dict(item)

    def _pair(self, item: Any) -> tuple[str, str]:
        if not (isinstance(item, list) and len(item) == 2 and all(isinstance(one, str) for one in item)):
            raise self._wrong("expected")
        return item[0], item[1]

    def _sentence(self, text_key: str) -> Message:
        """The message, or its stored text where this version has no such sentence or says it in other words."""
        stored = self.text(text_key)
        key, args = self.text("key"), self.inner("args").value
        try:
            message = message_of(key, args)
            if render(message) == stored:
                return message
        except (KeyError, TypeError):
            pass
        return say("report.stored", text=stored)

    def _path(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def _wrong(self, key: str) -> ReservesError:
        return ReservesError(ErrorCode.FORMAT_SHAPE, say("report.error.shape"), self._path(key)[:200])


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0

"""The bundled worked examples: one that verifies per shape of format, one forged, one tampered, a wallet list."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import DEFAULT_LANGUAGE, say
from reserves_gui.services.verify import VerifyRequest
from reserves_gui.verdict import State

FIRST = "verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One worked example: what it shows, in a few words (``hint``) and in full, its files on disk,
    and the state that a run over it ends in.
    """

    id: str
    title: str
    hint: str
    text: str
    format: str
    files: tuple[str, ...]
    published: tuple[str, ...]
    expect: State
    user: Mapping[str, str] = field(default_factory=dict)

    def request(self) -> VerifyRequest:
        """The question that the example asks."""
        user = {name: (value,) for name, value in self.user.items()}
        return VerifyRequest(files=self.files, published=self.published, user=user)


def examples(language: str = DEFAULT_LANGUAGE) -> tuple[Example, ...]:
    """All bundled examples, in the order they are shown."""
    return tuple(_example(table, language) for table in _tables()["example"])


def wallet_list(language: str = DEFAULT_LANGUAGE) -> Example:
    """The bundled example of a wallet list: nobody's balance is in it, so it stands apart from the others."""
    return _example(_tables()["wallet_list"], language)


def example(example_id: str, language: str = DEFAULT_LANGUAGE) -> Example:
    """One bundled example. Raises ``usage``."""
    found = next((one for one in examples(language) if one.id == example_id), None)
    if found is None:
        raise ReservesError(ErrorCode.USAGE, say("error.unknown_example", id=example_id[:40]))
    return found


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads((_folder() / "examples.toml").read_text(encoding="utf-8"))


def _folder() -> Path:
    return Path(str(resources.files("reserves_gui.resources") / "examples"))


def _example(table: Mapping[str, Any], language: str) -> Example:
    folder = _folder()
    words = {**table[DEFAULT_LANGUAGE], **table.get(language, {})}
    return Example(
        id=table["id"],
        title=words["title"],
        hint=words["hint"],
        text=words["text"],
        format=table["format"],
        files=tuple(str(folder / name) for name in table["files"]),
        published=tuple(str(folder / name) for name in table.get("published", ())),
        expect=State(table["expect"]),
        user=dict(table.get("user", {})),
    )

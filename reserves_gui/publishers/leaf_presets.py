"""Presets of known lists, read from ``resources/lists/presets.toml``. Every one of them is unconfirmed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say


@dataclass(frozen=True, slots=True)
class Preset:
    """What is believed of one publisher's list: its template (empty: unknown), and whether ids may stand twice."""

    exchange: str
    template: str
    pieces: bool


@cache
def presets() -> Mapping[str, Preset]:
    """Every preset by name."""
    text = (resources.files("reserves_gui.resources") / "lists" / "presets.toml").read_text(encoding="utf-8")
    return {name: Preset(one["exchange"], one["template"], one["pieces"]) for name, one in tomllib.loads(text).items()}


def preset(name: str) -> Preset:
    """The preset of that name. Raises ``usage``."""
    found = presets().get(name.lower())
    if found is None:
        known = ", ".join(sorted(presets()))
        raise ReservesError(ErrorCode.USAGE, say("template.preset", name=name[:40], known=known))
    return found

"""JSON with numbers as given texts (so that a scale survives), and the result type of all encoders."""

import json
from dataclasses import dataclass, field
from typing import Any


class Bare(str):
    """A JSON number, written as it is."""

    __slots__ = ()


def dumps(value: Any) -> str:
    if isinstance(value, Bare):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{dumps(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dumps(each) for each in value) + "]"
    return json.dumps(value)


@dataclass
class Published:
    """What a publisher hands out: the root for everyone, and one document per user."""

    root: str
    proofs: list[dict[str, Any]]
    totals: dict[str, str] = field(default_factory=dict)
    anchor: dict[str, Any] | None = None

    def bytes_of(self, user: int) -> bytes:
        return dumps(self.proofs[user]).encode()

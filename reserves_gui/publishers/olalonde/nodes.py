"""Nodes of the tool's trees and their hashes.

leaf  = hex SHA256( "<user>|<sum>|<nonce>" )
inner = hex SHA256( "<sum>|<hashL>|<hashR>" )          the children's own sums are in no hash
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from reserves_gui.amounts import stripped
from reserves_gui.intake.shape import Shape

_SHORTEST = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Data:
    """What a node states. A leaf has ``user`` and ``nonce``; ``text`` is the sum as written."""

    text: str
    value: Decimal
    hash: str | None
    user: str | None = None
    nonce: str = ""

    @property
    def is_shortest(self) -> bool:
        """Whether the sum is the one canonical text (its sign is judged apart)."""
        return _SHORTEST.fullmatch(self.text) is not None and self.text != "-0"

    @property
    def leaf_hash(self) -> str:
        """The hash of a leaf."""
        return _sha(f"{self.user}|{self.text}|{self.nonce}")


def inner_hash(total: Decimal, left: str, right: str) -> str:
    """The hash of an inner node from its own sum and its children's hashes."""
    return _sha(f"{stripped(total)}|{left}|{right}")


def read_data(shape: Shape) -> Data:
    """The ``data`` of a node. Raises ``format.shape``, ``number.grammar``."""
    text, value = shape["sum"].amount()
    stated = shape.get("hash")
    digest = None if stated is None else stated.hex(64)
    user = shape.get("user")
    if user is None:
        return Data(text, value, shape["hash"].hex(64))
    return Data(text, value, digest, user.text(), shape["nonce"].text())


def _sha(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

"""What a wallet list reader yields besides address rows: printed figures, and amounts that belong to no one address."""

from enum import StrEnum
from typing import NamedTuple

from reserves_gui.messages import Message
from reserves_gui.verdict import Check, Snapshot
from reserves_gui.wallets.row import WalletRow


class Scope(StrEnum):
    """What a printed figure adds up: the rows of one coin, of all coins of one asset, or of the whole list."""

    COIN = "coin"
    ASSET = "asset"
    LIST = "list"


class Figure(NamedTuple):
    """A printed sum. ``name``: coin or asset in capitals. ``decimals``: places of its unit (8: satoshi)."""

    line: int
    scope: Scope
    name: str
    stated: str
    height: str = ""
    decimals: int = 0


class ListedAmount(NamedTuple):
    """An amount for several addresses together, or for none."""

    line: int
    coin: str
    asset: str
    amount: str
    addresses: int


# A check is a rule of the whole list (``ownership.structure``), a snapshot what the file says about its time, a message
# a remark.
Item = WalletRow | Figure | ListedAmount | Check | Snapshot | Message

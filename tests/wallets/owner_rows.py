"""Lists in which owner accounts sign for contracts: made-up keys, real signatures."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coincurve import PrivateKey
from Crypto.Hash import keccak

MESSAGE = "I am an OKX address 2026-10-31"


def _keccak(data: bytes) -> bytes:
    return keccak.new(digest_bits=256, data=data).digest()


DIGEST = _keccak(b"\x19Ethereum Signed Message:\n32" + _keccak(MESSAGE.encode()))


@dataclass(frozen=True)
class Owner:
    """One account: its address and its signature over the message."""

    name: str

    @property
    def _key(self) -> PrivateKey:
        return PrivateKey(hashlib.sha256(self.name.encode()).digest())

    @property
    def address(self) -> str:
        return "0x" + _keccak(self._key.public_key.format(compressed=False)[1:])[-20:].hex()

    @property
    def signature(self) -> str:
        signed = self._key.sign_recoverable(DIGEST, hasher=None)
        return "0x" + (signed[:64] + bytes([27 + signed[64]])).hex()


ANN, BEN, CID = Owner("ann, made up"), Owner("ben, made up"), Owner("cid, made up")


def row(
    address: str, *owners: Owner, coin: str = "ETH", height: str = "-", staking: str = "", contract: str = ""
) -> list[str]:
    """One row: the owners sign in place of the address."""
    signatures = [one.signature for one in owners[:2]] + [""] * (2 - len(owners))
    accounts = [one.address for one in owners[:2]] + [""] * (2 - len(owners))
    if contract:
        accounts[1] = contract
    return [coin, staking, "ETH", height, address, "1", MESSAGE, *signatures, "", *accounts]


def plain(owner: Owner, *, coin: str = "ETH") -> list[str]:
    """A row that the address itself signs."""
    return [coin, "", "ETH", "-", owner.address, "1", MESSAGE, owner.signature, "", "", "", ""]


def owner_list(folder: Path, rows: Sequence[Sequence[str]], name: str = "owners.csv") -> str:
    """The path of a list of ``rows`` in the layout of twelve columns."""
    header = (
        "coin,Type,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script/ public key,"
        "eoa1,eoa2"
    )
    coins = sorted({one[0] for one in rows})
    summary = [f"{coin},-,{sum(one[0] == coin for one in rows)}" for coin in coins]
    lines = ["coin,snapshot height,amount", *summary, "", header, *(",".join(cells) for cells in rows)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)

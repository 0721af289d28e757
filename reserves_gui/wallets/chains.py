"""Chains by the names that lists use, each with its kind of address and how a text is signed in a generic list."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from reserves_gui.wallets.row import Rule


@dataclass(frozen=True, slots=True)
class Chain:
    """``name``: our name. ``kind``: kind of address. ``signed``: the rule of a signed row, None if there is none."""

    name: str
    kind: str
    signed: Rule | None


def chain_of(name: str) -> Chain | None:
    """The chain of that name or other name, any letter case."""
    return _chains().get(name.casefold())


def list_chain(name: str) -> Chain | None:
    """The same, for chains that a generic address list may name."""
    chain = chain_of(name)
    return chain if chain is not None and chain.signed is not None else None


@cache
def _chains() -> Mapping[str, Chain]:
    source = resources.files("reserves_gui.resources") / "wallets" / "chains.csv"
    lines = (line for line in source.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    found: dict[str, Chain] = {}
    for entry in csv.DictReader(lines):
        chain = Chain(entry["chain"], entry["kind"], _rule(entry))
        for name in (entry["chain"], *filter(None, entry["names"].split("|"))):
            found[name.casefold()] = chain
    return found


def _rule(entry: Mapping[str, str]) -> Rule | None:
    # Loaded when a list is read, not with every start: each brings the code of its chain's addresses and signatures.
    from reserves_gui.wallets.rules.bitcoin import BitcoinMessage
    from reserves_gui.wallets.rules.digests import Text
    from reserves_gui.wallets.rules.edwards import SolanaMessage
    from reserves_gui.wallets.rules.recoverable import Recoverable
    from reserves_gui.wallets.rules.xrp import XrpMessage

    match entry["message"]:
        case "bitcoin":
            return BitcoinMessage(kind=entry["kind"], magic=entry["magic"], bip322=entry["chain"] == "bitcoin")
        case "personal":
            return Recoverable(kind=entry["kind"], text=Text.PERSONAL_SIGN)
        case "tron":
            return Recoverable(kind=entry["kind"], text=Text.TRON)
        case "solana":
            return SolanaMessage()
        case "xrp":
            return XrpMessage()
        case _:
            return None

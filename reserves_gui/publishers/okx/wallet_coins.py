"""The coin names of OKX wallet lists, and the rule each is checked by. Data: resources/wallets/okx_coins.csv."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from reserves_gui.wallets.row import Rule
from reserves_gui.wallets.rules.bitcoin import BitcoinMessage
from reserves_gui.wallets.rules.bls import BlsKey
from reserves_gui.wallets.rules.digests import Text
from reserves_gui.wallets.rules.edwards import Ed25519Text
from reserves_gui.wallets.rules.eos import EosAccount
from reserves_gui.wallets.rules.plain import NoRule
from reserves_gui.wallets.rules.recoverable import Recoverable, StatedKey
from reserves_gui.wallets.rules.starknet import StarknetTyped

TEXT_PREFIX = "OKX Signed Message:\n"
STARKNET_DOMAIN = "OKX POR MESSAGE"
EVM_RULE = Recoverable(kind="evm", text=Text.EVM_HASH)


@dataclass(frozen=True, slots=True)
class Coin:
    """``asset``: what its rows add up to. ``decimals``: places of its base unit, None if unknown. ``kind``: kind of its
    addresses, empty where no key derives them. ``skipped``: the exchange's own verifier does not check it.
    """

    name: str
    chain: str
    asset: str
    decimals: int | None
    kind: str
    confirmed: bool
    skipped: bool
    rule: Rule


def coin(name: str) -> Coin:
    """The coin of that name, any letter case; an unknown one has no rule and is its own asset."""
    upper = name.upper()
    return coins().get(upper) or Coin(upper, name.lower(), upper, None, "", True, True, NoRule())


@cache
def coins() -> Mapping[str, Coin]:
    """All coins by upper-case name."""
    source = resources.files("reserves_gui.resources") / "wallets" / "okx_coins.csv"
    lines = (line for line in source.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {entry["coin"].upper(): _coin(entry) for entry in csv.DictReader(lines)}


def _coin(entry: Mapping[str, str]) -> Coin:
    name = entry["coin"].upper()
    return Coin(
        name=name,
        chain=entry["chain"],
        asset=entry["asset"] or name,
        decimals=int(entry["decimals"]) if entry["decimals"] else None,
        kind=entry["kind"],
        confirmed=entry["confirmed"] != "no",
        skipped=entry["tool"] != "checked",
        rule=_rule(entry),
    )


def _rule(entry: Mapping[str, str]) -> Rule:
    kind, confirmed = entry["kind"], entry["confirmed"] != "no"
    match entry["rule"]:
        case "bitcoin":
            return BitcoinMessage(kind=kind, magic=entry["magic"], prefix=TEXT_PREFIX, confirmed=confirmed)
        case "evm":
            return Recoverable(kind=kind, text=Text.EVM_HASH, confirmed=confirmed)
        case "tron":
            return Recoverable(kind=kind, text=Text.TRON, confirmed=confirmed)
        case "keccak" if kind in {"", "xrp", "avax-x"}:
            return StatedKey(prefix=TEXT_PREFIX, kind=kind, strict=kind == "avax-x", confirmed=confirmed)
        case "keccak":
            return Recoverable(kind=kind, text=Text.FRAMED, prefix=TEXT_PREFIX, confirmed=confirmed)
        case "ed25519":
            return Ed25519Text(prefix=TEXT_PREFIX, kind=kind, confirmed=confirmed)
        case "bls":
            return BlsKey()
        case "eos":
            return EosAccount(TEXT_PREFIX)
        case "starknet":
            return StarknetTyped(STARKNET_DOMAIN)
        case _:
            return NoRule()

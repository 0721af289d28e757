"""A file of BIP-322 proofs, one for each address, as the tool bip322-audit 0.25 writes it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reserves_gui import amounts, limits
from reserves_gui.errors import ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape, not_hex
from reserves_gui.messages import Message, say
from reserves_gui.publishers.port import Given, ListTraits, Match, Signed
from reserves_gui.publishers.wallet_list import ROLE, list_format
from reserves_gui.verdict import Check, Outcome, Snapshot
from reserves_gui.wallets.dated import STAMP
from reserves_gui.wallets.items import Item
from reserves_gui.wallets.row import NamedOutput, Rule, WalletRow
from reserves_gui.wallets.rules.bip322 import SignedProof
from reserves_gui.wallets.rules.plain import NoRule
from reserves_gui.wallets.tally import Policy

_CHAINS = {"main": "btc", "test": "btc-test", "testnet4": "btc-test", "signet": "btc-test", "regtest": "btc-regtest"}
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})*", re.ASCII)
_DECIMALS = 8
_BELOW = 2**63


@dataclass(frozen=True, slots=True)
class _Stamp:
    """A block named in the signed text."""

    height: int
    hash: str
    time: str


def recognise(document: Document) -> Match | None:
    """By its keys."""
    if b'"proofs"' not in document.head or b'"message"' not in document.head:
        return None
    return Match(ROLE) if {"chain", "message", "proofs", "total_sat"} <= document.json_keys() else None


def read(document: Document, given: Given) -> tuple[Iterator[Item], Policy]:
    """The proofs as rows; what the file says about itself as one check."""
    return _items(document.shape(limits.WALLET_JSON_BYTES)), Policy(several_lists=given.several_lists)


def _items(whole: Shape) -> Iterator[Item]:
    text = whole["message"].text(longest=limits.MIB)
    problems: list[Message] = []
    message = text.encode("utf-8")
    stated = whole.get("message_hex")
    if stated is not None:
        digits = stated.text(longest=4 * limits.MIB)
        if _HEX.fullmatch(digits) is None:
            stated.refuse(not_hex(None))
        if bytes.fromhex(digits) != message:
            problems.append(say("wallets.proofs.message"))
            message = bytes.fromhex(digits)
    stamp = _stamp(whole, message.decode("utf-8", "replace"), problems)
    proofs = whole["proofs"].entries()
    _check_outputs(whole, proofs, stamp, problems)
    if problems:
        yield Check("ownership.structure", Outcome.FAILED, problems[0])
    else:
        yield Check("ownership.structure", Outcome.PASSED, say("wallets.proofs.passed", count=len(proofs)))
    if stamp is not None:
        yield Snapshot(height=stamp.height, time=stamp.time)
    chain = whole["chain"].text(longest=40)
    rule: Rule = SignedProof(_CHAINS[chain], message) if chain in _CHAINS else NoRule(say("wallets.unknown_chain"))
    for number, proof in enumerate(proofs, 1):
        yield WalletRow(
            line=number,
            coin="BTC",
            asset="BTC",
            chain="bitcoin" if chain == "main" else f"bitcoin-{chain}",
            address=proof["address"].text(longest=200),
            rule=rule,
            amount=str(proof["total_sat"].integer(below=_BELOW)),
            decimals=_DECIMALS,
            height="" if stamp is None else str(stamp.height),
            message=text,
            signature=proof["signature"].text(longest=limits.MIB),
            outputs=tuple(_named(output) for output in proof["utxos"].entries()),
            block="" if stamp is None else stamp.hash,
        )


def _named(output: Shape) -> NamedOutput:
    height = output.get("height")
    return NamedOutput(
        transaction=output["txid"].text(longest=200).lower(),
        place=output["vout"].integer(below=2**32),
        amount=output["amount_sat"].integer(below=_BELOW),
        height=None if height is None else height.integer(below=_BELOW),
    )


def _stamp(whole: Shape, text: str, problems: list[Message]) -> _Stamp | None:
    """The stamp of the message's last line; the file's own field must say the same."""
    match = STAMP.fullmatch(text.rpartition("\n")[2])
    inside = None if match is None else _Stamp(int(match[1]), match[2], match[3])
    field = whole.get("stamp")
    outside = None
    if field is not None:
        outside = _Stamp(
            field["height"].integer(below=_BELOW), field["hash"].text(longest=200), field["time"].text(longest=40)
        )
    if inside != outside:
        problems.append(say("wallets.proofs.stamp"))
    return inside


def _check_outputs(whole: Shape, proofs: list[Shape], stamp: _Stamp | None, problems: list[Message]) -> None:
    if not proofs:
        problems.append(say("wallets.proofs.empty"))
    total = 0
    outpoints: set[str] = set()
    addresses: set[str] = set()
    for number, proof in enumerate(proofs, 1):
        address = proof["address"].text(longest=200)
        if address in addresses:
            problems.append(say("wallets.proofs.address_twice", number=number))
        addresses.add(address)
        outputs = 0
        for output in proof["utxos"].entries():
            outputs += output["amount_sat"].integer(below=_BELOW)
            outpoint = f"{output['txid'].text(longest=200).lower()}:{output['vout'].integer(below=2**32)}"
            if outpoint in outpoints:
                problems.append(say("wallets.proofs.output_twice", number=number, outpoint=outpoint))
            outpoints.add(outpoint)
            height = output.get("height")
            if stamp is not None and height is not None and height.integer(below=_BELOW) > stamp.height:
                problems.append(say("wallets.proofs.height", number=number, outpoint=outpoint))
        if proof["total_sat"].integer(below=_BELOW) != outputs:
            problems.append(say("wallets.proofs.proof_total", number=number))
        total += outputs
    if whole["total_sat"].integer(below=_BELOW) != total or not _same_coins(whole, total):
        problems.append(say("wallets.proofs.total"))
    _check_spends(whole, stamp, problems)


def _same_coins(whole: Shape, total: int) -> bool:
    coins = whole.get("total_btc")
    if coins is None:
        return True
    try:
        return coins.amount()[1] == amounts.scaled(total, _DECIMALS)
    except ReservesError:
        return False


def _check_spends(whole: Shape, stamp: _Stamp | None, problems: list[Message]) -> None:
    """An output that the file itself says was spent before the stamp was not there to be shown."""
    spends = whole.get("spends")
    if spends is None or stamp is None:
        return
    for outpoint, spend in spends.items():
        height = spend.get("height") if spend.is_object else None
        if height is not None and height.integer(below=_BELOW) <= stamp.height:
            problems.append(say("wallets.proofs.spent", outpoint=outpoint[:100]))


FORMATS = (
    list_format(
        id="bip322-proofs",
        exchange="Generic",
        since="2026-01-01",
        traits=ListTraits(signed=Signed.YES, dated=Signed.OPTIONAL, amounts=True, height=True),
        recognise=recognise,
        read=read,
    ),
)

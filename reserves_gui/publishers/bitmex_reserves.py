"""BitMEX's reserves file: YAML with every address and its script; 3 of the 4 keys of each script are published.

Source: BitMEX/proof-of-reserves-liabilities validate_reserves.py@c0c9c71.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.amounts import parse_integer
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.plain_yaml import Value, read_plain_yaml
from reserves_gui.messages import say
from reserves_gui.publishers.port import Given, ListTraits, Match, Signed
from reserves_gui.publishers.wallet_list import ROLE, list_format
from reserves_gui.verdict import Snapshot
from reserves_gui.wallets import bitcoin_address, descriptor, secp256k1
from reserves_gui.wallets.items import Figure, Item, Scope
from reserves_gui.wallets.row import Rule, WalletRow
from reserves_gui.wallets.rules.key_pattern import Form, KeyPattern
from reserves_gui.wallets.rules.plain import NoRule, Refused
from reserves_gui.wallets.tally import Policy

_DECIMALS = 8
_KINDS = {"main": "btc", "test": "btc-test", "regtest": "btc-regtest"}
_ENTRIES = ("address", "custodial")
_HEADER = frozenset({"height", "chain", "total", "claim", "keys"})
_FORMS = {"sh": Form.SH, "sh_wsh": Form.SH_WSH, "wsh": Form.WSH, "wpkh": Form.ONE_KEY, "unspendable": Form.NOTHING}
_UNKNOWN_TYPE = NoRule(say("wallets.unknown_type"))
_BELOW = 2**63
_MOST_KEYS = 16


@dataclass(frozen=True, slots=True)
class _Header:
    """What the file says before its addresses."""

    height: int
    kind: str
    chain: str
    total: str
    needed: int
    count: int
    keys: frozenset[bytes]
    extended: frozenset[bytes]


def recognise(document: Document) -> Match | None:
    """The top-level keys stand at the beginnings of lines."""
    head = b"\n" + document.head[: limits.BLOCK_BYTES].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    return Match(ROLE) if all(b"\n" + key + b":" in head for key in (b"claim", b"keys", b"address")) else None


def read(document: Document, given: Given) -> tuple[Iterator[Item], Policy]:
    """The addresses and the custodial ones, one after the other, against the stated total."""
    header = _header(document)
    return _items(document, header), Policy(names=("bitmex",), several_lists=given.several_lists)


def _items(document: Document, header: _Header) -> Iterator[Item]:
    yield Snapshot(height=header.height)
    yield Figure(1, Scope.LIST, "BTC", header.total, decimals=_DECIMALS)
    rules: dict[str, Rule] = {}
    scripts: dict[bytes, int] = {}
    for line, key, value in read_plain_yaml(document):
        if key not in _ENTRIES:
            continue
        if not isinstance(value, dict):
            raise ReservesError(ErrorCode.FORMAT_SHAPE, say("error.yaml_line"), f"{document.name}: line {line}")
        kind = value.get("addr_type", "") if key == "address" else ""
        rule = rules.get(f"{key} {kind}")
        if rule is None:
            rule = rules[f"{key} {kind}"] = _rule(kind, header, custodial=key == "custodial")
        script = value.get("script", "")
        if script and key == "address":
            digest = hashlib.blake2b(script.lower().encode(), digest_size=12).digest()
            first = scripts.setdefault(digest, line)
            if first != line:
                rule = Refused(rule, say("wallets.pattern.same_script", line=first))
        yield _row(line, value, script, rule, header)


def _row(line: int, entry: Mapping[str, str], script: str, rule: Rule, header: _Header) -> WalletRow:
    balance = entry.get("balance", "")
    # Satoshi are whole: a fraction is shown with its unit, which makes it no plain number.
    whole = balance.isascii() and balance.isdigit()
    return WalletRow(
        line=line,
        coin="BTC",
        asset="BTC",
        chain="bitcoin" if header.chain == "main" else f"bitcoin-{header.chain}",
        address=entry.get("addr", ""),
        rule=rule,
        amount=balance if whole or not balance else f"{balance} sat",
        decimals=_DECIMALS,
        height=str(header.height),
        key=script,
    )


def _rule(addr_type: str, header: _Header, *, custodial: bool) -> Rule:
    form = Form.NOTHING if custodial else _FORMS.get(addr_type)
    if addr_type.startswith("multisig_"):
        form = Form.MULTISIG
    if form is None:
        return _UNKNOWN_TYPE
    return KeyPattern(
        form=form,
        kind=header.kind,
        needed=header.needed,
        count=header.count,
        known=header.keys,
        extended=header.extended,
    )


def _header(document: Document) -> _Header:
    fields: dict[str, Value] = {}
    lists: dict[str, list[str]] = {"keys": [], "xpub": []}
    late = _stands_late(document)
    for line, key, value in read_plain_yaml(document):
        if key in _ENTRIES:
            if fields.keys() | {name for name, found in lists.items() if found} >= _HEADER and not late:
                break
        elif key in lists:
            lists[key] += _texts(value, f"{document.name}: line {line}")
        else:
            fields[key] = value
    where = document.name
    chain = _text(fields, "chain", where)
    if chain not in _KINDS:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("error.yaml_value", key="chain"), where)
    claim = fields.get("claim")
    if not isinstance(claim, dict):
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("error.missing_key", key="claim"), where)
    needed, count = (parse_integer(claim.get(name, ""), f"{where}: claim.{name}") for name in ("m", "n"))
    if not 1 <= needed <= count <= _MOST_KEYS:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("error.yaml_value", key="claim"), where)
    keys = [secp256k1.from_hex(text) for text in lists["keys"]]
    extended = [descriptor.extended_key(text) for text in lists["xpub"]]
    points = [None if key is None or len(key) != 65 else secp256k1.public_key(key) for key in keys]
    if None in points or None in extended:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("error.yaml_value", key="keys"), where)
    return _Header(
        height=parse_integer(_text(fields, "height", where), f"{where}: height", below=_BELOW),
        kind=_KINDS[chain],
        chain=chain,
        total=_text(fields, "total", where),
        needed=needed,
        count=count,
        keys=frozenset(bitcoin_address.compressed(point) for point in points if point is not None),
        extended=frozenset(one for one in extended if one is not None),
    )


def _stands_late(document: Document) -> bool:
    """Whether the list of extended keys comes after the addresses; one search through the bytes."""
    place, entries, overlap = -1, -1, b""
    read_so_far = 0
    with document.open() as stream:
        while block := stream.read(limits.BLOCK_BYTES):
            joined = overlap + block
            for name in (b"\nxpub:", b"\naddress:"):
                found = joined.find(name)
                if found >= 0 and name == b"\nxpub:":
                    place = read_so_far - len(overlap) + found
                elif found >= 0 and entries < 0:
                    entries = read_so_far - len(overlap) + found
            overlap = joined[-16:]
            read_so_far += len(block)
    return place > entries >= 0


def _text(fields: Mapping[str, Value], key: str, where: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str):
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("error.missing_key", key=key), where)
    return value


def _texts(value: Value, where: str) -> list[str]:
    if isinstance(value, dict):
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("error.yaml_line"), where)
    return [value] if isinstance(value, str) else value


FORMATS = (
    list_format(
        id="bitmex-reserves",
        exchange="BitMEX",
        since="2021-08-20",
        traits=ListTraits(signed=Signed.NO, dated=Signed.NO, amounts=True, height=True),
        recognise=recognise,
        read=read,
    ),
)

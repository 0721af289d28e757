"""Receipt files and evidence of conflicts: read strictly, written canonically."""

from collections.abc import Mapping
from pathlib import Path

from reserves_gui import limits
from reserves_gui.amounts import parse_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape, wrong_type
from reserves_gui.messages import say
from reserves_gui.services.writing import write_atomically
from reserves_gui.trust.receipts import SCHEMA, Receipt

EVIDENCE_SCHEMA = "reserves/conflict/1"
_RECEIPT_KEYS = frozenset({"schema", "exchange", "format", "snapshot", "root", "nodes"})
_EVIDENCE_KEYS = frozenset({"schema", "conflicts", "receipts"})
_RECEIPTS = 10_000
_LEAVES = 2**64 + 1


def is_receipt(document: Document) -> bool:
    """Whether the document is meant as one receipt."""
    return document.json_keys().issuperset(_RECEIPT_KEYS)


def is_evidence(document: Document) -> bool:
    """Whether the document is meant as the evidence of a conflict."""
    return document.json_keys(limits.JSON_GLOBAL_BYTES).issuperset(_EVIDENCE_KEYS)


def read_receipt(document: Document) -> Receipt:
    """A receipt file, strictly. Raises ``format.shape``, ``format.newer`` and what the JSON gate raises."""
    return _receipt(document.shape(limits.JSON_USER_BYTES))


def read_evidence(document: Document) -> list[Receipt]:
    """The receipts in the evidence of a conflict: what it says of them is found again, never believed."""
    shape = document.shape(limits.JSON_GLOBAL_BYTES)
    if shape["schema"].text() != EVIDENCE_SCHEMA:
        raise ReservesError(ErrorCode.FORMAT_NEWER, say("receipt.newer"), document.name)
    return [_receipt(one) for one in shape["receipts"].entries(_RECEIPTS)]


def _receipt(shape: Shape) -> Receipt:
    if shape["schema"].text() != SCHEMA:
        raise ReservesError(ErrorCode.FORMAT_NEWER, say("receipt.newer"), shape.where)
    leaves = shape.get("leaves")
    return Receipt(
        exchange=shape["exchange"].text(longest=200),
        format=shape["format"].text(longest=100),
        snapshot=_optional_text(shape, "snapshot"),
        root=_optional_hex(shape, "root"),
        total=_total(shape),
        root_source=_optional_text(shape, "root_source"),
        seen=_optional_text(shape, "seen"),
        leaves=None if leaves is None else leaves.integer(below=_LEAVES),
        leaf=_optional_hash(shape, "leaf"),
        file=_optional_hash(shape, "file"),
        nodes=_pairs(shape, "nodes"),
        texts=_pairs(shape, "texts"),
        places=_places(shape),
    )


def _pairs(shape: Shape, key: str) -> dict[str, str]:
    """[[key, hash], …], no key twice; nothing where the receipt has none."""
    found: dict[str, str] = {}
    entries = shape.get(key)
    for entry in [] if entries is None else entries.entries(limits.JSON_VALUES):
        name, value = _pair(entry)
        digest = name.hex(64)
        if digest in found:
            entry.refuse(say("receipt.key_twice"))
        found[digest] = value.hex(64)
    return found


def _places(shape: Shape) -> dict[str, str]:
    found: dict[str, str] = {}
    entries = shape.get("places")
    for entry in [] if entries is None else entries.entries(limits.JSON_VALUES):
        name, value = _pair(entry)
        place = name.text(longest=100)
        if place in found:
            entry.refuse(say("receipt.key_twice"))
        found[place] = value.hex(64)
    return found


def _pair(entry: Shape) -> tuple[Shape, Shape]:
    pair = entry.entries(2)
    if len(pair) != 2:
        entry.refuse(wrong_type("pair"))
    return pair[0], pair[1]


def _optional_text(shape: Shape, key: str) -> str | None:
    value = shape.get(key)
    return None if value is None else value.text(longest=400)


def _optional_hex(shape: Shape, key: str) -> str | None:
    value = shape.get(key)
    return None if value is None else value.hex()


def _optional_hash(shape: Shape, key: str) -> str | None:
    value = shape.get(key)
    return None if value is None else value.hex(64)


def _total(shape: Shape) -> Mapping[str, str] | None:
    total = shape.get("total")
    if total is None:
        return None
    amounts = {asset: (value.text(longest=200), value.where) for asset, value in total.items()}
    for text, where in amounts.values():
        parse_plain(text, where)
    return {asset: text for asset, (text, _) in amounts.items()}


def write_receipt(receipt: Receipt, path: Path) -> None:
    """Write a receipt: JSON, or the short form as a QR code (``.svg``, ``.png``). Raises ``usage``."""
    suffix = path.suffix.lower()
    if suffix not in {".svg", ".png"}:
        write_atomically(path, receipt.encoded() + b"\n")
        return
    if receipt.nodes:
        raise ReservesError(ErrorCode.USAGE, say("receipt.qr_short"))
    import io

    import segno

    drawn = io.BytesIO()
    segno.make(receipt.encoded(), error="m").save(drawn, kind=suffix[1:], scale=6, border=4)
    write_atomically(path, drawn.getvalue())

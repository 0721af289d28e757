"""Proofs of funds that name single outputs (BIP-322, BIP-127). Nobody signed them: what is looked up is asked without that."""

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ALICE = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
HASH = "00" * 31 + "ab"
ONE, OTHER = "11" * 32, "22" * 32

Named = tuple[str, int, int, int | None]
"""(transaction, place, satoshi, height) of an output."""


def proofs_file(path: Path, proofs: Mapping[str, Sequence[Named]], *, stamp: tuple[int, str] | None = None) -> str:
    """One proof an address. ``stamp``: height and hash of the block that the signed text names."""
    text = "We hold these coins"
    field: dict[str, Any] | None = None
    if stamp is not None:
        time = "2022-11-15T08:13:20Z"
        field = {"height": stamp[0], "hash": stamp[1], "time": time}
        text = f"{text}\nblock: {stamp[0]} {stamp[1]} {time}"
    entries = [
        {
            "address": address,
            "utxos": [
                {"txid": identifier, "vout": place, "amount_sat": amount, "height": height, "blockhash": None}
                for identifier, place, amount, height in outputs
            ],
            "total_sat": sum(one[2] for one in outputs),
            "signature": "pof",
            "variant": "pof",
        }
        for address, outputs in proofs.items()
    ]
    whole = {
        "tool": "made up",
        "chain": "main",
        "stamp": field,
        "message": text,
        "proofs": entries,
        "total_sat": sum(one["total_sat"] for one in entries),
        "spends": None,
    }
    path.write_text(json.dumps(whole), encoding="utf-8")
    return str(path)


def psbt_file(path: Path, outputs: Sequence[tuple[str, int, int, bytes]]) -> str:
    """A BIP-127 transaction over outputs (transaction, place, satoshi, script), each with what it spends beside it."""
    message = b"We hold these coins"
    commitment = hashlib.sha256(b"Proof-of-Reserves: " + message).digest()
    spends = [(commitment, 0)] + [(bytes.fromhex(identifier)[::-1], place) for identifier, place, *_ in outputs]
    burn = bytes.fromhex("76a9149f7fd096d37ed2c0e3f7f0cfc924beef4ffceb6888ac")
    transaction = struct.pack("<I", 2) + bytes([len(spends)])
    transaction += b"".join(one + struct.pack("<I", place) + b"\x00" + b"\xff" * 4 for one, place in spends)
    transaction += b"\x01" + _output(sum(one[2] for one in outputs), burn) + bytes(4)
    parts = [b"psbt\xff", _field(b"\x00", transaction), b"\x00", _field(b"\x09", message), b"\x00"]
    for _, _, amount, script in outputs:
        parts += [_field(b"\x01", _output(amount, script)), b"\x00"]
    path.write_bytes(b"".join([*parts, b"\x00"]))
    return str(path)


def _output(amount: int, script: bytes) -> bytes:
    return struct.pack("<Q", amount) + bytes([len(script)]) + script


def _field(key: bytes, value: bytes) -> bytes:
    size = bytes([len(value)]) if len(value) < 253 else b"\xfd" + struct.pack("<H", len(value))
    return bytes([len(key)]) + key + size + value


def alices_proof(folder: Path) -> str:
    """Two outputs of Alice at block 900: 4 and 1 BTC."""
    named = [(ONE, 0, 400_000_000, 700), (OTHER, 3, 100_000_000, 800)]
    return proofs_file(folder / "proofs.json", {ALICE: named}, stamp=(900, HASH))


def told_file(name: str, *, folder: Path = Path(), spent: int | None = None, leave_out: bool = False) -> str:
    """A file of what one source said; ``spent``: the block that spent the second output."""
    common = {"chain": "bitcoin", "height": 900, "block_hash": HASH, "asked_at": "2026-11-20T10:00:00Z"}
    common["source"] = f"https://{name}.example"
    held = {"asset": "BTC", "address": ALICE, "units": "500000000", "decimals": 8}
    outputs = [
        {"transaction": ONE, "index": 0, "fate": "unspent", "units": "400000000", "created": 700, "spent": None},
        {"transaction": OTHER, "index": 3, "fate": "unspent", "units": "100000000", "created": 800, "spent": spent},
    ]
    if spent is not None and spent <= 900:
        outputs[1] |= {"fate": "gone", "units": None}
    whole = {
        "schema": "reserves/observations/1",
        "observations": [common | held],
        "outputs": [common | one for one in outputs[: 1 if leave_out else 2]],
    }
    path = folder / f"{name}.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    return f"file:{path}"

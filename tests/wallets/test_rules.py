"""Signature rules over known answers: every good row verifies, and every change of it fails with a reason."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress
from reserves_gui.services.wallets import ListedRow, RowState, WalletsRequest, check_wallets
from reserves_gui.wallets import bitcoin_address
from tests.conftest import shared_vectors
from tests.wallets.lists import COLUMNS, address_list

_VECTORS = shared_vectors()
needs_vectors = pytest.mark.skipif(_VECTORS is None, reason="no shared vectors beside the repository")


def _material(name: str) -> Any:
    assert _VECTORS is not None
    return json.loads((_VECTORS / name).read_text(encoding="utf-8"))


def _judged(folder: Path, *rows: dict[str, str]) -> list[ListedRow]:
    found: list[ListedRow] = []
    check_wallets(WalletsRequest(files=(address_list(folder, rows),), row_sink=found.append), Progress())
    return found


def _states(folder: Path, *rows: dict[str, str]) -> list[RowState]:
    return [one.state for one in _judged(folder, *rows)]


def _changed(text: str) -> str:
    """One digit in the middle of a hex text, another one."""
    at = len(text) // 2
    return f"{text[:at]}{'0' if text[at] != '0' else '1'}{text[at + 1 :]}"


@needs_vectors
def test_the_kinds_of_seven_bitcoin_style_addresses() -> None:
    cases = _material("okx-wallets/address_types.json")
    assert len(cases) == 7
    for case in cases:
        found = [bitcoin_address.decode(case["address"], kind) for kind in ("btc", "bch", "dash", "ltc", "doge")]
        assert case["expect"] in [program.type.value for program in found if program is not None], case


@needs_vectors
def test_litecoin_node_signatures_in_both_forms(tmp_path: Path) -> None:
    cases = _material("address-list/litecoin_node_signatures.json")["cases"]
    rows = [
        {"chain": "litecoin", "asset": "LTC", "amount": "1", "signature": case[form]}
        | {name: case[name] for name in ("address", "message")}
        for form in ("signature", "high_s_signature")
        for case in cases
    ]
    states: list[RowState] = []
    for half in (rows[:6], rows[6:]):
        states += _states(tmp_path, *half)
    assert states == [RowState.VERIFIED] * 12
    other = [row | {"message": f"{row['message']}."} for row in rows[:6]]
    assert _states(tmp_path, *other) == [RowState.FAILED] * 6


@needs_vectors
def test_tron_in_both_versions_and_xrp_under_both_kinds_of_key(tmp_path: Path) -> None:
    known = _material("chain/tron_xrp_message_signatures.json")
    tron, (secp, edwards) = known["tron"], known["xrp"]
    rows = [
        {
            "chain": "tron",
            "asset": "TRX",
            "address": tron["addr"],
            "message": tron["v2_message"],
            "signature": tron["v2"],
        },
        *(
            {
                "chain": "xrp",
                "asset": "XRP",
                "address": one["address"],
                "message": bytes.fromhex(one["messageHex"]).decode(),
                "signature": one["signature"],
                "public_key": one["publicKey"],
            }
            for one in (secp, edwards)
        ),
    ]
    assert _states(tmp_path, *rows) == [RowState.VERIFIED] * 3
    first = rows[0] | {"message": tron["v1msg"], "signature": tron["v1"]}
    assert _states(tmp_path, first) == [RowState.VERIFIED]
    assert _states(tmp_path, first | {"signature": _changed(tron["v1"])}) == [RowState.FAILED]
    assert (
        _states(tmp_path, *(row | {"signature": _changed(row["signature"])} for row in rows)) == [RowState.FAILED] * 3
    )
    assert _states(tmp_path, *(row | {"message": "another text"} for row in rows)) == [RowState.FAILED] * 3
    # Without the key nothing is proven about an XRP account.
    assert _states(tmp_path, *(row | {"public_key": ""} for row in rows[1:])) == [RowState.FAILED] * 2
    # A valid signature by the key of another account is no proof for this one.
    swapped = rows[1] | {"address": rows[2]["address"]}
    assert _states(tmp_path, swapped) == [RowState.SIGNATURE_ONLY]


def test_a_signature_of_one_address_proves_no_other(tmp_path: Path) -> None:
    import base64

    from coincurve import PrivateKey

    from reserves_gui.wallets.hashing import hash160, sha256d

    message = "I am an address of Example Exchange, block 900000"
    framed = b"\x18Bitcoin Signed Message:\n" + bytes([len(message)]) + message.encode()
    rows = []
    for secret in (b"\x01" * 32, b"\x02" * 32):
        key = PrivateKey(secret)
        signed = key.sign_recoverable(sha256d(framed), hasher=None)
        signature = base64.b64encode(bytes([31 + signed[64]]) + signed[:64]).decode()
        program = bitcoin_address.Program(bitcoin_address.ProgramType.P2PKH, hash160(key.public_key.format()))
        address = bitcoin_address.encode(program, "btc")
        rows.append(
            {"chain": "bitcoin", "asset": "BTC", "address": address, "message": message, "signature": signature}
        )
    assert _states(tmp_path, *rows) == [RowState.VERIFIED] * 2
    first, second = rows
    crossed = (first | {"signature": second["signature"]}, second | {"signature": first["signature"]})
    assert _states(tmp_path, *crossed) == [RowState.FAILED] * 2


_CELL = st.text(max_size=60) | st.sampled_from(
    ["", "0", "=1+1", "A" * 200, "0x", "H" * 88, "\u202e", "1e9", "-1", "NaN"]
)
_CHAIN = st.sampled_from(["bitcoin", "litecoin", "ethereum", "tron", "solana", "xrp", "dash", "nowhere", "", "BITCOIN"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(_CHAIN, *[_CELL] * (len(COLUMNS) - 1)), min_size=1, max_size=4))
def test_no_hostile_row_verifies_or_raises_anything_else(tmp_path: Path, cells: list[tuple[str, ...]]) -> None:
    rows = [dict(zip(COLUMNS, one, strict=True)) for one in cells]
    try:
        found = _judged(tmp_path, *rows)
    except ReservesError:
        # The reader may refuse the whole file; nothing else may come out of it.
        return
    assert RowState.VERIFIED not in {one.state for one in found}

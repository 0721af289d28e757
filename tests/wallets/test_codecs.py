"""Address codecs: what they write they read, bip-utils reads the same, and no changed letter passes."""

import pytest
from bip_utils import (
    Base58Decoder,
    BchBech32Decoder,
    EthAddrDecoder,
    P2PKHAddrDecoder,
    P2SHAddrDecoder,
    P2TRAddrDecoder,
    P2WPKHAddrDecoder,
    SegwitBech32Decoder,
    SubstrateEd25519AddrDecoder,
    TrxAddrDecoder,
    XlmAddrDecoder,
    XlmAddrTypes,
    XrpAddrDecoder,
)
from bip_utils.base58 import Base58Alphabets, Base58Encoder
from hypothesis import given, settings
from hypothesis import strategies as st

from reserves_gui.wallets import base32, base58, bech32, bitcoin_address, cashaddr, kinds
from reserves_gui.wallets.bitcoin_address import Program, ProgramType

_FEW = settings(max_examples=40)
_HASH = st.binary(min_size=20, max_size=20)
_KEY = st.binary(min_size=32, max_size=32)


@_FEW
@given(st.binary(min_size=1, max_size=64))
def test_base58_reads_what_it_writes_and_what_another_library_writes(data: bytes) -> None:
    for alphabet, other in ((base58.BITCOIN, Base58Alphabets.BITCOIN), (base58.RIPPLE, Base58Alphabets.RIPPLE)):
        text = base58.encode(data, alphabet)
        assert text == Base58Encoder.Encode(data, other)
        assert base58.decode(text, alphabet) == data
    assert base58.encode_check(data) == Base58Encoder.CheckEncode(data)
    checked = base58.encode_check(data)
    assert base58.decode_check(checked) == data == Base58Decoder.CheckDecode(checked)
    rippled = base58.encode_check(data, base58.RIPPLE)
    assert (
        base58.decode_check(rippled, base58.RIPPLE)
        == data
        == Base58Decoder.CheckDecode(rippled, Base58Alphabets.RIPPLE)
    )


@_FEW
@given(st.binary(min_size=1, max_size=48))
def test_five_bit_letters_go_there_and_back(data: bytes) -> None:
    assert bech32.to_bytes(bech32.from_bytes(data)) == data
    assert bech32.decode_bytes(bech32.encode_bytes("cosmos", data), "cosmos") == data
    assert bech32.decode_bytes(bech32.encode_bytes("cosmos", data), "other") is None
    body = cashaddr.encode(data, "bitcoincash")
    assert cashaddr.decode(body, "bitcoincash") == data
    assert cashaddr.decode(body, "ecash") is None
    assert base32.decode(base32.encode(data)) == data


@_FEW
@given(st.integers(0, 16), st.binary(min_size=2, max_size=40))
def test_witness_programs_as_another_library_reads_them(version: int, program: bytes) -> None:
    text = bech32.encode_witness("bc", version, program)
    ours = bech32.decode_witness(text, "bc")
    if version == 0 and len(program) not in (20, 32):
        assert ours is None
        return
    assert ours == (version, program)
    assert SegwitBech32Decoder.Decode("bc", text) == (version, program)
    # The checksum of the other kind is no checksum.
    other = bech32.Checksum.BECH32M if version == 0 else bech32.Checksum.BECH32
    swapped = bech32.encode("bc", [version, *bech32.from_bytes(program)], other)
    assert bech32.decode_witness(swapped, "bc") is None


@_FEW
@given(_HASH)
def test_bitcoin_forms_as_another_library_reads_them(data: bytes) -> None:
    for type_, version, decoder, names in (
        (ProgramType.P2PKH, -1, P2PKHAddrDecoder, {"net_ver": b"\x00"}),
        (ProgramType.P2SH, -1, P2SHAddrDecoder, {"net_ver": b"\x05"}),
        (ProgramType.P2WPKH, 0, P2WPKHAddrDecoder, {"hrp": "bc"}),
    ):
        program = Program(type_, data, version)
        text = bitcoin_address.encode(program, "btc")
        assert decoder.DecodeAddr(text, **names) == data
        assert bitcoin_address.decode(text, "btc") == program
        assert bitcoin_address.from_script(program.script) == program
        for network in ("ltc", "doge", "btc-test"):
            assert bitcoin_address.decode(text, network) is None or (network, type_) == ("ltc", ProgramType.P2SH)


@_FEW
@given(_HASH)
def test_cash_addresses_as_another_library_reads_them(data: bytes) -> None:
    for version, type_ in ((b"\x00", ProgramType.P2PKH), (b"\x08", ProgramType.P2SH)):
        text = f"bitcoincash:{cashaddr.encode(version + data, 'bitcoincash')}"
        assert BchBech32Decoder.Decode("bitcoincash", text) == (version, data)
        found = bitcoin_address.decode(text, "bch")
        assert found is not None
        assert (found.type, found.data, found.foreign_prefix) == (type_, data, False)


@_FEW
@given(_HASH)
def test_account_forms_as_another_library_reads_them(data: bytes) -> None:
    tron = base58.encode_check(b"\x41" + data)
    assert kinds.decode("trx", tron) == data == TrxAddrDecoder.DecodeAddr(tron)
    xrp = base58.encode_check(b"\x00" + data, base58.RIPPLE)
    assert kinds.decode("xrp", xrp) == data == XrpAddrDecoder.DecodeAddr(xrp)
    plain = f"0x{data.hex()}"
    assert kinds.decode("evm", plain) == data == EthAddrDecoder.DecodeAddr(plain, skip_chksum_enc=True)


def test_a_taproot_address_is_the_key_another_library_reads() -> None:
    text = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"
    found = bitcoin_address.decode(text, "btc")
    assert found is not None
    assert found.type is ProgramType.P2TR
    assert found.data == P2TRAddrDecoder.DecodeAddr(text, hrp="bc")


def test_substrate_and_stellar_as_another_library_reads_them() -> None:
    dot = "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5"
    assert kinds.decode("dot", dot) == SubstrateEd25519AddrDecoder.DecodeAddr(dot, ss58_format=0)
    xlm = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ"
    assert kinds.decode("xlm", xlm) == XlmAddrDecoder.DecodeAddr(xlm, addr_type=XlmAddrTypes.PUB_KEY)


CHECKED = (
    ("btc", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
    ("btc", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
    ("btc", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    ("btc", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),
    ("bch", "bitcoincash:qq8d5lh8c78sraajk2ndeqvgqjhdu58zny7etakvlm"),
    ("trx", "TGkWdpawVNfeset3P6uTBbLaPY7nZVZvXY"),
    ("xrp", "rLpgximdBvEHy8TxUwyj6mjCRNcJju5qGG"),
    ("dot", "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5"),
    ("xlm", "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ"),
)


@pytest.mark.parametrize(("kind", "address"), CHECKED, ids=lambda text: text[:12])
def test_no_changed_letter_passes_a_checksum(kind: str, address: str) -> None:
    assert kinds.decode(kind, address) is not None
    start = address.find(":") + 1
    for at in range(start, len(address)):
        for letter in "2z7Q":
            changed = address[:at] + letter + address[at + 1 :]
            # A letter in the other case is the same letter or mixed case: both are looked at elsewhere.
            if changed.casefold() != address.casefold():
                assert kinds.decode(kind, changed) is None, changed


@pytest.mark.parametrize(("kind", "address"), CHECKED, ids=lambda text: text[:12])
@pytest.mark.parametrize("dress", [" {}", "{} ", "{}\n", "{}\x00", "\u200b{}", "{0}{0}", "x{}"])
def test_an_address_with_anything_around_it_is_none(kind: str, address: str, dress: str) -> None:
    assert kinds.decode(kind, dress.format(address)) is None


@settings(max_examples=150)
@given(st.sampled_from(sorted(kinds.KINDS)), st.text(max_size=130))
def test_any_text_is_an_address_or_none_and_nothing_is_raised(kind: str, text: str) -> None:
    found = kinds.decode(kind, text)
    assert found is None or isinstance(found, bytes)

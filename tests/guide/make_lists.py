"""Makes the wallet lists shown in the README and the guide: `python -m tests.guide.make_lists`. The list of an exchange
is also the window's example of one.

The keys come from the names below, so anybody can make the same lists: the addresses hold nothing and belong to nobody.
The formulas of addresses and signed texts are written here once more, so that the lists do not depend on the engine.
"""

import base64
import csv
import hashlib
import io
from pathlib import Path

from coincurve import PrivateKey
from Crypto.Hash import RIPEMD160, keccak

ROOT = Path(__file__).resolve().parents[2]
ADDRESS_LIST = ROOT / "assets" / "guide" / "examples" / "address-list.csv"
EXCHANGE_LIST = ROOT / "reserves_gui" / "resources" / "examples" / "wallets" / "exchange-wallets.csv"
TEXT = "I am an OKX address"
DATED = "Example Exchange controls this address, 2026-10-31"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def key(name: str) -> PrivateKey:
    return PrivateKey(hashlib.sha256(f"example wallet {name}".encode()).digest())


def twice(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def keccak256(data: bytes) -> bytes:
    return keccak.new(digest_bits=256, data=data).digest()


def base58check(payload: bytes) -> str:
    data = payload + twice(payload)[:4]
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, place = divmod(number, 58)
        text = BASE58[place] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def bitcoin(name: str) -> str:
    """P2PKH: base58check( 00 ‖ RIPEMD160(SHA256(key)) )."""
    digest = hashlib.sha256(key(name).public_key.format()).digest()
    return base58check(b"\0" + RIPEMD160.new(digest).digest())


def ethereum(name: str) -> str:
    """The last 20 bytes of K(x ‖ y)."""
    return "0x" + keccak256(key(name).public_key.format(compressed=False)[1:])[-20:].hex()


def tron(name: str) -> str:
    """base58check( 41 ‖ last 20 bytes of K(x ‖ y) )."""
    return base58check(b"\x41" + keccak256(key(name).public_key.format(compressed=False)[1:])[-20:])


def bitcoin_signature(name: str, text: str) -> str:
    r"""Over SHA256d( 18 "Bitcoin Signed Message:\n" ‖ length ‖ text ); header 31 + recovery, base64."""
    data = text.encode()
    digest = twice(b"\x18Bitcoin Signed Message:\n" + bytes([len(data)]) + data)
    made = key(name).sign_recoverable(digest, hasher=None)
    return base64.b64encode(bytes([31 + made[64]]) + made[:64]).decode()


def recoverable(name: str, digest: bytes) -> str:
    made = key(name).sign_recoverable(digest, hasher=None)
    return "0x" + made[:64].hex() + bytes([27 + made[64]]).hex()


def hashed_first(name: str, text: str) -> str:
    r"""Over K( "\x19Ethereum Signed Message:\n32" ‖ K(text) )."""
    return recoverable(name, keccak256(b"\x19Ethereum Signed Message:\n32" + keccak256(text.encode())))


def personal(name: str, text: str, chain: str = "Ethereum") -> str:
    r"""Over K( "\x19Ethereum Signed Message:\n" ‖ length ‖ text )."""
    data = text.encode()
    return recoverable(name, keccak256(f"\x19{chain} Signed Message:\n{len(data)}".encode() + data))


def exchange_list() -> str:
    """The layout OKX publishes: sums per coin, an empty line, a signed row per address."""
    rows = [
        ("BTC", "920000", bitcoin("cold 1"), "1250.5", bitcoin_signature("cold 1", TEXT)),
        ("BTC", "920000", bitcoin("cold 2"), "310.25", bitcoin_signature("cold 2", TEXT)),
        ("ETH", "23600000", ethereum("cold 3"), "15000", hashed_first("cold 3", TEXT)),
        ("USDT-TRC20", "77000000", tron("hot 1"), "8250000.75", personal("hot 1", TEXT, "TRON")),
    ]
    head = "coin,snapshot height,amount\nBTC,920000,1560.75\nETH,23600000,15000\nUSDT-TRC20,77000000,8250000.75\n\n"
    titles = "coin,snapshot height,address,amount,message,signature1,signature2\n"
    return head + titles + "".join(f"{c},{h},{a},{n},{TEXT},{s},\n" for c, h, a, n, s in rows)


def address_list() -> str:
    """The list anybody can write; the last row carries no signature."""
    sink = io.StringIO()
    write = csv.writer(sink, lineterminator="\n").writerow
    write(("chain", "asset", "address", "amount", "message", "signature"))
    write(("bitcoin", "BTC", bitcoin("own 1"), "2.5", DATED, bitcoin_signature("own 1", DATED)))
    write(("ethereum", "ETH", ethereum("own 2"), "40", DATED, personal("own 2", DATED)))
    write(("tron", "USDT", tron("own 3"), "125000", DATED, personal("own 3", DATED, "TRON")))
    write(("ethereum", "USDT", ethereum("own 4"), "90000", "", ""))
    return sink.getvalue()


def files() -> dict[Path, str]:
    """Place -> text of every list."""
    return {EXCHANGE_LIST: exchange_list(), ADDRESS_LIST: address_list()}


if __name__ == "__main__":
    for place, text in files().items():
        place.write_text(text, encoding="utf-8")

"""Base58 in the Bitcoin and the Ripple alphabet, with and without the four check bytes."""

from reserves_gui.wallets.hashing import sha256d

BITCOIN = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
# The longest base58 text in any list is a signature of 88 characters; decoding grows with the square of the length.
_LONGEST = 200
_INDEX = {alphabet: {letter: value for value, letter in enumerate(alphabet)} for alphabet in (BITCOIN, RIPPLE)}


def decode(text: str, alphabet: str = BITCOIN) -> bytes | None:
    """The bytes of ``text``, None if it holds a foreign character or is longer than any address."""
    if not text or len(text) > _LONGEST:
        return None
    index = _INDEX[alphabet]
    number = 0
    for letter in text:
        value = index.get(letter)
        if value is None:
            return None
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip(alphabet[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode(data: bytes, alphabet: str = BITCOIN) -> str:
    """``data`` in base58."""
    number = int.from_bytes(data, "big")
    letters = []
    while number:
        number, rest = divmod(number, 58)
        letters.append(alphabet[rest])
    zeros = len(data) - len(data.lstrip(b"\x00"))
    return alphabet[0] * zeros + "".join(reversed(letters))


def decode_check(text: str, alphabet: str = BITCOIN) -> bytes | None:
    """The payload in front of four check bytes SHA256d(payload)[:4]; None if they do not fit."""
    data = decode(text, alphabet)
    if data is None or len(data) < 5:
        return None
    payload, check = data[:-4], data[-4:]
    return payload if sha256d(payload)[:4] == check else None


def encode_check(payload: bytes, alphabet: str = BITCOIN) -> str:
    """``payload`` with its four check bytes in base58."""
    return encode(payload + sha256d(payload)[:4], alphabet)

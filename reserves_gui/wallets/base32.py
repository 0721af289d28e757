"""Base32 without padding (RFC 4648) and in Crockford's letters: Stellar, Filecoin, Algorand, Stacks."""

RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LONGEST = 120


def decode(text: str, alphabet: str = RFC4648) -> bytes | None:
    """The bytes of ``text``; None for foreign characters, a length no bytes have, or spare bits that are not zero."""
    if not text or len(text) > _LONGEST:
        return None
    number = 0
    for letter in text:
        value = alphabet.find(letter)
        if value < 0:
            return None
        number = number << 5 | value
    size, spare = divmod(len(text) * 5, 8)
    if spare >= 5 or number & (1 << spare) - 1:
        return None
    return (number >> spare).to_bytes(size, "big")


def encode(data: bytes, alphabet: str = RFC4648) -> str:
    """``data`` in base32 without padding."""
    spare = -len(data) * 8 % 5
    number = int.from_bytes(data, "big") << spare
    letters = []
    for _ in range((len(data) * 8 + spare) // 5):
        number, value = divmod(number, 32)
        letters.append(alphabet[value])
    return "".join(reversed(letters))


def decode_crockford(text: str) -> bytes | None:
    """Crockford base32 as Stacks writes it: every leading zero byte is one leading ``0``, the rest one number."""
    if not text or len(text) > _LONGEST:
        return None
    number = 0
    for letter in text.upper().replace("O", "0").replace("L", "1").replace("I", "1"):
        value = CROCKFORD.find(letter)
        if value < 0:
            return None
        number = number << 5 | value
    zeros = len(text) - len(text.lstrip("0"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_crockford(data: bytes) -> str:
    """The inverse of :func:`decode_crockford`."""
    number = int.from_bytes(data, "big")
    letters = []
    while number:
        number, value = divmod(number, 32)
        letters.append(CROCKFORD[value])
    zeros = len(data) - len(data.lstrip(b"\x00"))
    return "0" * zeros + "".join(reversed(letters))

"""Named hash primitives of published trees: SHA-256 over text or bytes, truncation, child encoding, domain tags."""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

DIGEST_DIGITS = 64


class ChildEncoding(StrEnum):
    """How a child hash enters its parent's preimage: its lower-case hex text, or its raw bytes."""

    HEX = "hex"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class HashRule:
    """SHA-256 of which the first ``digits`` hex digits are kept; ``children`` says how two hashes are joined."""

    digits: int = DIGEST_DIGITS
    children: ChildEncoding = ChildEncoding.HEX

    def text(self, preimage: str) -> str:
        """The hash of a text (UTF-8), lower-case hex of ``digits`` digits."""
        return sha256_text(preimage)[: self.digits]

    def node(self, left: str, right: str) -> str:
        """The hash of two child hashes with nothing else: H(l || r), children as hex text or as bytes."""
        joined = (left + right).encode() if self.children is ChildEncoding.HEX else bytes.fromhex(left + right)
        return hashlib.sha256(joined).hexdigest()[: self.digits]


def sha256_text(text: str) -> str:
    """SHA-256 of a text in UTF-8, lower-case hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def tagged(tag: int, text: str) -> str:
    """SHA-256 of one byte ``tag`` followed by a text in UTF-8, lower-case hex."""
    return hashlib.sha256(bytes((tag,)) + text.encode("utf-8", "surrogatepass")).hexdigest()


def hmac_sha256_text(key: str, message: str) -> str:
    """HMAC-SHA256 with key and message as UTF-8 text, lower-case hex."""
    encoded = message.encode("utf-8", "surrogatepass")
    return hmac.new(key.encode("utf-8", "surrogatepass"), encoded, hashlib.sha256).hexdigest()

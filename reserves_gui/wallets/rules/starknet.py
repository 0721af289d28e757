"""Starknet accounts: SNIP-12 revision 0 typed data, Stark curve ECDSA.

The account enters the hash, but no key derives it.
"""

import re
from dataclasses import dataclass

from reserves_gui.wallets import kinds
from reserves_gui.wallets.hashing import keccak256
from reserves_gui.wallets.row import Judged, WalletRow, failed
from reserves_gui.wallets.rules import outcomes, stark_curve

_SIGNATURE = re.compile(r"(?:0[xX])?([0-9a-fA-F]{64})([0-9a-fA-F]{64})", re.ASCII)
_KEY = re.compile(r"(?:0[xX])?([0-9a-fA-F]{1,64})", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,78}", re.ASCII)
_HEX = re.compile(r"0[xX][0-9a-fA-F]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StarknetTyped:
    """``domain``: the name in the typed data's domain."""

    domain: str

    def judge(self, row: WalletRow) -> Judged:
        """The signature under the key column's x coordinate; the best state is ``signature_only``."""
        if lacking := outcomes.missing(row, "starknet", key=True):
            return lacking
        normal = kinds.decode("starknet", row.address)
        if normal is None:
            return failed(outcomes.UNDECODABLE)
        key, signature = _KEY.fullmatch(row.key), _SIGNATURE.fullmatch(row.signature)
        if key is None:
            return failed(outcomes.KEY_FORM, normal)
        if signature is None:
            return failed(outcomes.SIGNATURE_FORM, normal)
        digest = typed_hash(self.domain, int.from_bytes(normal, "big"), row.message)
        if digest is None:
            return failed(outcomes.SIGNATURE_INVALID, normal)
        if not stark_curve.verify(int(key[1], 16), digest, int(signature[1], 16), int(signature[2], 16)):
            return failed(outcomes.SIGNATURE_INVALID, normal)
        return outcomes.signature_only(normal)


def felt(text: str) -> int | None:
    """The number itself if all digits, the hex value after ``0x``, else the big-endian bytes; None from p on."""
    if _DIGITS.fullmatch(text):
        value = int(text)
    elif _HEX.fullmatch(text):
        value = int(text, 16)
    else:
        data = text.encode("utf-8", "surrogatepass")
        if len(data) > 32:
            return None
        value = int.from_bytes(data, "big")
    return value if value < stark_curve.PRIME else None


def type_hash(name: str) -> int:
    """K(name) mod 2^250."""
    return int.from_bytes(keccak256(name.encode()), "big") & (1 << 250) - 1


def typed_hash(domain: str, account: int, message: str) -> int | None:
    """h(felt "StarkNet Message", h(domain), account, h(body)); None if a text has no felt.

    domain = h(type, felt(name), 1, felt "SN_MAIN"), body = h(type, felt(msg)).
    """
    contents, name = felt(message), felt(domain)
    if contents is None or name is None:
        return None
    separator = stark_curve.cached_chain(
        (type_hash("StarkNetDomain(name:felt,version:felt,chainId:felt)"), name, 1, felt("SN_MAIN") or 0)
    )
    body = stark_curve.cached_chain((type_hash("Message(contents:felt)"), contents))
    return stark_curve.chain((felt("StarkNet Message") or 0, separator, account, body))

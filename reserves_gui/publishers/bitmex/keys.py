"""Keys of one snapshot from what only the user knows.

Formulas (BitMEX/proof-of-reserves-liabilities generate_liabilities.py c0c9c71; RiverFinancial/proof-of-reserves lib/
ef562ac):

    account_id    = big-endian integer of base32(UID)
    account_nonce = SHA256( account_key[32] || e-mail bytes || LE64(account_id) )      where accounts carry a UID
    nonce         = SHA256( account_nonce[32] || LE64(height) || LE64(account) )       the key of one snapshot
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.merkle.sum_rows import VALUE_LIMIT, LeafKey
from reserves_gui.messages import say

_KEY = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_ACCOUNT = re.compile(r"0|[1-9][0-9]{0,19}", re.ASCII)
_UID = re.compile(r"[A-Z2-7]{1,104}", re.ASCII)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, repr=False)
class SnapshotKey:
    """One account's key of one snapshot. A secret: it has no representation.

    ``height_bound``: derived from a long-lived key together with the height. ``contradicted``: a snapshot key was given
    beside it and is not the derived one. ``river``: derived from UID, e-mail and account key.
    """

    leaf_key: LeafKey
    height_bound: bool
    contradicted: bool = False
    river: bool = False


def snapshot_nonce(account_nonce: bytes, height: int, account: int) -> bytes:
    """``SHA256( account_nonce[32] || LE64(height) || LE64(account) )``; both numbers below 2^64."""
    return sha256(account_nonce + height.to_bytes(8, "little") + account.to_bytes(8, "little")).digest()


def account_subkey(account_key: bytes, email: str, account: int) -> bytes:
    """``SHA256( account_key[32] || e-mail bytes || LE64(account_id) )``; the e-mail byte for byte."""
    return sha256(account_key + email.encode("utf-8", "surrogatepass") + account.to_bytes(8, "little")).digest()


def account_of(uid: str) -> int:
    """The account number a UID stands for. Raises ``usage``."""
    if _UID.fullmatch(uid) is None:
        raise _unusable("uid")
    try:
        raw = base64.b32decode(uid + "=" * (-len(uid) % 8))
    except binascii.Error:
        raise _unusable("uid") from None
    number = int.from_bytes(raw, "big")
    if number >= VALUE_LIMIT:
        raise _unusable("uid")
    return number


def padding_key(height: int) -> LeafKey:
    """The public key of padding leaves: account 0, 32 zero bytes."""
    return LeafKey.of(snapshot_nonce(bytes(32), height, 0))


def read_keys(user: Mapping[str, Sequence[str]], height: int) -> tuple[SnapshotKey, ...]:
    """The keys of every account the user gave, for the snapshot at ``height`` (below 2^64). Raises ``usage``.

    ``account`` goes with ``account_nonce``, ``uid`` with ``email`` and ``key``, each repeated per account or given once
    for all. ``nonce`` alone is a snapshot key; beside derived keys it must equal them.
    """
    accounts = [_account(text) for text in user.get("account", ())]
    nonces = [_key("nonce", text) for text in user.get("nonce", ())]
    account_nonces = [_key("account_nonce", text) for text in user.get("account_nonce", ())]
    identities = [account_of(uid) for uid in user.get("uid", ())]
    emails = list(user.get("email", ()))
    account_keys = [_key("key", text) for text in user.get("key", ())]
    if accounts and not account_nonces and not nonces:
        raise _incomplete("account", "account_nonce")
    # An account number beside a snapshot key alone takes no part: it only tells the user's accounts apart.
    derived = [
        snapshot_nonce(account_nonce, height, account)
        for account, account_nonce in zip(
            accounts, _per_account("account_nonce", account_nonces, "account", len(accounts)), strict=False
        )
    ]
    river = [
        snapshot_nonce(account_subkey(account_key, email, account), height, account)
        for account, email, account_key in zip(
            identities,
            _per_account("email", emails, "uid", len(identities), needed=len(identities)),
            _per_account("key", account_keys, "uid", len(identities), needed=len(identities)),
            strict=True,
        )
    ]
    known = derived + river
    if not known:
        return tuple(SnapshotKey(LeafKey.of(nonce), height_bound=False) for nonce in nonces)
    stated = _per_account("nonce", nonces, "account", len(known)) or known
    return tuple(
        SnapshotKey(LeafKey.of(nonce), height_bound=True, contradicted=nonce != other, river=number >= len(derived))
        for number, (nonce, other) in enumerate(zip(known, stated, strict=True))
    )


def _per_account(name: str, values: Sequence[_Value], owner: str, accounts: int, *, needed: int = 0) -> list[_Value]:
    """``values`` as one per account: given per account, or once for all. Raises ``usage`` if the numbers do not fit."""
    if not values and needed:
        raise _incomplete(owner, name)
    if values and not accounts:
        raise _incomplete(name, owner)
    if len(values) == 1:
        return list(values) * accounts
    if values and len(values) != accounts:
        message = say("bitmex.numbers_differ", name=name, owner=owner, values=len(values), accounts=accounts)
        raise ReservesError(ErrorCode.USAGE, message)
    return list(values)


def _account(text: str) -> int:
    if _ACCOUNT.fullmatch(text) is None or int(text) >= VALUE_LIMIT:
        raise _unusable("account")
    return int(text)


def _key(name: str, text: str) -> bytes:
    if _KEY.fullmatch(text) is None:
        raise _unusable(name)
    return bytes.fromhex(text)


def _incomplete(name: str, missing: str) -> ReservesError:
    return ReservesError(ErrorCode.USAGE, say("bitmex.incomplete", name=name, missing=missing))


def _unusable(name: str) -> ReservesError:
    return ReservesError(ErrorCode.USAGE, say(f"bitmex.bad.{name}"))

"""Findings that several rules share, as ready values: a list of 200,000 good rows holds one of each."""

from reserves_gui.messages import Message, say
from reserves_gui.wallets import kinds
from reserves_gui.wallets.row import Judged, RowState, WalletRow, failed, unsupported

KEY_DERIVES = say("wallets.key_derives")
SIGNATURE_MISSING = say("wallets.signature_missing")
MESSAGE_MISSING = say("wallets.message_missing")
KEY_MISSING = say("wallets.key_missing")
ADDRESS_MISSING = say("wallets.address_missing")
UNDECODABLE = say("wallets.undecodable")
SIGNATURE_FORM = say("wallets.signature_form")
NO_KEY = say("wallets.no_key")
OTHER_KEY = say("wallets.other_key")
SIGNATURE_INVALID = say("wallets.signature_invalid")
KEY_FORM = say("wallets.key_form")
NOT_CONFIRMED = say("wallets.not_confirmed")
HIGH_S = say("wallets.high_s")
NO_SIGNATURE = say("wallets.no_signature")
NO_RULE = say("wallets.no_rule")
ACCOUNT_NAME = say("wallets.account_name")
NOTE_HIGH_S = say("wallets.note.high_s")


def mismatch(confirmed: bool, reason: Message, normal: bytes = b"") -> Judged:  # noqa: FBT001 - a property of the coin
    """A key that does not derive the address, or an address that does not decode.

    Where the derivation was never reproduced with a real signature, the fault may be ours: then the row is unsupported.
    """
    return failed(reason, normal) if confirmed else unsupported(NOT_CONFIRMED, normal)


def missing(row: WalletRow, kind: str, *, key: bool = False) -> Judged | None:
    """What a signed row lacks, None if it has all it needs. ``key``: the public key column is needed too.

    ``kind``: of the address, empty for no codec. It is read all the same: another row may list it again.
    """
    if not row.address:
        return failed(ADDRESS_MISSING)
    reason = SIGNATURE_MISSING if not row.signature else KEY_MISSING if key and not row.key else None
    if reason is None:
        return None
    return failed(reason, (kinds.decode(kind, row.address) if kind else None) or b"")


def verified(normal: bytes, notes: tuple[Message, ...] = (), reason: Message = KEY_DERIVES) -> Judged:
    """The key derives exactly the listed address."""
    return Judged(RowState.VERIFIED, reason, normal, notes)


def signature_only(normal: bytes, notes: tuple[Message, ...] = (), reason: Message = ACCOUNT_NAME) -> Judged:
    """A valid signature under the given key, which no derivation ties to the address."""
    return Judged(RowState.SIGNATURE_ONLY, reason, normal, notes)

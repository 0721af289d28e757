"""Whose leaf is looked for: an id and balances, from the user, a form, or what is expected."""

from collections.abc import Mapping

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import wrong_type
from reserves_gui.messages import say
from reserves_gui.publishers.port import Given
from reserves_gui.publishers.short_leaves.rules import Account, checked, read_balances


def read_account(form: Document | None, given: Given) -> Account | None:
    """Id and balances from ``--user``, from a form, or the balances from ``--expect`` in the order given."""
    fields: Mapping[str, object] = {}
    if form is not None:
        shape = form.shape()["fields"]
        fields = {name: value.value for name, value in shape.items()}
    uid = given.secret("uid") or _text(fields.get("uid"))
    asset = given.secret("asset") or _text(fields.get("asset"))
    stated = given.secret("balances")
    if stated is not None:
        balances = read_balances(stated, asset)
    elif fields.get("balances"):
        balances = _form_balances(fields["balances"], asset)
    else:
        balances = checked(given.expected)
    if uid is None and not balances:
        return None
    if uid is None or not balances:
        raise ReservesError(ErrorCode.USAGE, say("short_leaves.needs_both"))
    return Account(uid, balances)


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str) and value else None


def _form_balances(value: object, asset: str | None) -> tuple[tuple[str, str], ...]:
    if isinstance(value, str):
        return read_balances(value, asset)
    if isinstance(value, list | tuple) and all(
        isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(item, str) for item in pair)
        for pair in value
    ):
        return checked([(str(pair[0]), str(pair[1])) for pair in value])
    raise ReservesError(ErrorCode.FORMAT_SHAPE, wrong_type("array"), "balances")


def form_account(fields: Mapping[str, object]) -> Account | None:
    """The account of a form as far as filled in, None while incomplete. Raises ``format.shape``, ``usage``."""
    uid = _text(fields.get("uid"))
    if uid is None or not fields.get("balances"):
        return None
    return Account(uid, _form_balances(fields["balances"], _text(fields.get("asset"))))

"""The text that a proof of funds signs, where the file does not hold it: exactly as it was published."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.text_entry import TextEntryDialog
from reserves_gui.gui.session import Result
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.gui.widgets.claims_side import ClaimsSide
from reserves_gui.verdict import Outcome, Verdict


class SignedTextDialog(TextEntryDialog):
    """Not a character of the text is changed, spaces and ends of lines at its ends included."""

    def __init__(self, context: Context, text: str, parent: QWidget | None) -> None:
        words = context.words
        super().__init__(
            context,
            text,
            parent,
            said=(words("window.signed_text.title"), words("window.signed_text.sentence")),
            field=(words("window.signed_text.field"), words("window.signed_text.placeholder")),
            button=words("window.signed_text.check"),
            role=Role.MONO,
            height=120,
        )


def offer_signed_text(context: Context, claims: ClaimsSide, verdict: Verdict, result: Result) -> None:
    """Where the signed text is missing, or was given by the user, a link beside the claim asks for it."""
    given = result.request.message
    checks = [check for claim in verdict.claims for check in claim.checks if check.id == "ownership.commitment"]
    if not checks or (given is None and checks[0].outcome is not Outcome.NOT_CHECKED):
        return

    def ask() -> None:
        dialog = SignedTextDialog(context, given or "", claims)
        if dialog.exec():
            context.session.again(result, replace(result.request, message=dialog.text))

    text = context.words("window.signed_text.give" if given is None else "window.signed_text.change")
    claims.add_link("ownership", Button(context.theme, text, ask, kind="link"))

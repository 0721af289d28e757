"""The card that holds the path picture, with the asset its sums are shown in."""

from PySide6.QtWidgets import QComboBox

from reserves_gui.evidence import PathPicture
from reserves_gui.gui.theme import Theme
from reserves_gui.gui.widgets.card import TitledCard
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.gui.words import Words
from reserves_gui.verdict import State, Verdict


class PictureCard(TitledCard):
    """Path to the root. A format without a path says so."""

    def __init__(self, theme: Theme, words: Words) -> None:
        self.asset = QComboBox()
        super().__init__(words("window.picture.title"), "", self.asset)
        self._words = words
        self._theme = theme
        self.asset.setProperty("kind", "quiet")
        self.asset.setAccessibleName(words("window.picture.asset"))
        self.none = Prose(words("window.picture.none"))
        self.body.addWidget(self.none)
        self.body.addStretch(1)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the path of ``verdict``."""
        picture = path_of(verdict)
        self.none.setVisible(picture is None)
        self.asset.setVisible(picture is not None and bool(picture.assets))

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact boxes."""


def path_of(verdict: Verdict) -> PathPicture | None:
    """The path to draw: of several pooled proofs the first one that failed, else the first."""
    ordered = sorted(verdict.proofs, key=lambda proof: proof.state is not State.FAILED)
    return next((one.picture for one in (verdict, *ordered) if one.picture is not None), None)


class LeafSizesCard(TitledCard):
    """How large the leaves of a tree are, per asset."""

    def __init__(self, theme: Theme, words: Words) -> None:
        self.asset = QComboBox()
        super().__init__(words("window.sizes.title"), words("window.sizes.hint"), self.asset)
        self._words = words
        self._theme = theme
        self.asset.setProperty("kind", "quiet")
        self.asset.setAccessibleName(words("window.picture.asset"))

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the leaf sizes of ``verdict``, if it has any."""
        self.setVisible(verdict.leaf_sizes is not None)

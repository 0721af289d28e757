"""The cards that hold the pictures, with the asset they are shown in and the way to a file."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QScrollArea, QSizePolicy, QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.evidence import LeafSizes, NodeKind, PathPicture
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.pictures import export, leaf_sizes, path
from reserves_gui.gui.theme import Role, Theme, Tokens
from reserves_gui.gui.widgets.buttons import IconButton
from reserves_gui.gui.widgets.card import TitledCard
from reserves_gui.gui.widgets.choice import Choice
from reserves_gui.gui.widgets.leaf_sizes_view import LeafSizesView
from reserves_gui.gui.widgets.path_view import PathView, Spot
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.gui.words import Words
from reserves_gui.messages import visible
from reserves_gui.services.pictures import picture_of
from reserves_gui.verdict import InputRecord, State, Verdict

Painting = Callable[[QPainter, QRectF, Tokens], None]


class _PictureCard(TitledCard):
    """A title, the asset, and a button that writes the picture as PNG or SVG."""

    refused = Signal(object)
    """A :class:`ReservesError`: the picture could not be written."""

    def __init__(self, theme: Theme, words: Words, title: str, hint: str) -> None:
        self.asset = Choice(theme, words("window.picture.asset"))
        self.keep = IconButton(theme, Icon.DOWNLOAD, words("window.picture.save"), small=True)
        super().__init__(title, hint, self.asset, self.keep)
        self.head.setSpacing(8)
        self._inputs: tuple[InputRecord, ...] = ()
        self._words = words
        self._theme = theme
        self.keep.clicked.connect(lambda _checked=False: self._save())
        self.asset.currentIndexChanged.connect(lambda _at: self._asset_chosen(str(self.asset.currentData() or "")))

    def painting(self) -> tuple[Painting, QSizeF] | None:
        """The picture with its model bound, and its size; None where there is nothing to draw."""
        raise NotImplementedError

    def _asset_chosen(self, asset: str) -> None:
        raise NotImplementedError

    def _offer(self, assets: Sequence[str], inputs: tuple[InputRecord, ...], first: str = "") -> None:
        """Offer ``assets``; the one chosen before stays chosen for the same files, else ``first`` is."""
        before = self.asset.currentData() if inputs == self._inputs else first
        self._inputs = inputs
        self.asset.blockSignals(True)
        self.asset.clear()
        for asset in assets:
            self.asset.addItem(self._asset_text(asset), asset)
        self.asset.setCurrentIndex(max(0, self.asset.findData(before)))
        self.asset.blockSignals(False)
        self.asset.setVisible(bool(assets))
        self.asset.setEnabled(len(assets) > 1)
        if assets:
            self._asset_chosen(str(self.asset.currentData()))

    def _asset_text(self, asset: str) -> str:
        return visible(asset)

    def _save(self) -> None:
        found = self.painting()
        if found is None:
            return
        chosen, _kind = QFileDialog.getSaveFileName(
            self, self._words("window.picture.save"), "reserves.png", "PNG (*.png);;SVG (*.svg)"
        )
        if chosen:
            try:
                self.write(Path(chosen))
            except ReservesError as error:
                self.refused.emit(error)

    def write(self, target: Path) -> None:
        """Write the picture, its kind by the suffix. Raises ``usage``."""
        found = self.painting()
        if found is not None:
            painting, size = found
            tokens = self._theme.tokens
            if target.suffix.lower() == ".svg":
                export.write(target, export.svg(painting, size, tokens, title=self.title.text()))
            else:
                export.write(target.with_suffix(".png"), export.png(painting, size, tokens))


class _PathScroll(QScrollArea):
    """Holds the path and lets it fold for the height there is."""

    def __init__(self, view: PathView) -> None:
        super().__init__()
        self._view = view
        self.setWidget(view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold anew."""
        super().resizeEvent(event)
        self._view.set_room(self.viewport().height())


class PictureCard(_PictureCard):
    """Path to the root. A format without a path says so."""

    def __init__(self, theme: Theme, words: Words) -> None:
        self._narrow = False
        self._paths: tuple[PathPicture, ...] = ()
        self._shown: PathPicture | None = None
        super().__init__(theme, words, words("window.picture.title"), "")
        self.none = Prose(words("window.picture.none"))
        self.view = PathView(theme, words.language)
        self.view.set_amounts(words.short_amount)
        self._scroll = _PathScroll(self.view)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.view.reached.connect(self._bring)
        # The scroll bar takes the margin, so that it never covers a node.
        self.body.setContentsMargins(12, 12, 1, 12)
        self.head.setContentsMargins(4, 0, 15, 0)
        self.body.addWidget(self.none, 0, Qt.AlignmentFlag.AlignTop)
        self.none.setContentsMargins(4, 0, 15, 0)
        self.body.addWidget(self._scroll, 1)
        self.body.addStretch(0)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the path of ``verdict``."""
        picture = path_of(verdict)
        self.none.setVisible(picture is None)
        self._scroll.setVisible(picture is not None)
        self.keep.setVisible(picture is not None)
        self._paths = () if picture is None else picture.each
        self._shown = None
        self.view.set_picture(picture)
        choices = tuple(f"{at}/{asset}" for at, path in enumerate(self._paths) for asset in path.assets)
        self._offer(choices, verdict.inputs, "" if picture is None else f"0/{_own_asset(picture)}")
        failing = next((spot for spot in self.view.spots if _is_failed(spot)), None)
        self._scroll.verticalScrollBar().setValue(0)
        if failing is not None:
            self._bring(failing)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact boxes; the asset stands alone."""
        self._narrow = narrow
        self.view.set_narrow(narrow)
        for at in range(self.asset.count()):
            self.asset.setItemText(at, self._asset_text(str(self.asset.itemData(at))))
        self.asset.updateGeometry()

    def painting(self) -> tuple[Painting, QSizeF] | None:
        """The whole path as it is folded now."""
        model, layout = self.view.model(), self.view.placed
        if model is None or layout is None:
            return None
        return (lambda painter, box, tokens: path.paint(painter, box, model, tokens)), QSizeF(
            layout.width, layout.height
        )

    def _asset_text(self, asset: str) -> str:
        at, _, name = asset.partition("/")
        before = sum(name in path.assets for path in self._paths[: int(at)])
        name = visible(name) if not before else f"{visible(name)} ({before + 1})"
        return name if self._narrow else self._words("window.picture.sums_in", asset=name)

    def _asset_chosen(self, asset: str) -> None:
        at, _, name = asset.partition("/")
        if name:
            if self._paths[int(at)] is not self._shown:
                self._shown = self._paths[int(at)]
                self.view.set_picture(self._shown)
            self.view.set_asset(name)

    def _bring(self, spot: object) -> None:
        if isinstance(spot, QWidget):
            self._scroll.ensureWidgetVisible(spot, 0, 24)


def _is_failed(spot: Spot) -> bool:
    look = getattr(spot.target, "look", None)
    return look is not None and str(look.value) == "failed"


def _own_asset(picture: PathPicture) -> str:
    """The first asset that the own leaf holds any of: a path of noughts shows little."""
    leaf = next((node for node in picture.nodes if node.kind is NodeKind.LEAF), None)
    held = [] if leaf is None else [asset for asset, amount in leaf.sums.items() if set(amount) & set("123456789")]
    return next((asset for asset in picture.assets if asset in held), "")


def path_of(verdict: Verdict) -> PathPicture | None:
    """The path to draw: of several pooled proofs the first one that failed, else the first.

    A root that was not compared with a published one is marked so: it is recomputed, and not known to be the one.
    """
    ordered = sorted(verdict.proofs, key=lambda proof: proof.state is not State.FAILED)
    return next((picture for one in (verdict, *ordered) if (picture := picture_of(one)) is not None), None)


class LeafSizesCard(_PictureCard):
    """How large the leaves of a tree are, per asset."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__(theme, words, words("window.sizes.title"), "")
        self._sizes: LeafSizes | None = None
        self.view = LeafSizesView(theme, words.language)
        self.zeros = Prose("", Role.SMALL, "text3")
        self.body.addWidget(self.view)
        self.body.addWidget(self.zeros)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the leaf sizes of ``verdict``, if it has any."""
        self._sizes = verdict.leaf_sizes
        self.setVisible(self._sizes is not None)
        self._offer(() if self._sizes is None else tuple(self._sizes.counts), verdict.inputs)
        self.asset.setVisible(self.asset.count() > 1)

    def painting(self) -> tuple[Painting, QSizeF] | None:
        """The bars as they stand."""
        model = self.view.model()
        if model is None:
            return None
        return (lambda painter, box, tokens: leaf_sizes.paint(painter, box, model, tokens)), QSizeF(
            self.view.size().toSizeF()
        )

    def _asset_chosen(self, asset: str) -> None:
        self.set_hint(self._words("window.sizes.hint", asset=visible(asset)))
        self.view.set_sizes(self._sizes, asset)
        self.zeros.set_plain(self.view.zeros)
        self.zeros.setVisible(bool(self.view.zeros))

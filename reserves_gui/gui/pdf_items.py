"""The sheet of a report as items that flow over pages, ``PAGE_WIDTH`` pixels wide."""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from reserves_gui.evidence import LeafSizes, PathPicture
from reserves_gui.gui.glyphs import Glyph, paint_glyph
from reserves_gui.gui.paper import Block, Ink, Item, advance, block, paint_block, texts
from reserves_gui.gui.pictures import coverage_bar, leaf_sizes, path
from reserves_gui.gui.pictures.type import picture_font
from reserves_gui.gui.theme import Role, Tokens, colour
from reserves_gui.services.pictures import CoverageBar, layout_path
from reserves_gui.services.report_view import CheckRow, ClaimCard, Fact, FileRow, Listing, Part, Sheet, asset_label

PAGE_WIDTH = 666.0
_NAME_X = 30.0
_TEXT_X = 142.0
_CHECK_X = 54.0
_VALUE_X = 130.0
_FACT_X = 202.0
_COUNT = 64.0
_SIZES_HEIGHT = 190.0
_BAR_ROW = 26.0
_GLYPHS = {
    "verified": Glyph.VERIFIED,
    "passed": Glyph.VERIFIED,
    "failed": Glyph.FAILED,
    "undecided": Glyph.UNDECIDED,
    "not_checked": Glyph.NOT_CHECKED,
    "partial": Glyph.PARTIAL,
}


def page_items(sheet: Sheet, tokens: Tokens) -> list[Item]:
    """Everything of the report in reading order."""
    return list(_Items(sheet, tokens).all())


class _Items:
    def __init__(self, sheet: Sheet, tokens: Tokens) -> None:
        self._sheet = sheet
        self._tokens = tokens
        self._headline = Ink(font=picture_font(Role.HEADLINE), colour=tokens.text, line=30)
        self._title = Ink(font=picture_font(Role.TITLE), colour=tokens.text, line=24)
        self._body = Ink(font=picture_font(Role.BODY), colour=tokens.text, line=18)
        self._soft = Ink(font=picture_font(Role.BODY), colour=tokens.text2, line=18)
        self._name = Ink(font=picture_font(Role.NAME), colour=tokens.text, line=18)
        self._small = Ink(font=picture_font(Role.SMALL), colour=tokens.text3, line=16)
        self._mono = Ink(font=picture_font(Role.MONO_SMALL), colour=tokens.text, line=16)
        self._words = {
            "verified": tokens.verified,
            "passed": tokens.verified,
            "failed": tokens.failed,
            "partial": tokens.partial,
        }

    def all(self) -> Iterator[Item]:
        sheet = self._sheet
        yield texts(block(sheet.headline, self._headline, x=0, width=PAGE_WIDTH), space=10)
        yield from self._facts(sheet.facts)
        yield self._space(8)
        yield texts(block(sheet.not_shown_title, self._name, x=0, width=PAGE_WIDTH), keep=True)
        for sentence in sheet.not_shown:
            yield self._bullet(sentence)
        for part in sheet.parts:
            yield from self._part(part)
        yield from self._head(sheet.files_title)
        for row in sheet.files:
            yield self._file(row)
        for listing in sheet.listings:
            yield from self._listing(listing)
        yield from self._head(sheet.reference_label)
        yield texts(block(sheet.reference, self._mono, x=0, width=PAGE_WIDTH), space=4)
        yield texts(block(sheet.reference_note, self._soft, x=0, width=PAGE_WIDTH), space=4)
        yield texts(block(sheet.made, self._small, x=0, width=PAGE_WIDTH))

    def _head(self, title: str) -> Iterator[Item]:
        yield self._space(18, keep=True)
        yield texts(block(title, self._title, x=0, width=PAGE_WIDTH), space=4, keep=True)

    def _part(self, part: Part) -> Iterator[Item]:
        if part.title:
            yield from self._head(part.title)
        if part.balances:
            yield from self._head(self._sheet.labels.balances)
            yield from self._facts(part.balances)
        yield from self._head(self._sheet.labels.claims)
        for card in part.claims:
            yield from self._claim(card)
        for picture in part.paths:
            yield from self._path(picture)
        if part.leaf_sizes is not None:
            for asset in part.leaf_sizes.counts:
                yield from self._sizes(part.leaf_sizes, asset)

    def _claim(self, card: ClaimCard) -> Iterator[Item]:
        ground = (self._tokens.failed_soft, PAGE_WIDTH) if card.state == "failed" else None
        count_x = PAGE_WIDTH - 8 - advance(card.count, self._small.font)
        heading = texts(
            block(card.name, self._name, x=_NAME_X, width=_TEXT_X - _NAME_X - 8, dy=8),
            block(card.word, self._word(card.state), x=_NAME_X, width=_TEXT_X - _NAME_X - 8, dy=26),
            block(card.question, self._soft, x=_TEXT_X, width=PAGE_WIDTH - _TEXT_X - _COUNT, dy=8),
            block(card.count, self._small, x=count_x, width=_COUNT, dy=8),
            space=4,
            ground=ground,
        )
        yield self._marked(heading, card.state, QRectF(4, 8, 18, 18), ruled=True, keep=True)
        for at, row in enumerate(card.checks):
            yield self._check(row, ground, last=at == len(card.checks) - 1)

    def _check(self, row: CheckRow, ground: tuple[str, float] | None, *, last: bool) -> Item:
        width = PAGE_WIDTH - _CHECK_X - 12
        parts = [block(row.reason, self._body, x=_CHECK_X, width=width, dy=4)]
        said = block(f"{row.word} · {row.id}", self._small, x=_CHECK_X, width=width, dy=parts[-1].bottom)
        parts.append(said)
        labels = self._sheet.labels
        for label, value in ((labels.expected, row.expected), (labels.seen, row.seen)):
            if value is not None:
                dy = parts[-1].bottom
                parts.append(block(label, self._small, x=_CHECK_X, width=_VALUE_X - _CHECK_X, dy=dy))
                parts.append(block(value, self._mono, x=_VALUE_X, width=PAGE_WIDTH - _VALUE_X - 12, dy=dy))
        item = texts(*parts, space=10 if last else 4, ground=ground)
        return self._marked(item, row.outcome, QRectF(_NAME_X, 6, 14, 14), ruled=False, keep=False)

    def _marked(self, item: Item, state: str, place: QRectF, *, ruled: bool, keep: bool) -> Item:
        tokens = self._tokens

        def draw(painter: QPainter, y: float) -> None:
            item.draw(painter, y)
            if ruled:
                painter.setPen(QPen(colour(tokens.line), 1))
                painter.drawLine(QPointF(0, y), QPointF(PAGE_WIDTH, y))
            paint_glyph(painter, place.translated(0, y), _GLYPHS[state], tokens)

        return Item(height=item.height, draw=draw, keep=keep)

    def _word(self, state: str) -> Ink:
        return Ink(font=self._small.font, colour=self._words.get(state, self._tokens.undecided), line=16)

    def _facts(self, facts: tuple[Fact, ...]) -> Iterator[Item]:
        for fact in facts:
            ink = self._mono if fact.exact else self._body
            label = block(fact.label, self._small, x=0, width=_FACT_X - 12, dy=1)
            value = block(fact.value, ink, x=_FACT_X, width=PAGE_WIDTH - _FACT_X)
            yield texts(label, value, space=3)

    def _bullet(self, sentence: str) -> Item:
        mark = block("–", self._soft, x=2, width=14)
        return texts(mark, block(sentence, self._soft, x=16, width=PAGE_WIDTH - 16), space=2)

    def _file(self, row: FileRow) -> Item:
        name = block(row.name, self._body, x=0, width=PAGE_WIDTH)
        facts = block(f"{row.use} · {row.size}", self._small, x=0, width=PAGE_WIDTH, dy=name.bottom)
        return texts(name, facts, block(row.sha256, self._mono, x=0, width=PAGE_WIDTH, dy=facts.bottom), space=6)

    def _listing(self, listing: Listing) -> Iterator[Item]:
        yield from self._head(listing.title)
        for sentence in listing.sentences:
            yield self._bullet(sentence)
        yield from self._bars(listing)
        yield from self._facts(listing.facts)

    def _bars(self, listing: Listing) -> Iterator[Item]:
        """The scale, then a bar an asset; the figures stand below."""
        if not listing.bars:
            return
        track, tokens = QRectF(_TEXT_X, 0, PAGE_WIDTH - _TEXT_X, _BAR_ROW), self._tokens
        scale = listing.bars[0][1].scale

        def draw_scale(painter: QPainter, y: float) -> None:
            coverage_bar.paint_scale(painter, track.translated(0, y), scale, tokens)

        yield Item(height=_BAR_ROW, draw=draw_scale, keep=True)
        for asset, bar in listing.bars:
            yield self._bar(block(asset, self._small, x=0, width=_TEXT_X - 12, dy=5), bar, track)
        yield self._space(8)

    def _bar(self, name: Block, bar: CoverageBar, track: QRectF) -> Item:
        tokens = self._tokens

        def draw(painter: QPainter, y: float) -> None:
            paint_block(painter, name, y)
            coverage_bar.paint(painter, track.translated(0, y), bar, tokens)

        return Item(height=max(track.height(), name.bottom), draw=draw)

    def _path(self, picture: PathPicture) -> Iterator[Item]:
        asset = next(iter(picture.assets), None)
        title = self._sheet.labels.path
        if asset is not None and any(node.sums for node in picture.nodes):
            title += f" · {asset_label(asset)}"
        yield from self._head(title)
        layout = layout_path(picture, asset=asset, language=self._sheet.language)
        tokens = self._tokens

        def draw(painter: QPainter, y: float) -> None:
            place = QRectF(0, y, PAGE_WIDTH, layout.height)
            path.paint(painter, place, path.PathModel(layout=layout), tokens)

        yield Item(height=layout.height + 8, draw=draw)

    def _sizes(self, sizes: LeafSizes, asset: str) -> Iterator[Item]:
        yield from self._head(f"{self._sheet.labels.sizes} · {asset_label(asset)}")
        model = leaf_sizes.LeafSizesModel(sizes=sizes, asset=asset, language=self._sheet.language)
        place = QRectF(0, 0, PAGE_WIDTH, _SIZES_HEIGHT)
        zeros: Block = block(leaf_sizes.placed(place, model).zeros, self._small, x=0, width=PAGE_WIDTH)

        def draw(painter: QPainter, y: float) -> None:
            leaf_sizes.paint(painter, place.translated(0, y), model, self._tokens)
            paint_block(painter, zeros, y + _SIZES_HEIGHT)

        yield Item(height=_SIZES_HEIGHT + 20, draw=draw)

    def _space(self, height: float, *, keep: bool = False) -> Item:
        return Item(height=height, draw=lambda _painter, _y: None, keep=keep, blank=True)

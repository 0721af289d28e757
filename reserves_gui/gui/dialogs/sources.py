"""Where balances are looked up: one source a line, looked over before they are kept."""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button, row
from reserves_gui.gui.widgets.text import Prose, label

_MOST = 32


class SourcesDialog(Dialog):
    """``sources`` are the texts as typed; what is remembered has no passwords. Nothing is contacted from here."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        words = context.words
        super().__init__(context, words("window.sources.title"), words("window.sources.sentence"), parent, width=560)
        self.sources: tuple[str, ...] = context.settings.sources
        self.field = QPlainTextEdit("\n".join(self.sources))
        self.field.setAccessibleName(words("window.sources.field"))
        self.field.setTabChangesFocus(True)
        self.field.setPlaceholderText("bitcoin=https://blocks.example/api\nethereum=evm+https://node.example")
        self.field.setMinimumHeight(112)
        self.body.addWidget(self.field)
        self.body.addWidget(Prose(words("window.sources.kinds"), Role.SMALL, "text3"))
        self.body.addWidget(label(words("window.sources.prices"), Role.NAME))
        self.prices = QPlainTextEdit("\n".join(context.settings.price_sources))
        self.prices.setAccessibleName(words("window.sources.prices_field"))
        self.prices.setTabChangesFocus(True)
        self.prices.setPlaceholderText("https://coins.llama.fi\nmempool+https://mempool.space/api")
        self.prices.setFixedHeight(64)
        self.body.addWidget(self.prices)
        self.body.addWidget(Prose(words("window.sources.prices_sentence"), Role.SMALL, "text3"))
        self.problem = Prose("", Role.BODY, "failed")
        self.problem.hide()
        self.body.addWidget(self.problem)
        forget = Button(context.theme, words("window.sources.forget"), self._forget, size="small")
        forget.setEnabled(bool(context.settings.allowed_hosts))
        self.forget = forget
        self.forget_kept = Button(context.theme, words("window.sources.forget_kept"), self._forget_kept, size="small")
        self.body.addLayout(row(forget, self.forget_kept, None))
        self.kept = Prose(words("window.sources.kept_sentence"), Role.SMALL, "text3")
        self.body.addWidget(self.kept)
        self.add_cancel()
        self.keep = self.add_button(words("window.sources.keep"), primary=True)
        self.keep.clicked.connect(self._look_over)

    def _look_over(self) -> None:
        from reserves_gui.services.probed import named_sources
        from reserves_gui.services.two_looks import without_password

        typed, prices = _lines(self.field), _lines(self.prices)
        self.keep.setEnabled(False)

        def work() -> object:
            from reserves_gui.services.prices import kept_price_source, named_price_sources

            named_sources(typed)
            named_price_sources(prices)
            shown = tuple(without_password(text) for text in typed)
            return shown, tuple(kept_price_source(text) for text in prices)

        Fetch(work, lambda found: self._looked_over(typed, found), self)

    def _looked_over(self, typed: tuple[str, ...], found: object) -> None:
        self.keep.setEnabled(True)
        if isinstance(found, ReservesError):
            self.problem.set_plain(self.context.words.render(found.message))
            self.problem.show()
            self.field.setFocus()
            return
        assert isinstance(found, tuple)
        self.sources = typed
        self.context.settings.sources, self.context.settings.price_sources = found
        self.accept()

    def _forget(self) -> None:
        self.context.settings.forget_hosts()
        self.forget.setEnabled(False)

    def _forget_kept(self) -> None:
        """Deep blocks and what addresses held then are asked for again in the next look-up."""
        self.forget_kept.setEnabled(False)

        def work() -> object:
            from reserves_gui.services.keeping import cache_folder
            from reserves_gui.services.probed import forget_kept

            return forget_kept(cache_folder())

        Fetch(work, self._forgotten, self)

    def _forgotten(self, count: object) -> None:
        self.forget_kept.setEnabled(True)
        words = self.context.words
        if isinstance(count, int):
            self.kept.set_plain(words("window.sources.forgotten", count=count))


def _lines(field: QPlainTextEdit) -> tuple[str, ...]:
    return tuple(line.strip() for line in field.toPlainText().splitlines() if line.strip())[:_MOST]

"""Theme, language, recent files; sources, proxy, database and thresholds behind a button each."""

from collections.abc import Callable

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.theme import Role, ThemeChoice
from reserves_gui.gui.widgets.buttons import Button, row
from reserves_gui.gui.widgets.text import Elided, Prose, Rule, label, set_tone
from reserves_gui.gui.words import LANGUAGES


class SettingsDialog(Dialog):
    """What is chosen takes effect at once."""

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        *,
        about: Callable[[], None],
        log: Callable[[], None],
        key: Callable[[], None],
    ) -> None:
        words = context.words
        super().__init__(context, words("window.settings"), "", parent, width=520)
        self._themes = self._choice(
            label(words("window.settings.theme"), Role.NAME),
            {choice.value: words(f"window.settings.theme.{choice.value}") for choice in ThemeChoice},
            context.settings.theme.value,
        )
        self.body.addWidget(Rule())
        system = words("window.settings.language.system", language=QLocale.system().nativeLanguageName() or "English")
        self._languages = self._choice(
            label(words("window.settings.language"), Role.NAME),
            {"": system, **LANGUAGES},
            context.settings.language,
        )
        self.body.addWidget(Rule())
        self.recent = QCheckBox(words("window.settings.recent"))
        self.recent.setChecked(context.settings.keeps_recent)
        self.recent.toggled.connect(self._keep_recent)
        forget = Button(context.theme, words("window.recent.forget"), context.settings.forget_recent, size="small")
        self.body.addLayout(row(self.recent, None, forget))
        self.body.addWidget(Prose(words("window.settings.recent_sentence"), Role.SMALL, "text3"))
        self.body.addWidget(Rule())
        self.body.addLayout(self._ways())
        self.body.addWidget(Rule())
        self.signs = QCheckBox(words("window.settings.signs"))
        self.signs.setChecked(context.settings.signs_reports)
        self.signs.toggled.connect(self._sign)
        self.body.addWidget(self.signs)
        self.body.addLayout(row(Button(context.theme, words("window.settings.key"), key, size="small"), None))
        self.largest = QLineEdit(str(context.settings.case_mebibytes))
        self.largest.setAccessibleName(words("window.settings.case_name"))
        self.largest.setMaximumWidth(80)
        self.largest.textChanged.connect(self._bound_cases)
        before, after = label(words("window.settings.case_before")), label(words("window.settings.case_after"))
        self.body.addLayout(row(before, self.largest, after, None))
        self.body.addWidget(Rule())
        self.body.addWidget(label(words("window.settings.folder"), Role.NAME))
        self.body.addWidget(Elided(str(context.settings.folder), Role.SMALL, "text2"))
        self.body.addWidget(Prose(words("window.settings.folder_sentence"), Role.SMALL, "text3"))
        self._themes.idToggled.connect(self._theme)
        self._languages.idToggled.connect(self._language)
        self.body.addStretch(1)
        self.add_aside(
            Button(context.theme, words("window.log"), log), Button(context.theme, words("window.about"), about)
        )
        self.add_closing()

    def _choice(self, title: QLabel, options: dict[str, str], chosen: str) -> QButtonGroup:
        group = QButtonGroup(self)
        line = QHBoxLayout()
        line.setSpacing(16)
        for at, (value, text) in enumerate(options.items()):
            button = QRadioButton(text)
            button.setAccessibleName(f"{title.text()}: {text}")
            button.setProperty("value", value)
            button.setChecked(value == chosen)
            group.addButton(button, at)
            line.addWidget(button)
        line.addStretch(1)
        self.body.addWidget(title)
        self.body.addLayout(line)
        return group

    def _ways(self) -> QGridLayout:
        """A line each: what it is, how it is now, the button that changes it."""
        words, grid = self.context.words, QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self.shown: dict[str, Elided] = {}
        for at, (name, change, show) in enumerate(
            (
                ("window.settings.sources", "window.sources.edit", self._sources),
                ("window.proxy", "window.proxy.change", self._proxy),
                ("window.database", "window.database.change", self._database),
                ("window.settings.thresholds", "window.settings.thresholds_change", self._thresholds),
            )
        ):
            grid.addWidget(label(words(name), Role.NAME), at, 0)
            self.shown[name] = Elided("", Role.SMALL, "text2")
            grid.addWidget(self.shown[name], at, 1)
            grid.addWidget(Button(self.context.theme, words(change), show, size="small"), at, 2)
        self._show_ways()
        return grid

    def _show_ways(self) -> None:
        from reserves_gui.gui.dialogs.database import shown_database
        from reserves_gui.gui.dialogs.proxy import shown_proxy

        words, settings = self.context.words, self.context.settings
        self.shown["window.settings.sources"].set_full(
            ", ".join(settings.sources) or words("window.settings.sources_none")
        )
        self.shown["window.proxy"].set_full(shown_proxy(self.context))
        self.shown["window.database"].set_full(shown_database(self.context))
        changed = (f"{words(f'window.thresholds.{name}')}: {value}" for name, value in settings.thresholds.items())
        thresholds = ", ".join(changed) or words("window.settings.thresholds_usual")
        self.shown["window.settings.thresholds"].set_full(thresholds)

    def _change(self, dialog: Dialog) -> None:
        dialog.finished.connect(lambda _code: self._show_ways())
        dialog.show_over()

    def _theme(self, at: int, on: bool) -> None:  # noqa: FBT001 - a Qt slot
        if on:
            choice = ThemeChoice(str(self._themes.button(at).property("value")))
            self.context.settings.theme = choice
            self.context.theme.choose(choice)

    def _language(self, at: int, on: bool) -> None:  # noqa: FBT001 - a Qt slot
        if on:
            self.context.settings.language = str(self._languages.button(at).property("value") or "")
            self.finished.connect(lambda _code: self.context.language_changed())

    def _sources(self) -> None:
        from reserves_gui.gui.dialogs.sources import SourcesDialog

        self._change(SourcesDialog(self.context, self))

    def _proxy(self) -> None:
        from reserves_gui.gui.dialogs.proxy import ProxyDialog

        self._change(ProxyDialog(self.context, self))

    def _database(self) -> None:
        from reserves_gui.gui.dialogs.database import DatabaseDialog

        self._change(DatabaseDialog(self.context, self))

    def _thresholds(self) -> None:
        from reserves_gui.gui.dialogs.thresholds import ThresholdsDialog

        self._change(ThresholdsDialog(self.context, self))

    def _bound_cases(self, text: str) -> None:
        usable = text.isascii() and text.isdecimal() and len(text) < 8
        set_tone(self.largest, "no" if usable else "yes", "wrong")
        if usable:
            self.context.settings.case_mebibytes = int(text)

    def _sign(self, sign: bool) -> None:  # noqa: FBT001 - a Qt slot
        self.context.settings.signs_reports = sign

    def _keep_recent(self, keep: bool) -> None:  # noqa: FBT001 - a Qt slot
        self.context.settings.keeps_recent = keep

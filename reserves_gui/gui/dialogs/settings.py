"""Theme, language, recent files."""

from collections.abc import Callable

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLabel, QLineEdit, QRadioButton, QWidget

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
        self.body.addWidget(self.recent)
        self.body.addWidget(Prose(words("window.settings.recent_sentence"), Role.SMALL, "text3"))
        forget = Button(context.theme, words("window.recent.forget"), context.settings.forget_recent, size="small")
        self.body.addLayout(row(forget, None))
        self.body.addWidget(Rule())
        sources = Button(context.theme, words("window.sources.edit"), self._sources, size="small")
        sources.setAccessibleName(words("window.sources.title"))
        self.body.addLayout(row(label(words("window.sources.title"), Role.NAME), None, sources))
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
        self.body.addWidget(Rule())
        self.body.addLayout(
            row(
                Button(context.theme, words("window.log"), log, size="small"),
                Button(context.theme, words("window.about"), about, size="small"),
                None,
            )
        )
        self.body.addStretch(1)
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

        SourcesDialog(self.context, self).show_over()

    def _bound_cases(self, text: str) -> None:
        usable = text.isascii() and text.isdecimal() and len(text) < 8
        set_tone(self.largest, "no" if usable else "yes", "wrong")
        if usable:
            self.context.settings.case_mebibytes = int(text)

    def _sign(self, sign: bool) -> None:  # noqa: FBT001 - a Qt slot
        self.context.settings.signs_reports = sign

    def _keep_recent(self, keep: bool) -> None:  # noqa: FBT001 - a Qt slot
        self.context.settings.keeps_recent = keep

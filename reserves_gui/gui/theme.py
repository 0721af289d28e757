"""Colours, type sizes and palettes: the only place in the window that writes a colour.

2026-11-22: the two themes are plain frozen values, so that pictures can be painted without widgets, on screen, in a
file and on paper, and so that a test can compute every contrast from them.
"""

from dataclasses import dataclass, fields
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

NARROW_BELOW = 1100
"""Window width in pixels under which the compact measures apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One theme: every colour by the role it plays, as ``#RRGGBB``."""

    name: str
    window: str
    sidebar: str
    surface: str
    sunken: str
    hover: str
    line: str
    button_line: str
    control: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    verified: str
    verified_soft: str
    failed: str
    failed_soft: str
    on_failed: str
    undecided: str
    undecided_soft: str
    partial: str
    partial_soft: str
    flow_in: str
    flow_out: str
    series_muted: str
    grid: str


LIGHT = Tokens(
    name="light",
    window="#F5F6F8",
    sidebar="#ECEEF2",
    surface="#FFFFFF",
    sunken="#F1F3F6",
    hover="#E4E8EE",
    line="#DEE2E8",
    button_line="#C6CCD5",
    control="#868F9C",
    text="#1A1F27",
    text2="#454E5B",
    text3="#5B6472",
    accent="#2B57B5",
    accent_hover="#234A9E",
    accent_soft="#E7EDF9",
    on_accent="#FFFFFF",
    verified="#19693F",
    verified_soft="#E3F2E9",
    failed="#AF2219",
    failed_soft="#FBE9E7",
    on_failed="#FFFFFF",
    undecided="#535C69",
    undecided_soft="#E9ECF0",
    partial="#7F5200",
    partial_soft="#FAEFD6",
    flow_in="#2B57B5",
    flow_out="#B5701A",
    series_muted="#7891CC",
    grid="#E6E9EE",
)

DARK = Tokens(
    name="dark",
    window="#14171C",
    sidebar="#0F1216",
    surface="#1C2026",
    sunken="#15181D",
    hover="#262B33",
    line="#2D333C",
    button_line="#404854",
    control="#727C8A",
    text="#E9ECF0",
    text2="#B9C1CC",
    text3="#98A2AF",
    accent="#8DB0FF",
    accent_hover="#A9C3FF",
    accent_soft="#22304D",
    on_accent="#0E1420",
    verified="#62CC94",
    verified_soft="#173326",
    failed="#FF9087",
    failed_soft="#43211F",
    on_failed="#1F0907",
    undecided="#AAB3BF",
    undecided_soft="#2A2F37",
    partial="#E6B45C",
    partial_soft="#3A2D13",
    flow_in="#8DB0FF",
    flow_out="#D9974A",
    series_muted="#5A76AE",
    grid="#262B33",
)


class ThemeChoice(StrEnum):
    """What the user chose: the system's scheme, or one of the two."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Role(StrEnum):
    """A role of text. Sizes are points, so that they follow the desktop's scaling."""

    HEADLINE = "headline"
    HEADLINE_NARROW = "headline_narrow"
    HEADLINE_CHART = "headline_chart"
    TITLE = "title"
    BODY = "body"
    NAME = "name"
    SMALL = "small"
    LABEL = "label"
    MONO = "mono"
    MONO_SMALL = "mono_small"
    MONO_FAILED = "mono_failed"


POINTS = {
    Role.HEADLINE: 17.0,
    Role.HEADLINE_NARROW: 13.0,
    Role.HEADLINE_CHART: 15.0,
    Role.TITLE: 11.0,
    Role.BODY: 10.0,
    Role.NAME: 10.0,
    Role.SMALL: 9.0,
    Role.LABEL: 9.0,
    Role.MONO: 9.5,
    Role.MONO_SMALL: 9.0,
    Role.MONO_FAILED: 9.5,
}
WEIGHTS = {
    Role.HEADLINE: 600,
    Role.HEADLINE_NARROW: 600,
    Role.HEADLINE_CHART: 600,
    Role.TITLE: 600,
    Role.NAME: 600,
    Role.LABEL: 500,
    Role.MONO_FAILED: 600,
}
LINE_HEIGHTS = {
    Role.HEADLINE: 30,
    Role.HEADLINE_NARROW: 24,
    Role.HEADLINE_CHART: 28,
    Role.TITLE: 24,
    Role.BODY: 20,
    Role.NAME: 20,
    Role.SMALL: 16,
    Role.LABEL: 16,
    Role.MONO: 20,
    Role.MONO_SMALL: 16,
    Role.MONO_FAILED: 20,
}
_STYLED = "reserves-style"
_FIXED = {Role.MONO, Role.MONO_SMALL, Role.MONO_FAILED}


def role_font(role: Role) -> QFont:
    """The font of ``role``: the system's interface font, or its fixed font, with tabular digits."""
    if role in _FIXED:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setStyleHint(QFont.StyleHint.Monospace)
    else:
        font = QFont(QApplication.font())
        if hasattr(font, "setFeature"):
            font.setFeature(QFont.Tag("tnum"), 1)
    font.setPointSizeF(POINTS[role])
    font.setWeight(QFont.Weight(WEIGHTS.get(role, 400)))
    return font


def colour(value: str, opacity: float = 1.0) -> QColor:
    """A token as a Qt colour; ``opacity`` 0 to 1."""
    made = QColor(value)
    made.setAlphaF(opacity)
    return made


def palette(tokens: Tokens) -> QPalette:
    """The Qt palette of a theme, set for the active and the inactive group; disabled text is ``text3``."""
    roles = {
        QPalette.ColorRole.Window: tokens.window,
        QPalette.ColorRole.Base: tokens.surface,
        QPalette.ColorRole.Button: tokens.surface,
        QPalette.ColorRole.AlternateBase: tokens.sunken,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.on_accent,
        QPalette.ColorRole.PlaceholderText: tokens.text3,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.LinkVisited: tokens.accent,
        QPalette.ColorRole.Light: tokens.surface,
        QPalette.ColorRole.Midlight: tokens.hover,
        QPalette.ColorRole.Mid: tokens.line,
        QPalette.ColorRole.Dark: tokens.line,
        QPalette.ColorRole.Shadow: tokens.line,
        QPalette.ColorRole.Accent: tokens.accent,
        QPalette.ColorRole.ToolTipBase: tokens.surface,
        QPalette.ColorRole.ToolTipText: tokens.text,
    }
    made = QPalette()
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        for role, value in roles.items():
            made.setColor(group, role, QColor(value))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.text3))
    return made


def contrast(first: str, second: str) -> float:
    """The WCAG 2.1 contrast ratio of two ``#RRGGBB`` colours, 1 to 21.

    (L1 + 0.05) / (L2 + 0.05) with L = 0.2126 R + 0.7152 G + 0.0722 B over linearised channels.
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(value: str) -> float:
    channels = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colours(tokens: Tokens) -> dict[str, str]:
    """Every colour of a theme by its token name."""
    return {field.name: getattr(tokens, field.name) for field in fields(tokens) if field.name != "name"}


class Theme(QObject):
    """The theme in force. ``changed`` fires after palette and style sheet are in place: repaint with ``tokens``."""

    changed = Signal()

    def __init__(self, choice: ThemeChoice = ThemeChoice.SYSTEM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self.tokens = self._wanted()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def choice(self) -> ThemeChoice:
        """What the user chose."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Follow the user's choice from now on."""
        self._choice = choice
        self.apply()

    def apply(self) -> None:
        """Put palette and style sheet of the theme in force on the application."""
        from reserves_gui.gui.style_sheet import style_sheet

        self.tokens = self._wanted()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            # Under a style sheet the style itself no longer tells its name, and setting it again costs a moment.
            if application.property(_STYLED) is None:
                application.setStyle("Fusion")
                application.setProperty(_STYLED, True)
            font = application.font()
            font.setPointSizeF(POINTS[Role.BODY])
            application.setFont(font)
            application.setPalette(palette(self.tokens))
            application.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()

    def _wanted(self) -> Tokens:
        if self._choice is ThemeChoice.SYSTEM:
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            return DARK if dark else LIGHT
        return DARK if self._choice is ThemeChoice.DARK else LIGHT

    def _system_changed(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self.apply()

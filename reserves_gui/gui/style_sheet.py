"""The one style sheet of the window, written from the tokens of a theme. Flat things only: pictures are painted."""

from reserves_gui.gui.theme import Tokens


def style_sheet(tokens: Tokens) -> str:
    """The application's style sheet for ``tokens``."""
    return "".join(part(tokens) for part in (_frames, _text, _buttons, _fields, _tables, _small))


def _frames(t: Tokens) -> str:
    return f"""
QMainWindow, QDialog, QWidget[ground="window"] {{ background: {t.window}; }}
QFrame[kind="sidebar"] {{ background: {t.sidebar}; border: none; border-right: 1px solid {t.line}; }}
QFrame[kind="topbar"] {{ background: {t.window}; border: none; border-bottom: 1px solid {t.line}; }}
QFrame[kind="statusbar"] {{ background: {t.window}; border: none; border-top: 1px solid {t.line}; }}
QFrame[kind="card"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 10px; }}
QFrame[kind="strip"] {{ background: {t.undecided_soft}; border: none; border-radius: 8px; }}
QFrame[kind="box"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 6px; }}
QFrame[kind="banner"] {{ border: none; border-radius: 8px; }}
QFrame[kind="banner"][level="neutral"] {{ background: {t.undecided_soft}; }}
QFrame[kind="banner"][level="partial"] {{ background: {t.partial_soft}; }}
QFrame[kind="banner"][level="failed"] {{ background: {t.failed_soft}; }}
QFrame[kind="rule"] {{ background: {t.line}; border: none; min-height: 1px; max-height: 1px; }}
QFrame[kind="divider"] {{ background: {t.line}; border: none; min-width: 1px; max-width: 1px; }}
QFrame[kind="popover"] {{ background: {t.surface}; border: 1px solid {t.button_line}; border-radius: 8px; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QStackedWidget {{ background: transparent; }}
"""


def _text(t: Tokens) -> str:
    return f"""
QLabel {{ background: transparent; color: {t.text}; }}
QLabel[tone="text2"] {{ color: {t.text2}; }}
QLabel[tone="text3"] {{ color: {t.text3}; }}
QLabel[tone="accent"] {{ color: {t.accent}; }}
QLabel[tone="verified"] {{ color: {t.verified}; }}
QLabel[tone="failed"] {{ color: {t.failed}; }}
QLabel[tone="undecided"] {{ color: {t.undecided}; }}
QLabel[tone="not_checked"] {{ color: {t.undecided}; }}
QLabel[tone="partial"] {{ color: {t.partial}; }}
QLabel[kind="keys"] {{ background: {t.sunken}; border: 1px solid {t.line}; border-radius: 4px; padding: 1px 5px; }}
QToolTip {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.button_line}; padding: 4px 6px; }}
"""


def _buttons(t: Tokens) -> str:
    return f"""
QPushButton {{
  background: {t.surface}; color: {t.text}; border: 1px solid {t.button_line}; border-radius: 6px;
  padding: 0 12px; min-height: 30px; font-weight: 500; outline: none; }}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed {{ background: {t.hover}; border-color: {t.control}; }}
QPushButton:disabled {{ background: transparent; color: {t.text3}; }}
QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{
  background: {t.accent_hover}; border-color: {t.accent_hover}; }}
QPushButton[kind="primary"]:disabled {{ background: transparent; color: {t.text3}; border-color: {t.button_line}; }}
QPushButton[kind="flat"] {{ background: transparent; border-color: transparent; color: {t.text2}; padding: 0 8px; }}
QPushButton[kind="flat"]:hover {{ background: {t.hover}; }}
QPushButton[kind="link"] {{
  background: transparent; border: none; color: {t.accent}; padding: 0; min-height: 24px; text-align: left; }}
QPushButton[kind="link"]:hover {{ color: {t.accent_hover}; text-decoration: underline; }}
QPushButton[kind="link"]:disabled {{ color: {t.text3}; }}
QPushButton[kind="link"][inline="yes"] {{ text-decoration: underline; }}
QPushButton[kind="row"] {{
  background: transparent; border: none; border-radius: 0; text-align: left; padding: 0 16px; min-height: 38px; }}
QPushButton[kind="row"]:hover {{ background: {t.hover}; }}
QPushButton[kind="tab"] {{
  background: transparent; border: none; border-bottom: 2px solid transparent; border-radius: 0;
  color: {t.text2}; padding: 0; min-height: 38px; }}
QPushButton[kind="tab"]:hover {{ color: {t.text}; }}
QPushButton[kind="tab"]:checked {{ color: {t.text}; font-weight: 600; border-bottom-color: {t.accent}; }}
QPushButton[kind="side"] {{
  background: transparent; border: 1px solid transparent; border-radius: 8px; color: {t.text2};
  text-align: left; padding: 0 10px; min-height: 34px; }}
QPushButton[kind="side"]:hover {{ background: {t.hover}; }}
QPushButton[scale="small"] {{ min-height: 26px; padding: 0 10px; font-size: 9pt; }}
QPushButton[scale="status"] {{ min-height: 24px; padding: 0 10px; font-size: 9pt; }}
QPushButton[kind="link"][scale="small"] {{ padding: 0; min-height: 24px; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 6px; color: {t.text2}; }}
QToolButton:hover {{ background: {t.hover}; }}
QToolButton::menu-indicator {{ image: none; }}
QCheckBox, QRadioButton {{ color: {t.text}; spacing: 10px; min-height: 24px; background: transparent; }}
QCheckBox::indicator, QRadioButton::indicator {{
  width: 14px; height: 14px; border: 1px solid {t.control}; background: {t.surface}; }}
QCheckBox::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator:checked, QRadioButton::indicator:checked {{
  border: 4px solid {t.accent}; width: 8px; height: 8px; background: {t.on_accent}; }}
"""


def _fields(t: Tokens) -> str:
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox {{
  background: {t.surface}; color: {t.text}; border: 1px solid {t.control}; border-radius: 6px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit {{ padding: 0 9px; min-height: 30px; }}
QLineEdit:focus {{ border: 2px solid {t.accent}; padding: 0 8px; min-height: 28px; }}
QLineEdit:disabled {{ color: {t.text3}; background: transparent; }}
QLineEdit[wrong="yes"] {{ border-color: {t.failed}; }}
QLineEdit[scale="small"] {{ min-height: 26px; }}
QLineEdit[scale="small"]:focus {{ min-height: 24px; }}
QPlainTextEdit, QTextEdit {{ padding: 5px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {t.accent}; padding: 4px; }}
QComboBox {{
  background: {t.surface}; color: {t.text}; border: 1px solid {t.control}; border-radius: 6px;
  padding: 0 28px 0 9px; min-height: 30px; }}
QComboBox:hover {{ background: {t.hover}; }}
QComboBox:focus {{ border: 2px solid {t.accent}; padding: 0 27px 0 8px; min-height: 28px; }}
QComboBox[kind="quiet"] {{ background: transparent; border: 1px solid transparent; color: {t.text2}; font-size: 9pt;
  min-height: 26px; padding: 0 20px 0 4px; }}
QComboBox::drop-down {{ border: none; width: 24px; subcontrol-origin: border; subcontrol-position: right center; }}
QComboBox::down-arrow {{ image: none; width: 0; height: 0; }}
QComboBox QAbstractItemView {{
  background: {t.surface}; color: {t.text}; border: 1px solid {t.button_line}; outline: none; padding: 4px;
  selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
QMenu {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.button_line}; padding: 4px; }}
QMenu::item {{ padding: 6px 20px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.text3}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
"""


def _tables(t: Tokens) -> str:
    return f"""
QTableView, QListView, QTreeView {{
  background: transparent; color: {t.text}; border: none; gridline-color: {t.line}; outline: none;
  selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
QTableView[kind="plain"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 6px; }}
QTableView[kind="plain"]::item {{ padding: 0 8px; border: none; }}
QTableView[kind="plain"]::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QTableView[kind="plain"] QHeaderView::section {{ padding: 0 11px; border-bottom: 1px solid {t.line}; }}
QListView[kind="list"]::item {{ padding: 5px 8px; border-radius: 6px; }}
QListView[kind="list"]::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{
  background: transparent; color: {t.text3}; border: none;
  padding: 0 4px 0 6px; min-height: 31px; font-size: 9pt; font-weight: 500; }}
QHeaderView::section:first {{ padding-left: 16px; }}
QTableCornerButton::section {{ background: transparent; border: none; }}
"""


def _small(t: Tokens) -> str:
    return f"""
QProgressBar {{ background: {t.hover}; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {t.button_line}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {t.control}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""

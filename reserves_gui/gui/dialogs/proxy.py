"""The proxy all hosts are asked through: none, Tor on this computer, or another one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.tested import Found, TestedDialog
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.fields import SecretField
from reserves_gui.gui.widgets.text import Prose, label
from reserves_gui.progress import Progress

if TYPE_CHECKING:
    from reserves_gui.services.ways import Place

TOR = "socks5h://127.0.0.1:9050"
"""The same as the engine's, which is not loaded to paint a dialog; a test holds them together."""


def shown_proxy(context: Context) -> str:
    """The proxy of the settings in words."""
    url = context.settings.proxy
    if url == TOR:
        return context.words("window.proxy.shown_tor")
    return url or context.words("window.proxy.shown_none")


class ProxyDialog(TestedDialog):
    """Testing asks the proxy itself and nobody through it."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        words, url = context.words, context.settings.proxy
        options = {
            "none": words("window.proxy.none"),
            "tor": words("window.proxy.tor", url=TOR),
            "other": words("window.proxy.other"),
        }
        super().__init__(context, words("window.proxy"), words("window.proxy.sentence"), parent, options)
        own = url not in ("", TOR)
        scheme, mark, rest = url.partition("://") if own else ("", "", "")
        user, at, host = rest.rpartition("@")
        self.url = QLineEdit(f"{scheme}{mark}{host}")
        self.url.setCursorPosition(0)
        self.url.setPlaceholderText("socks5h://127.0.0.1:1080")
        self.url.setAccessibleName(words("window.proxy.url"))
        self.user = QLineEdit(_plain(user) if at else "")
        self.user.setAccessibleName(words("window.proxy.user"))
        self.password = SecretField(context.theme, words, words("window.proxy.password"))
        form = QFormLayout()
        form.setContentsMargins(26, 0, 0, 0)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, field in (("url", self.url), ("user", self.user), ("password", self.password)):
            form.addRow(label(words(f"window.proxy.{name}"), Role.BODY, "text"), field)
        for button in self.options.values():
            self.body.addWidget(button)
        self.body.addLayout(form)
        self.body.addWidget(Prose(words("window.proxy.password_sentence"), Role.SMALL, "text3"))
        self.enter_clicks(self.test, self.url, self.user, self.password.field)
        self.end_body("other" if own else "tor" if url else "none")

    def offer(self) -> None:
        """Fields for another proxy only; without one there is nothing to test."""
        for field in (self.url, self.user, self.password):
            field.setEnabled(self.choice == "other")
        self.test.setEnabled(self.choice != "none")

    def reading(self) -> "Callable[[], Place | None]":
        """The proxy as typed."""
        choice, url = self.choice, self.url.text() if self.choice == "other" else TOR
        user, password = (self.user.text(), self.password.field.text()) if choice == "other" else ("", "")

        def work() -> "Place | None":
            from reserves_gui.services.proxies import proxy_place

            return None if choice == "none" else proxy_place(url, user, password)

        return work

    def testing(self, place: "Place | None") -> Callable[[Progress], Found]:
        """Greet it."""
        told = self.context.network.contacted

        def work(progress: Progress) -> Found:
            from reserves_gui.services.proxies import check_proxy

            assert place is not None
            return check_proxy(place, progress, told if place.host is not None else _nobody)

        return work

    def learns(self) -> tuple[str, str]:
        """Little: nothing goes through it."""
        return self.context.words("window.proxy.learns"), ""

    def before(self) -> str:
        """As the settings have it."""
        return self.context.settings.proxy

    def kept(self, place: "Place | None") -> None:
        """The password is not among the settings."""
        self.context.settings.proxy = "" if place is None else place.url


def _plain(user: str) -> str:
    from urllib.parse import unquote

    return unquote(user)


def _nobody(_host: str) -> None:
    """What listens on this computer is no host that is contacted."""

"""Asking for prices from the window: named sources, the offline switch, one question a host, the job."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.looking_up import Refusal, refused_host
from reserves_gui.messages import visible
from reserves_gui.progress import Progress

if TYPE_CHECKING:
    from reserves_gui.services.prices import Pricing
    from reserves_gui.services.probed import NamedSource

Asking = Callable[["Pricing", Progress], object]
"""Asks by the given sources; its result is handed over as it is."""


class PriceAsking(QObject):
    """Nothing is contacted while the window is offline, and no host without consent."""

    got = Signal(object)
    """What the work came to."""
    refused = Signal(str)
    """A sentence: why nobody was asked."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._over = parent

    def start(self, work: Asking) -> None:
        """Run ``work`` in a job once all its hosts may be asked; without price sources the user is asked for them."""
        settings = self._context.settings
        if not settings.price_sources:
            from reserves_gui.gui.dialogs.sources import SourcesDialog

            SourcesDialog(self._context, self._over).exec()
        sources = settings.price_sources
        if not sources:
            return

        def name() -> object:
            from reserves_gui.services.prices import named_price_sources

            return named_price_sources(sources)

        Fetch(name, lambda found: self._named(work, found), self)

    def _named(self, work: Asking, found: object) -> None:
        context, words = self._context, self._context.words
        if isinstance(found, ReservesError):
            context.complain(found)
            return
        assert isinstance(found, tuple)
        named: tuple[NamedSource, ...] = found
        hosts = tuple(dict.fromkeys(one.host for one in named if one.host is not None))
        learns, learns_not = words("window.host.learns_prices"), words("window.host.learns_not_prices")
        refusal = refused_host(context, hosts, learns, self._over, learns_not)
        if refusal is not None:
            kind, host = refusal
            key = "window.look.offline" if kind is Refusal.OFFLINE else "window.look.declined"
            self.refused.emit(words(key, hosts=visible(host), host=visible(host)))
            return
        texts, told = tuple(one.text for one in named), context.network.contacted
        online = bool(hosts)

        def run(progress: Progress) -> object:
            from reserves_gui.services.prices import Pricing

            return work(Pricing(sources=texts, offline=not online, told=told), progress)

        context.run(words("window.prices.asking"), run, self.got.emit)


def at_moment(assets: Sequence[str], moment: int) -> Asking:
    """Ask for the prices of ``assets`` at ``moment`` (seconds UTC) and keep them: a :class:`GotPrices`."""
    wanted: Mapping[str, Sequence[int]] = dict.fromkeys(assets, (moment,))

    def work(pricing: "Pricing", progress: Progress) -> object:
        from reserves_gui.services.prices import get_prices

        return get_prices(pricing, wanted, progress, db=None)

    return work

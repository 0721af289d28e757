"""What came in and went out of an exchange's listed wallets in US dollars, at kept prices with their sources."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.gui.asking_prices import PriceAsking
from reserves_gui.gui.context import Context
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.pictures.time_model import iso
from reserves_gui.gui.widgets.usd_card import UsdCard
from reserves_gui.messages import visible
from reserves_gui.progress import Progress, silent
from reserves_gui.services.results import rounded

if TYPE_CHECKING:
    from reserves_gui.services.prices import GotPrices, Pricing
    from reserves_gui.services.usd_flows import UsdFlow, UsdFlows

_REASONS = 3


class UsdFlowsCard(UsdCard):
    """Windows up to the newest look; a button asks for prices at every snapshot and day that is kept."""

    def __init__(self, context: Context, priced: Callable[[], None]) -> None:
        super().__init__(context.theme, context.words, self._ask, "window.prices.flows")
        # Title and hint do not stand side by side in the narrow column.
        self.set_hint("")
        self._context = context
        self._priced = priced
        self._exchange = ""
        self.asking = PriceAsking(context, self)
        self.asking.got.connect(self._got)
        self.asking.refused.connect(self.tell)

    def show_exchange(self, exchange: str) -> None:
        """Look up what the store says of ``exchange``; an empty name hides the card."""
        self._exchange = exchange
        if not exchange:
            self.hide()
            return

        def work() -> object:
            from reserves_gui.services.usd_flows import FlowsRequest, usd_flows

            return usd_flows(FlowsRequest(exchange=exchange), silent())

        def done(found: object) -> None:
            if exchange == self._exchange:
                self._done(found)

        Fetch(work, done, self)

    def _done(self, found: object) -> None:
        if isinstance(found, ReservesError):
            # Nothing is kept about it any more: there is nothing to show.
            self.hide()
            if found.code is not ErrorCode.USAGE:
                self._context.complain(found)
            return
        flows: UsdFlows = found  # type: ignore[assignment]
        self.clear()
        words = self._words
        if flows.end is None:
            self.hide()
            return
        self.sentence(words("window.prices.flows_until", time=words.row_time(iso(flows.end))))
        for one in flows.windows:
            self._window(one)
        if not flows.windows:
            self.sentence(words("window.prices.no_flows"))
        self.show_prices(flows.prices)

    def _window(self, flow: "UsdFlow") -> None:
        words = self._words
        name, net = words(f"history.window.{flow.name}"), rounded(flow.net)
        self.figure(name, net, words.amount(net), words("window.prices.net_spoken", window=name, usd=net))
        if flow.inward is not None and flow.outward is not None:
            sides = {"inward": words.amount(rounded(flow.inward)), "outward": words.amount(rounded(flow.outward))}
            self.sentence(words("window.prices.gross", **sides))
        if flow.missing:
            named = ", ".join(visible(asset) for asset, _ in flow.missing)
            self.sentence(words("window.prices.flow_without", assets=named))

    def _ask(self) -> None:
        exchange = self._exchange

        def work(pricing: "Pricing", progress: Progress) -> object:
            from reserves_gui.services.price_series import PriceSeriesRequest, price_series

            return price_series(PriceSeriesRequest(exchange=exchange, pricing=pricing), progress)

        self.asking.start(work)

    def _got(self, found: object) -> None:
        got: GotPrices = found  # type: ignore[assignment]
        words = self._words
        reasons = [f"{visible(source)}: {words.render(why)}" for source, why in got.reasons[:_REASONS]]
        self._priced()
        self.tell(" ".join(reasons))

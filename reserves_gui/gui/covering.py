"""Coverage of the opened wallet list: computed off the GUI thread whenever either side of it changes."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.session import Page, Result, source_name
from reserves_gui.verdict import Verdict

if TYPE_CHECKING:
    from reserves_gui.services.list_coverage import ListCoverage
    from reserves_gui.services.prices import GotPrices
    from reserves_gui.services.two_looks import TwoLooks


@dataclass(frozen=True, slots=True)
class _Sides:
    """What the coverage is computed from: the list, its ownership verdict, the look-up, and prices just asked for."""

    result: Result
    ownership: Verdict
    looks: "TwoLooks | None" = None
    got: "GotPrices | None" = None


class Covering(QObject):
    """Holds the coverage of one list at a time; what was computed for another one is dropped."""

    covered = Signal(object)
    """A :class:`ListCoverage`, or None where nothing is known to be owed."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._sides: _Sides | None = None
        self.found: ListCoverage | None = None
        self.source = ""
        """Where the liabilities come from: the name of the open file, else what the store says."""
        context.session.arrived.connect(self._arrived)

    @property
    def moment(self) -> int | None:
        """When the liabilities were counted (seconds UTC), None where nobody knows."""
        return None if self.found is None else self.found.moment

    def begin(self, result: Result, ownership: Verdict, looks: "TwoLooks | None" = None) -> None:
        """Compute the coverage of ``result``; ``looks``: what was seen, None before a look-up."""
        self._sides = _Sides(result, ownership, looks)
        self._compute()

    def price(self, got: "GotPrices") -> None:
        """Compute again with prices that were just asked for."""
        if self._sides is not None:
            self._sides = replace(self._sides, got=got)
            self._compute()

    def forget(self) -> None:
        """The list was closed."""
        self._sides = self.found = None

    def _arrived(self, result: object) -> None:
        if isinstance(result, Result) and result.page is Page.LIABILITIES and self._sides is not None:
            self._compute()

    def _compute(self) -> None:
        sides = self._sides
        if sides is None:
            return
        owed = self._owed(sides.ownership)
        cover = self._context.session.engine.cover_list

        def work() -> object:
            from reserves_gui.services.list_coverage import ListQuestion, listed_sums

            looks = sides.looks
            judged_again = None if looks is None else looks.ownership
            rows = sides.result.rows if judged_again is None else judged_again.rows
            return cover(
                ListQuestion(
                    exchange=sides.ownership.exchange,
                    liabilities=None if owed is None else owed.verdict,
                    listed=listed_sums(sides.ownership),
                    proven=frozenset() if rows is None else rows.proven(),
                    found=None if looks is None else looks.snapshot or looks.now,
                    got=sides.got,
                )
            )

        def done(found: object) -> None:
            if sides is self._sides:
                self._done(found, owed)

        Fetch(work, done, self)

    def _done(self, found: object, owed: Result | None) -> None:
        if isinstance(found, ReservesError):
            self._context.complain(found)
            return
        self.found = found  # type: ignore[assignment]
        stored = "" if self.found is None else self.found.source
        self.source = stored if owed is None else source_name(owed.request, owed.verdict)
        self.covered.emit(found)

    def _owed(self, ownership: Verdict) -> Result | None:
        """Liabilities of the same exchange that are open on the page beside; of any for a list that names none."""
        owed = self._context.session.results.get(Page.LIABILITIES)
        if owed is None or owed.verdict.total is None:
            return None
        from reserves_gui.services.list_coverage import may_belong

        return owed if may_belong(ownership.exchange, owed.verdict.exchange) else None

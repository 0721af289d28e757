"""What is open: requests, their results, and which page each belongs to. Every page reads from here."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.gui.engine import Engine
from reserves_gui.gui.jobs import Jobs
from reserves_gui.messages import say, visible
from reserves_gui.progress import Progress, Step
from reserves_gui.verdict import Verdict

if TYPE_CHECKING:
    from reserves_gui.services.dropped import Dropped
    from reserves_gui.services.formats import FormatInfo
    from reserves_gui.services.journal import JournalBalances
    from reserves_gui.services.verify import VerifyRequest
    from reserves_gui.services.wallet_table import WalletTable


class Page(StrEnum):
    """The five pages, in the order of the left bar."""

    BALANCE = "balance"
    LIABILITIES = "liabilities"
    WALLETS = "wallets"
    OVER_TIME = "over_time"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One finished run: what was asked, the verdict, and how long it took.

    ``example`` is the title of a bundled example and ``about`` what it shows; both are empty for the user's own files.
    ``rows`` are the judged rows of a wallet list. ``journal``: where the balances expected came from, if from there.
    """

    request: "VerifyRequest"
    verdict: Verdict
    format: "FormatInfo | None"
    example: str = ""
    about: str = ""
    seconds: float = 0.0
    clock: str = ""
    work: Step | None = None
    rows: "WalletTable | None" = None
    journal: "JournalBalances | None" = None

    @property
    def page(self) -> Page:
        """The page the verdict belongs to."""
        return page_of(self.verdict)


def page_of(verdict: Verdict) -> Page:
    """Whole trees and proofs without a leaf go to Liabilities, wallet lists to Wallets, the rest to My balance."""
    claims = {claim.id for claim in verdict.claims}
    if "tree" in claims or (claims & {"proof", "total"} and not claims & {"leaf", "path"}):
        return Page.LIABILITIES
    if claims & {"ownership", "balances"} and "leaf" not in claims:
        return Page.WALLETS
    return Page.BALANCE


def source_name(request: "VerifyRequest", verdict: Verdict) -> str:
    """The shown name of what was read."""
    if verdict.inputs:
        names = [record.name for record in verdict.inputs]
    else:
        names = [Path(path).name for path in request.files] or ["…"]
    first = visible(names[0])
    return first if len(names) == 1 else f"{first} + {len(names) - 1}"


class Session(QObject):
    """Runs requests and keeps the latest result per page. Starting a run supersedes the one under way."""

    arrived = Signal(object)
    """A :class:`Result`."""
    refused = Signal(object)
    """A :class:`ReservesError`: the input cannot be used, or the run was cancelled."""
    redirected = Signal(object)
    """A :class:`Dropped` that holds reports or receipts: another page or dialog takes them."""
    opened = Signal(object)
    """The :class:`VerifyRequest` of a new run that just began."""

    def __init__(self, engine: Engine, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engine = engine
        self.jobs = jobs
        self.results: dict[Page, Result] = {}
        self.latest: Result | None = None
        self.asked: VerifyRequest | None = None
        self.example = ""
        self.about = ""

    def check_files(self, paths: tuple[str, ...], *, example: str = "") -> None:
        """Verify files, folders or archives; their siblings in the same folder are found."""
        from reserves_gui.services.verify import VerifyRequest

        engine = self.engine

        def found(request: "VerifyRequest") -> "VerifyRequest | Dropped":
            dropped = engine.sort_out(request.files)
            if dropped.reports or dropped.receipts:
                return dropped
            return replace(request, files=engine.siblings(request.files))

        self.run(VerifyRequest(files=paths, jobs=_jobs()), example=example, prepare=found)

    def check_text(self, text: str) -> None:
        """Verify pasted text."""
        from reserves_gui.services.verify import VerifyRequest

        self.run(VerifyRequest(pasted=(text,), jobs=_jobs()))

    def again(self, result: Result, request: "VerifyRequest", journal: "JournalBalances | None" = None) -> None:
        """Verify the files of ``result`` again with what the user added; ``journal``: the balances are from there."""
        if journal is None and request.expected == result.request.expected:
            journal = result.journal
        self.run(request, example=result.example, about=result.about, journal=journal, fresh=False)

    def run(
        self,
        request: "VerifyRequest",
        *,
        example: str = "",
        about: str = "",
        prepare: Callable[["VerifyRequest"], "VerifyRequest | Dropped"] | None = None,
        journal: "JournalBalances | None" = None,
        fresh: bool = True,
    ) -> None:
        """Verify ``request`` in a job; with a ``fresh`` one of the user's own the journal is asked what to expect."""
        self.asked, self.example, self.about = request, example, about
        engine = self.engine
        began = time.monotonic()

        def work(progress: Progress) -> object:
            from reserves_gui.services.verify import VerifyRequest

            ready = request if prepare is None else prepare(request)
            if not isinstance(ready, VerifyRequest):
                return ready
            rows = None
            known = journal
            try:
                verdict = engine.verify(ready, progress)
            except ReservesError as error:
                if error.message.key != "error.wallet_list":
                    raise
                # What lies beside a list is none of it: only what the user gave is read as one.
                ready = request
                verdict, rows = engine.check_list(ready, progress)
            else:
                if fresh and not example and page_of(verdict) is Page.BALANCE:
                    ready, verdict, known = engine.expect_journal(ready, verdict, progress)
                if not example:
                    # Roots of the user's own files are kept where she keeps history; made-up ones never are.
                    verdict = engine.remember(ready, verdict)
            formats = {info.id: info for info in engine.formats()}
            return Result(
                request=ready,
                verdict=verdict,
                format=formats.get(verdict.format),
                example=example,
                about=about,
                seconds=time.monotonic() - began,
                clock=time.strftime("%H:%M:%S"),
                rows=rows,
                journal=known,
            )

        def done(result: object) -> None:
            if not isinstance(result, Result):
                self.redirected.emit(result)
                return
            finished = replace(result, work=job.measured)
            self.results[finished.page] = finished
            self.latest = finished
            self.arrived.emit(finished)

        def failed(error: ReservesError) -> None:
            if error.code is not ErrorCode.CANCELLED:
                self.latest = None
            self.refused.emit(error)

        job = self.jobs.start(say("window.job.verify"), work, done=done, failed=failed)
        self.opened.emit(request)

    def amend(self, result: Result, verdict: Verdict) -> Result:
        """The same result with what was found out since; it takes the old one's place where that still stands."""
        fresh = replace(result, verdict=verdict)
        if self.results.get(result.page) is result:
            self.results[result.page] = fresh
        if self.latest is result:
            self.latest = fresh
        return fresh

    def close(self, page: Page) -> None:
        """Forget the result of a page."""
        gone = self.results.pop(page, None)
        if gone is self.latest:
            self.latest = None


def _jobs() -> int:
    import os

    return max(1, os.cpu_count() or 1)

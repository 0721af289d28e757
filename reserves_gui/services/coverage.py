"""Reserves against liabilities, per asset: the one call behind `reserves coverage` and the coverage shown on pages."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from reserves_gui import limits
from reserves_gui.amounts import is_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history.coverage import (
    AssetCoverage,
)
from reserves_gui.history.figures import Interval
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.coverage_json import coverage_figures
from reserves_gui.services.coverage_lines import CoverageLine, coverage_checks, covered_line, in_dollars, moment_of
from reserves_gui.services.coverage_sides import (
    HeldSide,
    OwedSide,
    held_by_lists,
    held_by_store,
    kept_in_store,
    owed_by_files,
    owed_by_store,
)
from reserves_gui.services.coverage_usd import UsdFigures
from reserves_gui.services.inputs import sorted_files
from reserves_gui.services.lookup import Looking
from reserves_gui.services.prices import Pricing, get_prices, stored_prices
from reserves_gui.services.probed import OpenDoor
from reserves_gui.services.verify import VerifyRequest
from reserves_gui.verdict import Claim, ExitCode, State, Verdict

__all__ = ["AssetCoverage", "CoverageAnswer", "CoverageLine", "CoverageRequest", "Interval", "coverage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRequest:
    """One question about coverage.

    ``files``: proofs or trees, wallet lists and price files in any order; what they leave open is taken from the store
    of ``exchange``. ``start`` and ``end`` (dates) choose the stored snapshot, the newest one in between. ``time``: of
    the liabilities, where the files do not say. ``sources``, ``at``, ``contracts``, ``cache_folder``, ``fresh``: as in
    a look-up of balances. ``printed``: ratios as the publisher prints them, by asset. ``own_tokens``: further tokens of
    the exchange's own. ``prices``: where prices for sums over assets are asked, as in :class:`Pricing`. ``verifying``:
    what the verification of the liabilities is given beside the files.
    """

    files: tuple[str, ...] = ()
    exchange: str | None = None
    assets: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    time: str | None = None
    sources: tuple[str, ...] = ()
    at: Mapping[str, int] = field(default_factory=dict)
    contracts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)
    own_tokens: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()
    verifying: VerifyRequest = field(default_factory=VerifyRequest, repr=False)
    offline: bool = False
    proxy: str | None = None
    cache_folder: Path | None = None
    fresh: bool = False
    requests_per_run: int = limits.REQUESTS_PER_RUN
    db: str | None = None

    @property
    def looking(self) -> Looking:
        """Where this request looks."""
        return Looking(
            sources=self.sources,
            at=self.at,
            offline=self.offline,
            proxy=self.proxy,
            contracts=self.contracts,
            cache_folder=self.cache_folder,
            fresh=self.fresh,
            requests_per_run=self.requests_per_run,
        )

    @property
    def pricing(self) -> Pricing:
        """Where this request asks for prices."""
        return Pricing(
            sources=self.prices, offline=self.offline, proxy=self.proxy, requests_per_run=self.requests_per_run
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageAnswer:
    """Coverage of all assets. ``verdict`` carries the checks and is what the worst asset amounts to.

    ``not_in_report``: assets the user holds that the liabilities do not name. ``usd``: sums over assets in dollars,
    information only. ``unpriced``: price sources were named, and none of them gave a usable price.
    """

    exchange: str
    lines: tuple[CoverageLine, ...]
    not_in_report: tuple[str, ...]
    usd: UsdFigures
    unpriced: bool
    owed: OwedSide
    held: HeldSide
    verdict: Verdict

    @property
    def state(self) -> State:
        """The state of the worst asset, or failed where a claim beside it failed."""
        return self.verdict.state

    @property
    def exit_code(self) -> ExitCode:
        """That of the verdict; prices that were asked for in vain leave a run undecided that is verified without."""
        code = self.verdict.exit_code
        return ExitCode.UNDECIDED if self.unpriced and code is ExitCode.VERIFIED else code


def coverage(
    request: CoverageRequest,
    progress: Progress,
    *,
    clock: Callable[[], int] = lambda: int(time.time()),
    door: OpenDoor | None = None,
) -> CoverageAnswer:
    """Answer from files, from the store, or one side from each.

    Raises ``usage`` (nothing to answer from), whatever unusable files, sources and stores raise, and ``Cancelled``.
    """
    _check_printed(request.printed)
    files = sorted_files(request.files, format_id=request.verifying.format)
    if not files.liabilities and not files.lists and request.exchange is None:
        raise ReservesError(ErrorCode.USAGE, say("coverage.no_input"))
    owed = None
    if files.liabilities:
        verifying = replace(request.verifying, files=files.liabilities)
        owed = owed_by_files(verifying, request.exchange, request.time, progress)
    kept = kept_in_store(request.db, request.exchange) if request.exchange is not None else None
    if owed is None:
        owed = owed_by_store(kept, request.exchange, request.start, request.end)
    moment = moment_of(owed)
    if files.lists:
        held = held_by_lists(files.lists, request.looking, moment, owed.exchange, progress, door=door)
    else:
        held = held_by_store(kept, owed, request.looking, moment, progress, door=door)
    owed = owed.dated(held.times)
    lines = [
        covered_line(owed, held, one, now=clock(), kept=kept, printed=request.printed.get(one.asset))
        for one in owed.liabilities
        if not request.assets or one.asset in _upper(request.assets)
    ]
    missing = _not_in_report(owed, request.assets)
    moment = moment_of(owed)
    asked = {} if moment is None else dict.fromkeys((one.asset for one in lines), (moment,))
    got = get_prices(request.pricing, asked, progress, db=request.db, door=door)
    stored = stored_prices(kept.prices) if kept is not None else []
    own = _upper(request.own_tokens)
    usd = in_dollars(lines, owed, given=files.prices, kept=stored, got=got, own_tokens=own)
    verdict = _verdict(owed, held, lines, missing, request.assets)
    return CoverageAnswer(
        exchange=owed.exchange,
        lines=tuple(lines),
        not_in_report=missing,
        usd=usd,
        unpriced=got.in_vain,
        owed=owed,
        held=held,
        verdict=replace(verdict, extra=coverage_figures(lines, owed, held, usd)),
    )


def asks_coverage(files: Sequence[str], sources: Sequence[str], exchange: str | None) -> bool:
    """Whether a report over these files is one on coverage: something names reserves beside the liabilities."""
    if sources or exchange is not None:
        return True
    found = sorted_files(files)
    return bool(found.lists and found.liabilities)


def _upper(names: Sequence[str]) -> frozenset[str]:
    return frozenset(name.upper() for name in names) | frozenset(names)


def _check_printed(printed: Mapping[str, str]) -> None:
    for asset, text in printed.items():
        if not is_plain(text.strip().removesuffix("%").strip()):
            raise ReservesError(ErrorCode.USAGE, say("coverage.printed_grammar"), asset)


def _not_in_report(owed: OwedSide, assets: Sequence[str]) -> tuple[str, ...]:
    """Assets the user holds, or asked about, that the liabilities do not name."""
    named = {one.asset.upper() for one in owed.liabilities}
    wanted = {asset for asset, amount in owed.own.items() if Decimal(amount) != 0}
    if assets:
        wanted = {asset for asset in wanted if asset.upper() in _upper(assets)} | set(assets)
    return tuple(sorted(asset for asset in wanted if asset.upper() not in named))


def _verdict(
    owed: OwedSide, held: HeldSide, lines: Sequence[CoverageLine], missing: Sequence[str], assets: Sequence[str]
) -> Verdict:
    claims = (*owed.claims, *held.claims, Claim("coverage", coverage_checks(lines, missing, assets)))
    base = owed.base or Verdict(
        format="", exchange=owed.exchange, decisive=(), claims=(), guarantees=owed.guarantees, inputs=(), root=owed.root
    )
    # Everything the liabilities' verdict holds stays in it, so that a redacted report knows what to leave out.
    return replace(
        base,
        format=", ".join(dict.fromkeys((*owed.formats, *held.formats))),
        exchange=owed.exchange,
        decisive=("coverage",),
        claims=claims,
        inputs=(*owed.inputs, *held.inputs),
        snapshot=owed.snapshot,
        total={one.asset: one.text for one in owed.liabilities} or None,
        warnings=(*owed.warnings, *held.warnings),
        notes=(*owed.notes, *held.notes, *(note for one in lines for note in one.answer.notes)),
    )

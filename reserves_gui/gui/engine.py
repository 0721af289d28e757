"""What the window asks of the engine, as values: the services by default, hand-made answers in tests.

The services are imported when they are first called, so that the window is painted before the engine is loaded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reserves_gui.progress import Progress
from reserves_gui.verdict import Verdict

if TYPE_CHECKING:
    from reserves_gui.services.balances import BalancesRequest
    from reserves_gui.services.dropped import Dropped
    from reserves_gui.services.examples import Example
    from reserves_gui.services.formats import FormatInfo, Guide
    from reserves_gui.services.journal import JournalBalances
    from reserves_gui.services.list_coverage import ListCoverage, ListQuestion
    from reserves_gui.services.two_looks import TwoLooks
    from reserves_gui.services.verify import VerifyRequest
    from reserves_gui.services.wallet_table import WalletTable


@dataclass(frozen=True, slots=True)
class Engine:
    """The calls the window makes. All of them may be slow and run in jobs, except ``leaf_text``."""

    verify: Callable[["VerifyRequest", Progress], Verdict]
    formats: Callable[[], tuple["FormatInfo", ...]]
    guides: Callable[[str], tuple["Guide", ...]]
    leaf_text: Callable[[str, Mapping[str, object]], str | None]
    siblings: Callable[[Sequence[str]], tuple[str, ...]]
    examples: Callable[[str], tuple["Example", ...]]
    wallet_list: Callable[[str], "Example"]
    expect_journal: Callable[
        ["VerifyRequest", Verdict, Progress], tuple["VerifyRequest", Verdict, "JournalBalances | None"]
    ]
    remember: Callable[["VerifyRequest", Verdict], Verdict]
    sort_out: Callable[[Sequence[str]], "Dropped"]
    check_list: Callable[["VerifyRequest", Progress], tuple[Verdict, "WalletTable"]]
    look_twice: Callable[["BalancesRequest", Progress], "TwoLooks"]
    cover_list: Callable[["ListQuestion"], "ListCoverage | None"]


def services() -> Engine:
    """The engine's own services."""
    return Engine(
        verify=_verify,
        formats=_formats,
        guides=_guides,
        leaf_text=_leaf_text,
        siblings=_siblings,
        examples=_examples,
        wallet_list=_wallet_list,
        expect_journal=_expect_journal,
        remember=_remember,
        sort_out=_sort_out,
        check_list=_check_list,
        look_twice=_look_twice,
        cover_list=_cover_list,
    )


def _verify(request: "VerifyRequest", progress: Progress) -> Verdict:
    from reserves_gui.services.verify import verify_with_kept

    # As `reserves verify` does: roots and keys that were kept count. What is remembered is up to the session.
    return verify_with_kept(request, progress)


def _expect_journal(
    request: "VerifyRequest", verdict: Verdict, progress: Progress
) -> tuple["VerifyRequest", Verdict, "JournalBalances | None"]:
    from reserves_gui.services.own_balances import verify_with_journal

    return verify_with_journal(request, verdict, lambda asked: _verify(asked, progress))


def _remember(request: "VerifyRequest", verdict: Verdict) -> Verdict:
    import time

    from reserves_gui.services.root_logs import remembered

    return remembered(verdict, request, db=None, now=int(time.time()))


def _formats() -> tuple["FormatInfo", ...]:
    from reserves_gui.services.formats import formats

    return formats()


def _guides(language: str) -> tuple["Guide", ...]:
    from reserves_gui.services.formats import guides

    return guides(language)


def _leaf_text(format_id: str, fields: Mapping[str, object]) -> str | None:
    from reserves_gui.services.formats import leaf_text

    return leaf_text(format_id, fields)


def _siblings(paths: Sequence[str]) -> tuple[str, ...]:
    from reserves_gui.services.siblings import find_siblings

    return (*paths, *find_siblings(paths))


def _wallet_list(language: str) -> "Example":
    from reserves_gui.services.examples import wallet_list

    return wallet_list(language)


def _examples(language: str) -> tuple["Example", ...]:
    from reserves_gui.services.examples import examples

    return examples(language)


def _sort_out(paths: Sequence[str]) -> "Dropped":
    from reserves_gui.services.dropped import sort_out

    return sort_out(paths)


def _check_list(request: "VerifyRequest", progress: Progress) -> tuple[Verdict, "WalletTable"]:
    from reserves_gui.services.judging import judge
    from reserves_gui.services.wallet_table import WalletTable

    table = WalletTable()
    return judge(request, progress, row_sink=table.add), table


def _look_twice(request: "BalancesRequest", progress: Progress) -> "TwoLooks":
    from reserves_gui.services.two_looks import look_twice

    return look_twice(request, progress)


def _cover_list(question: "ListQuestion") -> "ListCoverage | None":
    from reserves_gui.services.list_coverage import list_coverage

    return list_coverage(question)

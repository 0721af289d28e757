"""The user's own file, ``user_config.json``: under the original key names or those of the forks."""

from collections.abc import Sequence
from dataclasses import dataclass

from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape
from reserves_gui.publishers.field_values import whole_number
from reserves_gui.publishers.zkmerkle.naming import COLLATERAL, ORIGINAL, dialect
from reserves_gui.zk.solvency.account import Holding

_COLLATERAL_AMOUNTS = ("Loan", "Margin", "PortfolioMargin")
# More assets than any round has slots: still a failed check, but nobody needs the ten-millionth.
_MOST_ASSETS = 20_000
_MOST_SIBLINGS = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFile:
    """What the file says, unjudged. ``identity``, ``root`` and ``siblings`` are texts as written."""

    index: int
    identity: str
    equity: int
    debt: int
    collateral: int | None
    holdings: tuple[Holding, ...]
    root: str
    siblings: tuple[str, ...]
    unknown: tuple[str, ...]


def read_user_file(document: Document) -> UserFile:
    """Read a user file. Raises ``json.*``, ``format.shape``, ``number.grammar``."""
    shape = document.shape()
    names = dialect(frozenset(shape.keys())) or ORIGINAL
    collateral = shape[COLLATERAL] if COLLATERAL in shape.keys() else None  # noqa: SIM118 - a Shape has no iterator
    return UserFile(
        index=whole_number(shape[names.index]),
        identity=shape[names.identity].text(),
        equity=whole_number(shape[names.equity]),
        debt=whole_number(shape[names.debt]),
        collateral=None if collateral is None else whole_number(collateral),
        holdings=_holdings(shape[names.assets].entries(_MOST_ASSETS), with_collateral=collateral is not None),
        root=shape[names.root].text(),
        siblings=tuple(one.text() for one in shape[names.proof].entries(_MOST_SIBLINGS)),
        unknown=tuple(sorted(set(shape.keys()) - names.all - {COLLATERAL})),
    )


def _holdings(entries: Sequence[Shape], *, with_collateral: bool) -> tuple[Holding, ...]:
    names = ("Index", "Equity", "Debt", *(_COLLATERAL_AMOUNTS if with_collateral else ()))
    return tuple(Holding(*(whole_number(entry[name]) for name in names)) for entry in entries)

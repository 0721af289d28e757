"""What rows of a list claim to hold, exactly or as far as the list rounds, and what was seen against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reserves_gui.amounts import EXACT, subtract, total
from reserves_gui.services.listed import Figure, NoQuestion, Question

# Chain, asset, what the address decodes to, and the height it is asked at.
AskedAt = tuple[str, str, bytes, int | None]


class Against(StrEnum):
    """Seen against listed, where the row is decided. ``ROUNDED``: they differ by less than the rounding hides."""

    HOLDS = "holds"
    MORE = "more"
    LESS = "less"
    ROUNDED = "rounded"
    NOT_COMPARED = "not_compared"


@dataclass(frozen=True, slots=True)
class Claimed:
    """The figures that a list states for one address or one group of addresses; they add up."""

    figures: tuple[Figure, ...]

    @property
    def amount(self) -> Decimal:
        """Their sum, coin units."""
        return total(figure.amount for figure in self.figures)

    def against(self, seen: Decimal, decimals: int) -> Against:
        """``seen`` against the sum; ``decimals`` are the asset's own. A figure rounded to d may be off by < 10^-d."""
        claimed = self.amount
        if seen == claimed:
            return Against.HOLDS
        hidden = total(
            EXACT.scaleb(Decimal(1), -figure.rounded)
            for figure in self.figures
            if figure.rounded is not None and figure.rounded < decimals
        )
        if abs(subtract(seen, claimed)) < hidden:
            return Against.ROUNDED
        return Against.LESS if seen < claimed else Against.MORE

    @property
    def places(self) -> int:
        """The fewest decimals any figure was rounded to; 0 where none was."""
        return min((one.rounded for one in self.figures if one.rounded is not None), default=0)


def claimed_by_address(
    asked: Sequence[Question | NoQuestion], at: Mapping[str, int]
) -> Mapping[AskedAt, Claimed | None]:
    """What all rows of one address and asset list together: different figures add up, a repeated row counts once."""
    figures: dict[AskedAt, dict[object, Figure]] = {}
    for one in asked:
        if isinstance(one, Question):
            kept = figures.setdefault((*one.identity, at.get(one.chain.name, one.listed.height)), {})
            if one.listed.figure is not None:
                # Other outputs of the same amount are no repetition.
                kept[one.listed.figure, one.listed.outputs] = one.listed.figure
    return {key: Claimed(tuple(found.values())) if found else None for key, found in figures.items()}

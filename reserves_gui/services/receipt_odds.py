"""How likely cheating would have shown among those who compared: in words, with formulas and the numbers in them."""

from dataclasses import dataclass

from reserves_gui.messages import Message, say
from reserves_gui.trust.odds import (
    chance_of_catching,
    chance_of_sibling_conflict,
    receipts_for_sibling_conflict,
    users_to_catch,
)

_ENOUGH = 0.95
_SIBLINGS = "P ≈ 1 - exp(-n(n-1) / (2(N-1)))"
_LEAVES = "P = 1 - C(N-k, n) / C(N, n)"
_EVERY = (100, 1_000)
"""Of how many leaves one is taken to be wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongLeaves:
    """One leaf in ``every`` is wrong (``wrong`` of all): the chance that its owner is among ``n`` random users.

    ``enough`` is the number of users for 95 %.
    """

    every: int
    wrong: int
    probability: float
    enough: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """What ``receipts`` of random users say about a tree of at most ``leaves`` leaves. Estimates, no amounts.

    ``probability``: that cheating between two sibling leaves would have shown; ``enough``: the number of receipts for
    95 % of it. ``own``: leaves that are wrong in themselves, which each user sees alone.
    """

    receipts: int
    leaves: int
    probability: float
    enough: int
    own: tuple[WrongLeaves, ...]

    def json(self) -> dict[str, object]:
        """Part of what ``reserves receipt compare --json`` prints; probabilities are texts of six decimals."""
        return {
            "formula": _SIBLINGS,
            "receipts": self.receipts,
            "leaves": self.leaves,
            "probability": f"{self.probability:.6f}",
            "receipts_for_95_percent": self.enough,
            "wrong_leaves": [
                {
                    "formula": _LEAVES,
                    "wrong": one.wrong,
                    "probability": f"{one.probability:.6f}",
                    "users_for_95_percent": one.enough,
                }
                for one in self.own
            ],
        }


def odds_of(*, receipts: int, leaves: int) -> Odds:
    """The odds of ``receipts`` random users' receipts of a tree of ``leaves`` leaves (two or more)."""
    return Odds(
        receipts=receipts,
        leaves=leaves,
        probability=chance_of_sibling_conflict(leaves=leaves, receipts=receipts),
        enough=receipts_for_sibling_conflict(leaves=leaves, chance=_ENOUGH),
        own=tuple(_wrong(every, receipts, leaves) for every in _EVERY if leaves >= every),
    )


def _wrong(every: int, receipts: int, leaves: int) -> WrongLeaves:
    wrong = leaves // every
    return WrongLeaves(
        every=every,
        wrong=wrong,
        probability=chance_of_catching(leaves=leaves, cheated=wrong, users=min(receipts, leaves)),
        enough=users_to_catch(leaves=leaves, cheated=wrong, chance=_ENOUGH),
    )


def odds_sentences(odds: Odds) -> tuple[Message, ...]:
    """The odds in words."""
    siblings = say(
        "receipt.odds",
        formula=_SIBLINGS,
        receipts=odds.receipts,
        leaves=odds.leaves,
        percent=_percent(odds.probability),
        enough=odds.enough,
    )
    own = [
        say(
            "receipt.odds_own",
            formula=_LEAVES,
            every=one.every,
            receipts=odds.receipts,
            percent=_percent(one.probability),
            enough=one.enough,
        )
        for one in odds.own
    ]
    return (siblings, *own, say("receipt.odds_limits"))


def _percent(probability: float) -> str:
    return f"{probability * 100:.4f}".rstrip("0").rstrip(".")

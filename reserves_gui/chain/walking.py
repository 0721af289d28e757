"""Balances at a past height from the present one: take back what happened since, newest first, and stop early.

B = present balance;  for each transaction newest first: if its height <= H: stop; B -= delta(transaction)
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import count

from reserves_gui import limits
from reserves_gui.chain.port import Account, Delta, unusable
from reserves_gui.errors import ReservesError


class Allowance:
    """The requests one address may cost."""

    def __init__(self, most: int = limits.REQUESTS_PER_ADDRESS) -> None:
        self.most = most
        self.spent = 0

    def spend(self, expected: int) -> None:
        """One more request; ``expected`` is how many the whole history would take. Raises above the allowance."""
        self.spent += 1
        if self.spent > self.most:
            raise unusable("chain.budget_address", needed=expected)


class Walks:
    """The changes of addresses as far as a run asked for them: several looks walk the same way once."""

    def __init__(self) -> None:
        self._known: dict[Account, tuple[object, list[Delta], Iterator[Delta]]] = {}

    def walk(self, account: Account, bound: object, changes: Callable[[], Iterator[Delta]]) -> Iterator[Delta]:
        """The changes of ``account``, newest first; what is not known yet is asked for on the way.

        They stay good as long as ``bound``, what the source says of the address now, stays the same.
        """
        known = self._known.get(account)
        if known is None or known[0] != bound:
            known = self._known[account] = (bound, [], changes())
        _, told, following = known
        for place in count():
            if place == len(told):
                try:
                    told.append(next(following))
                except StopIteration:
                    return
                except ReservesError:
                    self._known.pop(account, None)
                    raise
            yield told[place]


def walked_back(present: int, deltas: Iterable[Delta], down_to: int) -> int:
    """The balance after block ``down_to``. Raises if the walk ends below zero: its figures contradict each other."""
    balance = present
    for delta in deltas:
        if delta.height <= down_to:
            break
        balance -= delta.amount
    if balance < 0:
        raise unusable("chain.walk_negative")
    return balance


def in_order(deltas: Iterable[Delta], *, tip: int, most: int) -> Iterator[Delta]:
    """The same deltas, guarded: newest first, none twice, none above the tip, at most ``most`` of them."""
    seen: set[str] = set()
    height = tip
    for delta in deltas:
        if delta.transaction in seen:
            raise unusable("chain.page_repeated")
        seen.add(delta.transaction)
        if len(seen) > most:
            raise unusable("chain.page_beyond_count")
        if delta.height > height:
            raise unusable("chain.page_order")
        height = delta.height
        yield delta

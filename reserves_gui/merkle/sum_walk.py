"""Walking a sum path: leaf hash, sums and node hashes from the leaf up to the root, as a :class:`SumScheme` says.

Nothing is judged here. The walk always reaches the root: where the file contradicts itself it goes on with what it
recomputed, and keeps what was wrong with the sums for the judge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reserves_gui.amounts import ZERO, add, stripped
from reserves_gui.evidence import Side
from reserves_gui.merkle.numbers import Amount, Balances, CoinOrder, balance_text, cut_value, number_text, ordered
from reserves_gui.merkle.scheme import (
    LevelDirection,
    Merge,
    SideSource,
    SumEntry,
    SumProof,
    SumRules,
    SumScheme,
)
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class SumStep:
    """One level: the current node and its sibling below, the node made of them above.

    ``index`` counts from the leaf (0). ``amounts`` and ``parent_amounts`` are per coin, after the format's cut.
    ``problem`` is what is wrong with the coins that were added.
    """

    index: int
    node: str
    amounts: Balances
    side: Side
    sibling: SumEntry | None
    sibling_amounts: Balances
    parent: str
    parent_amounts: Balances
    problem: Message | None

    @property
    def missing(self) -> bool:
        """Whether there is no sibling."""
        return self.sibling is None or self.sibling.absent

    @property
    def padding(self) -> bool:
        """Whether the sibling only stands in for a missing node: the current node's own hash without any amount."""
        repeats = self.sibling is not None and self.sibling.hash == self.node
        return repeats and all(amount.value == 0 for amount in self.sibling_amounts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SumWalk:
    """What was recomputed under one set of rules."""

    rules: SumRules
    leaf: str
    amounts: Balances
    steps: tuple[SumStep, ...]
    sibling_leaf: str | None

    @property
    def root(self) -> str:
        """The recomputed root hash."""
        return self.steps[-1].parent if self.steps else self.leaf

    @property
    def totals(self) -> Balances:
        """The sums the root hash commits to."""
        return self.steps[-1].parent_amounts if self.steps else self.amounts


def walk(scheme: SumScheme, rules: SumRules, proof: SumProof, progress: Progress) -> SumWalk:
    """Recompute the leaf and every node of ``proof``."""
    amounts = per_coin(scheme, proof.own.balances)
    leaf = leaf_hash(scheme, rules, proof, proof.own)
    steps: list[SumStep] = []
    current: Balances = amounts
    hashed = leaf
    for index in range(proof.depth):
        progress.checkpoint()
        step = _step(scheme, rules, proof, index, hashed, current)
        steps.append(step)
        current, hashed = step.parent_amounts, step.parent
    sibling_leaf = None
    neighbour = steps[0].sibling if steps and not steps[0].missing and not steps[0].padding else None
    if scheme.sibling_leaf and neighbour is not None and neighbour.ids:
        sibling_leaf = leaf_hash(scheme, rules, proof, neighbour)
    return SumWalk(rules=rules, leaf=leaf, amounts=amounts, steps=tuple(steps), sibling_leaf=sibling_leaf)


def per_coin(scheme: SumScheme, balances: Balances | None) -> dict[str, Amount]:
    """The amounts per coin: those of several accounts of one coin added up, others as they are."""
    if balances is None:
        return {}
    if scheme.account_separator is None:
        return dict(balances)
    added: dict[str, Amount] = {}
    for key, amount in balances.items():
        coin = key.partition(scheme.account_separator)[0]
        before = added.get(coin)
        value = amount.value if before is None else add(before.value, amount.value)
        added[coin] = Amount(amount.text if before is None else str(value), value)
    return added


def leaf_hash(scheme: SumScheme, rules: SumRules, proof: SumProof, entry: SumEntry) -> str:
    """The leaf hash H(ids, balances) of ``entry``, in the scheme's template."""
    amounts = per_coin(scheme, entry.balances)
    if scheme.zero_coins_dropped:
        amounts = {coin: amount for coin, amount in amounts.items() if amount.value != 0}
    coins = ordered(scheme.order, amounts, proof.listed)
    texts = [(coin, number_text(rules.leaf_numbers, amounts[coin], proof.decimals.get(coin))) for coin in coins]
    return scheme.hash.text(rules.leaf.format_map({**entry.ids, "balances": balance_text(rules.leaf_text, texts)}))


def sums_text(scheme: SumScheme, rules: SumRules, proof: SumProof, amounts: Balances) -> str:
    """The balance text a node with these sums is hashed with."""
    coins = ordered(scheme.order, amounts, proof.listed)
    texts = [(coin, number_text(rules.sum_numbers, amounts[coin], proof.decimals.get(coin))) for coin in coins]
    return balance_text(rules.node_text, texts)


def parent_level(scheme: SumScheme, proof: SumProof, index: int) -> int:
    """The computed level of the node made at step ``index`` (0 at the leaf); 0 in schemes without levels."""
    return level_at(scheme, proof, index + 1)


def level_at(scheme: SumScheme, proof: SumProof, height: int) -> int:
    """The level a node ``height`` steps above the leaf must state."""
    rule = scheme.levels
    if rule is None:
        return height
    return rule.base + height if rule.direction is LevelDirection.UP else rule.base + proof.depth - height


def _own_side(scheme: SumScheme, proof: SumProof, index: int) -> Side:
    rule, sibling = scheme.sides, proof.siblings[index]
    if rule.source is SideSource.CURRENT and index == 0:
        return Side.LEFT if proof.own.side == rule.left else Side.RIGHT
    if sibling is None:
        return Side.LEFT
    return Side.RIGHT if sibling.side == rule.left else Side.LEFT


def _step(scheme: SumScheme, rules: SumRules, proof: SumProof, index: int, node: str, amounts: Balances) -> SumStep:
    sibling = proof.siblings[index]
    other = per_coin(scheme, sibling.balances if sibling else None)
    side = _own_side(scheme, proof, index)
    level = parent_level(scheme, proof, index)
    if sibling is None or sibling.absent:
        sums, problem = _alone(scheme, proof, amounts, other)
        fields: dict[str, object] = {"own": node, "level": level}
        template = rules.lone or rules.node
    else:
        on_left = side is Side.LEFT
        left, right = (amounts, other) if on_left else (other, amounts)
        sums, problem = _sum(scheme, proof, left, right)
        pair = (node, sibling.hash) if on_left else (sibling.hash, node)
        fields = {"l": pair[0], "r": pair[1], "level": level}
        template = rules.node
    cut = {
        coin: replace(amount, value=cut_value(rules.sum_numbers, amount.value, proof.decimals.get(coin)))
        for coin, amount in sums.items()
    }
    fields["balances"] = sums_text(scheme, rules, proof, cut)
    return SumStep(
        index=index,
        node=node,
        amounts=amounts,
        side=side,
        sibling=sibling,
        sibling_amounts=other,
        parent=scheme.hash.text(template.format_map(fields)),
        parent_amounts=cut,
        problem=problem,
    )


def _alone(
    scheme: SumScheme, proof: SumProof, amounts: Balances, other: Balances
) -> tuple[dict[str, Amount], Message | None]:
    problem = None
    held = next((coin for coin, amount in other.items() if amount.value != 0), None)
    if held is not None:
        problem = say("mpath.sum_without_hash", coin=held)
    if scheme.merge is Merge.LISTED:
        sums, outside = _listed(proof, amounts, {})
        return sums, problem or outside
    return dict(amounts), problem


def _sum(
    scheme: SumScheme, proof: SumProof, left: Balances, right: Balances
) -> tuple[dict[str, Amount], Message | None]:
    if scheme.merge is Merge.LISTED:
        return _listed(proof, left, right)
    coins = list(ordered(scheme.order, left, proof.listed) if scheme.order is CoinOrder.HASH_MAP else left)
    problem = None
    if scheme.merge is Merge.UNION:
        later = ordered(scheme.order, right, proof.listed) if scheme.order is CoinOrder.HASH_MAP else tuple(right)
        coins = list(dict.fromkeys([*coins, *scheme.added, *later]))
    else:
        unpaired = next(iter(sorted(left.keys() ^ right.keys())), None)
        if unpaired is not None:
            problem = say("mpath.sum_coins_differ", coin=unpaired)
    return {coin: _added(left.get(coin), right.get(coin)) for coin in coins}, problem


def _listed(proof: SumProof, left: Balances, right: Balances) -> tuple[dict[str, Amount], Message | None]:
    listed = set(proof.listed)
    outside = next(
        (coin for side in (left, right) for coin, amount in side.items() if coin not in listed and amount.value != 0),
        None,
    )
    problem = None if outside is None else say("mpath.sum_coin_not_listed", coin=outside)
    return {coin: _added(left.get(coin), right.get(coin)) for coin in proof.listed}, problem


def _added(left: Amount | None, right: Amount | None) -> Amount:
    if left is None and right is None:
        return Amount("0", ZERO)
    if left is None or right is None:
        return left or right or Amount("0", ZERO)
    return Amount("", add(left.value, right.value))


def stripped_amounts(rules: SumRules, amounts: Balances, decimals: Mapping[str, int]) -> dict[str, str]:
    """Amounts as stripped texts after the format's cut: what pools compare."""
    cut = {coin: cut_value(rules.sum_numbers, amount.value, decimals.get(coin)) for coin, amount in amounts.items()}
    return {coin: stripped(value) for coin, value in cut.items()}

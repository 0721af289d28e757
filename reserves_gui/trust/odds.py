"""How likely cheating is found, by how many users check (over-time definitions, section 8).

Probabilities are estimates and may be floats; no amount passes through here.
"""

from math import ceil, exp, expm1, fsum, lgamma, log1p, sqrt

# Up to here the product is added up factor by factor; the logarithms of the gamma function lose the digits of a chance
# among many millions of leaves.
_FACTORS = 10**6


def chance_of_catching(*, leaves: int, cheated: int, users: int) -> float:
    """The chance that one of ``users`` distinct random users is among the ``cheated`` of ``leaves``.

    P = 1 - C(N-k, n) / C(N, n). Raises ``ValueError`` unless 0 <= cheated, users <= leaves.
    """
    if not (0 <= cheated <= leaves and 0 <= users <= leaves):
        raise ValueError("more cheated leaves or users than leaves")
    if users > leaves - cheated:
        return 1.0
    # C(N-k, n) / C(N, n) is the same with k and n changed over: the smaller of the two is the number of factors.
    fewer, more = sorted((cheated, users))
    if fewer <= _FACTORS:
        return -expm1(fsum(log1p(-more / (leaves - index)) for index in range(fewer)))
    return -expm1(_log_choose(leaves - cheated, users) - _log_choose(leaves, users))


def users_to_catch(*, leaves: int, cheated: int, chance: float) -> int:
    """The fewest distinct random users of whom one is cheated with at least ``chance`` (above 0, below 1).

    Raises ``ValueError`` unless 1 <= cheated <= leaves.
    """
    if not 1 <= cheated <= leaves:
        raise ValueError("no cheated leaf, or more than leaves")
    low = 1
    # Drawing each user from all leaves anew needs more of them: never fewer than this many are enough.
    high = leaves - cheated + 1 if cheated == leaves else ceil(log1p(-chance) / log1p(-cheated / leaves))
    high = min(high, leaves - cheated + 1)
    while low < high:
        middle = (low + high) // 2
        if chance_of_catching(leaves=leaves, cheated=cheated, users=middle) >= chance:
            high = middle
        else:
            low = middle + 1
    return low


def chance_of_sibling_conflict(*, leaves: int, receipts: int) -> float:
    """The chance that receipts of random users hold both owners of a cheated pair: 1 - exp(-n(n-1) / (2(N-1)))."""
    if leaves < 2:
        return 0.0
    return 1.0 - exp(-receipts * (receipts - 1) / (2 * (leaves - 1)))


def receipts_for_sibling_conflict(*, leaves: int, chance: float) -> int:
    """The fewest receipts that hold both owners of a cheated pair with at least ``chance`` (above 0, below 1).

    n(n-1) = -2(N-1) ln(1 - P), solved for n.
    """
    if leaves < 2:
        return 2
    products = -2.0 * (leaves - 1) * log1p(-chance)
    return ceil((1.0 + sqrt(1.0 + 4.0 * products)) / 2.0)


def _log_choose(total: int, chosen: int) -> float:
    return lgamma(total + 1) - lgamma(chosen + 1) - lgamma(total - chosen + 1)

"""What a verdict does not show, however good: said in every report (attacks.md G1-G25, ePrint 2018/1139)."""

from reserves_gui.messages import Message, say
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, State, SumBinding, Verdict

# NIST SP 800-131A takes collision resistance of 80 bits (160 bits of output) as the least; below it is called weak.
_WEAK_BITS = 160

_SUMS = {
    SumBinding.CHILDREN: (),
    SumBinding.WHOLE_TREE: (),
    SumBinding.SUM_ONLY: (say("report.limit.sum_only"),),
    SumBinding.NONE: (say("report.limit.no_sums"),),
    SumBinding.ZERO_KNOWLEDGE: (say("report.limit.setup"),),
}
_IDENTITY = {
    LeafIdentity.RECOMPUTED: (),
    LeafIdentity.OPAQUE: (say("report.limit.identity_opaque"),),
    LeafIdentity.NONE: (say("report.limit.identity_none"),),
}


def caveats(verdict: Verdict) -> tuple[Message, ...]:
    """Everything that must be said: what no verdict shows, then what this format leaves open."""
    return not_shown(verdict) + left_open(verdict)


def not_shown(verdict: Verdict) -> tuple[Message, ...]:
    """What no verdict shows, the nearest misreading first; each completes "This does not show"."""
    if "coverage" in verdict.decisive:
        return (say("report.limit.borrowed"), say("report.limit.withdraw"), say("report.limit.other_times"))
    if verdict.claim("ownership") is not None:
        held, covered = (_holds(verdict, claim) for claim in ("balances", "coverage"))
        return (
            *(() if held else (say("report.limit.wallets.coins"),)),
            say("report.limit.wallets.borrowed"),
            say("report.limit.wallets.when"),
            *((say("report.limit.other_times"),) if covered else (say("report.limit.wallets.owed"),)),
        )
    return (
        say("report.limit.coins", exchange=verdict.exchange),
        say("report.limit.others"),
        say("report.limit.withdraw"),
        say("report.limit.other_times"),
    )


def _holds(verdict: Verdict, name: str) -> bool:
    claim = verdict.claim(name)
    return claim is not None and claim.state is State.VERIFIED


def left_open(verdict: Verdict) -> tuple[Message, ...]:
    """What the format leaves open, whatever the verdict (contract section 2)."""
    return () if verdict.guarantees is None else _of_format(verdict.guarantees)


def _of_format(guarantees: Guarantees) -> tuple[Message, ...]:
    found = (*_IDENTITY[guarantees.leaf_identity], *_SUMS[guarantees.sum_binding])
    if guarantees.negative_balances is NegativeBalances.HIDDEN:
        found += (say("report.limit.negative_hidden"),)
    if guarantees.hash_bits < _WEAK_BITS:
        found += (say("report.limit.weak_hash", bits=guarantees.hash_bits),)
    if not guarantees.domain_separation:
        found += (say("report.limit.domains"),)
    if not guarantees.per_asset:
        found += (say("report.limit.one_figure"),)
    return found

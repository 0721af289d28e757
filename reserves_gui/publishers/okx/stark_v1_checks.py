"""The checks of ``proof``, ``total`` and ``root`` over a round of the first generation."""

from collections import Counter
from collections.abc import Sequence

from reserves_gui import limits
from reserves_gui.messages import Message, say
from reserves_gui.publishers.okx.stark_v1 import TOTAL
from reserves_gui.publishers.okx.stark_v1_files import Config, Inclusion
from reserves_gui.publishers.okx.stark_v1_round import TRUNK, Proven, RoundFiles
from reserves_gui.verdict import Check, Checks, Outcome
from reserves_gui.zk.stark import CHECKS
from reserves_gui.zk.stark_field import P

NAMES_LISTED = 20


def check_proofs(checks: Checks, files: RoundFiles, proven: Sequence[Proven], config: Config | None) -> None:
    """``proof.shape`` … ``proof.constraints`` over all parts: each failing file by name, else one check for all."""
    for part in proven:
        if config is not None and part.sums is not None and set(part.sums.coins) != set(config.coins):
            checks.failed("proof.shape", say("okx_stark_v1.proof.coins", folder=part.folder))
    wanted = len(files.parts)
    for check_id in CHECKS:
        kind = check_id.partition(".")[2]
        failures = [reason for part in proven if (reason := part.outcomes.get(check_id)) is not None]
        made = sum(1 for part in proven if check_id in part.outcomes)
        for reason in failures[: limits.FAILING_NODES_LISTED]:
            checks.failed(check_id, reason)
        if failures:
            continue
        if made == wanted and made:
            checks.passed(check_id, say(f"stark.{kind}.passed", count=made))
        elif made:
            checks.add(Check(check_id, Outcome.PARTIAL, say("stark.partial", made=made, count=wanted)))
        else:
            checks.not_checked(check_id, say("stark.not_made"))


def check_sums(checks: Checks, files: RoundFiles, proven: Sequence[Proven], config: Config | None) -> None:
    """``total.batches`` and ``proof.rows``: trunk and batches are there, roots distinct, every sum adds up.

    The sums are compared as plain integers, which implies equality modulo P.
    """
    missing = _missing(files, config)
    if missing is not None:
        checks.not_checked("proof.rows", missing)
        checks.not_checked("total.batches", missing)
        return
    wrong = _sums_differ(proven)
    repeated = [
        root for root, count in Counter(part.root for part in proven if part.folder != TRUNK).items() if count > 1
    ]
    if wrong:
        reason = say("okx_stark_v1.batches.differ", coins=listed(wrong))
        checks.failed("total.batches", reason)
    if repeated:
        checks.failed("total.batches", say("okx_stark_v1.batches.repeated", root=repeated[0]))
    if wrong or repeated:
        checks.not_checked("proof.rows", say("okx_stark_v1.rows.sums"))
        return
    count = len(files.batches)
    checks.passed("total.batches", say("okx_stark_v1.batches.ok", count=count))
    checks.passed("proof.rows", say("okx_stark_v1.rows.ok", count=count))


def _missing(files: RoundFiles, config: Config | None) -> Message | None:
    """What is said of the first file without which the round is not whole."""
    if config is None:
        return _lacks("config.json")
    if files.trunk is None:
        return _lacks(f"{TRUNK}/sum_proof.json")
    if not files.batches:
        return say("okx_stark_v1.rows.no_batch")
    for part in files.parts:
        if part.proof is None:
            return _lacks(f"{part.folder}/sum_proof.json")
        if part.values is None:
            return _lacks(f"{part.folder}/sum_values.json")
    return None


def _lacks(file: str) -> Message:
    return say("okx_stark_v1.rows.missing", what=file)


def _sums_differ(proven: Sequence[Proven]) -> list[str]:
    trunk = next(part.sums for part in proven if part.folder == TRUNK)
    batches = [part.sums for part in proven if part.folder != TRUNK and part.sums is not None]
    if trunk is None:
        return [TOTAL]
    wrong = [
        coin for coin, stated in trunk.coins.items() if sum(batch.coins.get(coin, 0) for batch in batches) != stated
    ]
    wrong += sorted({coin for batch in batches for coin in batch.coins} - set(trunk.coins))
    if sum(batch.total for batch in batches) != trunk.total:
        wrong.append(TOTAL)
    return wrong


def check_bound(checks: Checks, config: Config | None) -> None:
    """``total.bound``: the trunk's totals are proven when every proof verified; then for the main coins only."""
    outcomes = [check.outcome for check in checks if check.claim == "proof"]
    if config is not None and outcomes and all(outcome is Outcome.PASSED for outcome in outcomes):
        checks.passed("total.bound", say("okx_stark_v1.bound.ok", coins=listed(config.coins[: config.main])))
    else:
        checks.not_checked("total.bound", say("okx_stark_v1.bound.no"))


def root_checks(proof: Inclusion, proven: Sequence[Proven]) -> list[Check]:
    """``root.trunk``, ``root.batch``, ``root.batch_sums``: the user's roots and row against the sum proofs given."""
    made = Checks()
    stated = proof.trunk.root.hex()
    trunk = next((part for part in proven if part.folder == TRUNK), None)
    if trunk is None:
        made.not_checked("root.trunk", say("okx_stark_v1.root.no_trunk"))
    elif trunk.root != stated:
        made.failed("root.trunk", say("okx_stark_v1.root.trunk_differs"), expected=trunk.root, seen=stated)
    else:
        made.passed("root.trunk", say("okx_stark_v1.root.trunk_ok"), expected=trunk.root, seen=stated)
    batches = [part for part in proven if part.folder != TRUNK]
    if not batches:
        reason = say("okx_stark_v1.root.no_batches")
        made.add(Check("root.batch", Outcome.NOT_CHECKED, reason, required=False))
        return list(made)
    same = [part for part in batches if part.root == proof.user.root.hex()]
    if len(same) != 1:
        key = "okx_stark_v1.root.batch_twice" if same else "okx_stark_v1.root.batch_unknown"
        made.failed("root.batch", say(key), seen=proof.user.root.hex())
        return list(made)
    batch = same[0]
    if batch.uts != proof.uts:
        reason = say("okx_stark_v1.root.batch_uts", folder=batch.folder)
        made.failed("root.batch", reason, expected=str(batch.uts), seen=str(proof.uts))
    else:
        made.passed("root.batch", say("okx_stark_v1.root.batch_ok", folder=batch.folder), seen=batch.root)
    _check_row(made, proof, batch)
    return list(made)


def _check_row(made: Checks, proof: Inclusion, batch: Proven) -> None:
    """The trunk's row of the batch holds the batch's sums, modulo P."""
    if batch.sums is None:
        made.not_checked("root.batch_sums", say("okx_stark_v1.root.no_values", folder=batch.folder))
        return
    row = {**proof.trunk.coins, TOTAL: proof.trunk.total}
    sums = {**batch.sums.coins, TOTAL: batch.sums.total}
    wrong = [name for name in sums if name not in row or (row[name] - sums[name]) % P]
    wrong += [name for name in row if name not in sums]
    if wrong:
        reason = say("okx_stark_v1.root.sums_differ", folder=batch.folder, coins=listed(wrong))
        made.failed("root.batch_sums", reason)
    else:
        made.passed("root.batch_sums", say("okx_stark_v1.root.sums_ok", folder=batch.folder))


def listed(names: Sequence[str]) -> str:
    """Names for a sentence: twenty at most, then how many more."""
    shown = ", ".join(names[:NAMES_LISTED])
    more = len(names) - NAMES_LISTED
    return f"{shown} (+{more})" if more > 0 else shown

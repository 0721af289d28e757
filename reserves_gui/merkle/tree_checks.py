"""From the report on a whole tree to its checks: which node fails, where it stands, and what was seen there."""

from collections.abc import Iterable

from reserves_gui.merkle.node_failures import Failures, NodeFailure
from reserves_gui.merkle.tree import TreeReport
from reserves_gui.messages import Message, say
from reserves_gui.verdict import Checks, Outcome


def report_tree(report: TreeReport, checks: Checks) -> None:
    """Add the checks ``tree.grammar complete range negative hash sum`` of ``report``."""
    _grammar(report, checks)
    _complete(report, checks)
    unread = say("trees.unread_values", count=report.grammar.count) if report.grammar else None
    each_node(checks, "tree.range", report.range, passed=say("trees.range_passed", nodes=report.nodes), missing=unread)
    negative_passed = say("trees.negative_passed", nodes=report.nodes)
    each_node(checks, "tree.negative", report.negative, passed=negative_passed, missing=unread)
    hash_passed = say("trees.hash_passed", nodes=max(0, report.nodes // 2))
    sum_passed = say("trees.sum_passed", nodes=max(0, report.nodes // 2))
    missing = _unrecomputed(report)
    each_node(checks, "tree.hash", report.hash, passed=hash_passed, missing=missing or _unhashable(report))
    each_node(checks, "tree.sum", report.sum, passed=sum_passed, missing=missing)


def failing_nodes(**kinds: Iterable[NodeFailure]) -> list[dict[str, object]]:
    """The failing nodes as a JSON-ready list, by the name of their check."""
    return [
        {"check": f"tree.{kind}", "node": one.node, "row": one.row, "position": one.position, "line": one.line}
        for kind, failures in kinds.items()
        for one in failures
    ]


def each_node(
    checks: Checks, check_id: str, failures: Failures, *, passed: Message, missing: Message | None = None
) -> None:
    """One check over all nodes: failed with the first failing node, not made for the reason ``missing``, or passed."""
    if failures:
        checks.failed(check_id, node_failed(check_id, failures), **_compared(failures.first[0]))
    elif missing is not None:
        checks.not_checked(check_id, missing)
    else:
        checks.passed(check_id, passed)


def node_failed(check_id: str, failures: Failures) -> Message:
    """The sentence for failing nodes: the first by index, row, position and line, the others by index, and how many."""
    first = failures.first[0]
    kind = check_id.partition(".")[2]
    place = {"node": first.node, "row": first.row, "position": first.position, "line": first.line}
    values = {"expected": first.expected, "seen": first.seen}
    if failures.count == 1:
        return say(f"trees.{kind}_failed", **place, **values)
    listed = ", ".join(str(one.node) for one in failures.first)
    more = ", …" if failures.count > len(failures.first) else ""
    return say(f"trees.{kind}_failed_many", **place, **values, count=failures.count, nodes=f"{listed}{more}")


def tree_stands(checks: Checks) -> bool:
    """Whether every check of the claim ``tree`` made so far passed."""
    return all(check.outcome is Outcome.PASSED for check in checks if check.claim == "tree")


def report_grammar(checks: Checks, failures: Failures, *, passed: Message, rule: Message) -> None:
    """The check ``tree.grammar`` from failing line numbers; ``rule`` is the sentence for a bad line."""
    if not failures:
        checks.passed("tree.grammar", passed)
        return
    lines = ", ".join(str(one.line) for one in failures.first)
    more = ", …" if failures.count > len(failures.first) else ""
    args = {**rule.args, "line": failures.first[0].line, "count": failures.count, "lines": f"{lines}{more}"}
    checks.failed("tree.grammar", Message(rule.key, args))


def _grammar(report: TreeReport, checks: Checks) -> None:
    blank = report.layout.blank_tail and report.grammar.count == 1
    rule = say("trees.blank_lines") if blank else say("trees.grammar_failed")
    passed = say("trees.grammar_passed", lines=report.nodes + 1)
    report_grammar(checks, report.grammar, passed=passed, rule=rule)


def _complete(report: TreeReport, checks: Checks) -> None:
    if report.leaf_count is not None:
        checks.passed("tree.complete", say("trees.complete_passed", nodes=report.nodes, leaves=report.leaf_count))
        return
    below, above = report.nearest
    checks.failed(
        "tree.complete",
        say("trees.complete_failed", nodes=report.nodes, below=below, above=above),
        expected=f"{below} / {above}",
        seen=str(report.nodes),
    )


def _unrecomputed(report: TreeReport) -> Message | None:
    """Why not every node was recomputed, if so."""
    if not report.hashed:
        return say("trees.stopped_at_grammar")
    if report.leaf_count is None:
        return say("trees.only_whole_rows")
    return None


def _unhashable(report: TreeReport) -> Message | None:
    if not report.unhashable:
        return None
    first = report.unhashable.first[0]
    return say("trees.unhashable", node=first.node, line=first.line, count=report.unhashable.count)


def _compared(failure: NodeFailure) -> dict[str, str]:
    return {name: value for name, value in (("expected", failure.expected), ("seen", failure.seen)) if value}

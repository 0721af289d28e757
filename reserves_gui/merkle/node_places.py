"""Checks over the nodes of a tree that is no line file: the first failing node by index, row and position."""

from reserves_gui.merkle.node_failures import Failures, NodeFailure
from reserves_gui.messages import Message, say
from reserves_gui.verdict import Checks


def add_node(failures: Failures, node: int, row: int, position: int, expected: str = "", seen: str = "") -> None:
    """Record a failing node by its breadth-first index, its row (0 for the root's) and its position in the row."""
    failures.add_at(NodeFailure(node, row, position, 0, expected, seen))


def add_heap_node(failures: Failures, node: int, expected: str = "", seen: str = "") -> None:
    """Record a failing node of a tree whose children of i are 2i+1 and 2i+2."""
    row = (node + 1).bit_length() - 1
    add_node(failures, node, row, node + 1 - (1 << row), expected, seen)


def report_nodes(
    checks: Checks, check_id: str, failures: Failures, *, passed: Message, missing: Message | None = None
) -> None:
    """One check over all nodes: failed with the first failing node, not made for the reason ``missing``, or passed."""
    if not failures:
        if missing is not None:
            checks.not_checked(check_id, missing)
        else:
            checks.passed(check_id, passed)
        return
    first = failures.first[0]
    more = ", …" if failures.count > len(failures.first) else ""
    reason = say(
        f"nodes.{check_id.partition('.')[2]}_failed",
        node=first.node,
        row=first.row,
        position=first.position,
        expected=first.expected,
        seen=first.seen,
        count=failures.count,
        nodes=", ".join(str(one.node) for one in failures.first) + more,
    )
    checks.failed(check_id, reason, expected=first.expected or None, seen=first.seen or None)


def listed_nodes(**kinds: Failures) -> list[dict[str, object]]:
    """The failing nodes as a JSON-ready list, by the name of their check."""
    return [
        {"check": f"tree.{kind}", "node": one.node, "row": one.row, "position": one.position}
        for kind, failures in kinds.items()
        for one in failures
    ]

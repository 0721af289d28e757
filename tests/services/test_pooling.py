"""Several users' proofs in one run: the node they disagree about is marked in the picture of the answer."""

from reserves_gui.evidence import NodeState
from reserves_gui.progress import silent
from reserves_gui.services.examples import example
from reserves_gui.services.verify import verify
from reserves_gui.verdict import State


def test_the_node_shown_with_two_balances_is_marked() -> None:
    verdict = verify(example("forged").request(), silent())
    total = verdict.claim("total")
    assert total is not None
    check = next(check for check in total.checks if check.id == "total.pooled")
    assert verdict.picture is not None
    marked = [node.hash for node in verdict.picture.nodes if node.state is NodeState.FAILED]
    assert marked == [check.reason.args["node"]]
    assert total.state is State.FAILED


def test_a_user_who_is_no_part_of_the_conflict_draws_nothing() -> None:
    honest = example("verified")
    alone = verify(honest.request(), silent())
    assert alone.picture is not None
    assert all(node.state is not NodeState.FAILED for node in alone.picture.nodes)

"""Progress is throttled, monotone, and cancels at the next look."""

import pytest

from reserves_gui.errors import Cancelled
from reserves_gui.messages import say
from reserves_gui.progress import Progress, Step


def test_reports_are_at_most_thirty_a_second_and_end_at_the_total() -> None:
    now = [0.0]
    steps: list[Step] = []
    progress = Progress(steps.append, clock=lambda: now[0])
    progress.stage(say("progress.start"), 10_000)
    for done in range(1, 10_001):
        now[0] += 0.0002
        progress.advance(done)
    assert len(steps) <= 2 + 30 * 2 + 1
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].done == 10_000


def test_progress_never_goes_back() -> None:
    steps: list[Step] = []
    progress = Progress(steps.append, clock=iter(range(100)).__next__)
    progress.stage(say("progress.start"), 10)
    progress.advance(5)
    progress.advance(3)
    assert steps[-1].done == 5


def test_cancelling_stops_at_the_next_checkpoint() -> None:
    progress = Progress()
    progress.checkpoint()
    progress.cancel()
    with pytest.raises(Cancelled):
        progress.advance(1)

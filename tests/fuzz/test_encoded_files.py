"""Sets of files of which one is wrong: every format looks at them without an error, and judges its own with the program's own error."""

from random import Random

import pytest

from reserves_gui.errors import ReservesError
from reserves_gui.intake.document import Document, from_bytes
from reserves_gui.progress import silent
from reserves_gui.publishers.port import Evidence, Format, Given
from reserves_gui.publishers.registry import formats
from reserves_gui.verdict import State
from tests.fuzz.mutating import mutated
from tests.fuzz.seeds import SEEDS, Seed

_ROUNDS = 200
_ASKED_EACH_ROUND = 6


def _judged(declared: Format, files: list[tuple[str, bytes]], seed: Seed) -> set[State] | None:
    """The states of the claims, None where the format recognises none of the files."""
    roles: dict[str, tuple[Document, ...]] = {}
    for name, data in files:
        document = from_bytes(name, data)
        match = declared.recognise(document)
        if match is not None:
            roles[match.role] = (*roles.get(match.role, ()), document)
    if not roles:
        return None
    evidence, given = Evidence(roles), Given(user=seed.user)
    if declared.rows is not None:
        list(declared.rows(evidence, given, silent()))
    return {claim.state for claim in declared.verify(evidence, given, silent()).claims}


@pytest.mark.parametrize("name", SEEDS)
def test_the_unchanged_files_are_judged_by_their_format(name: str) -> None:
    """Else the rounds below would mutate what nobody reads to the end."""
    seed = SEEDS[name]
    assert _judged(formats()[seed.format], list(seed.files.items()), seed)


@pytest.mark.parametrize("name", SEEDS)
def test_only_the_programs_own_error_leaves_a_format(name: str) -> None:
    seed = SEEDS[name]
    others = sorted(formats())
    recognised = 0
    for number in range(_ROUNDS):
        draw = Random(f"{name} {number}")
        files = dict(seed.files)
        changed = draw.choice(sorted(files))
        files[changed] = mutated(files[changed], draw)
        for chosen in {seed.format, *draw.sample(others, _ASKED_EACH_ROUND)}:
            try:
                recognised += _judged(formats()[chosen], list(files.items()), seed) is not None
            except ReservesError:
                recognised += 1
    assert recognised

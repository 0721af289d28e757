"""Whatever is in a file: a publisher answers, or refuses it with an error of ours. Nothing else comes out."""

from pathlib import Path

import pytest

from reserves_gui.errors import ReservesError
from reserves_gui.intake.document import from_bytes
from reserves_gui.progress import silent
from reserves_gui.publishers.port import Evidence, Given
from reserves_gui.publishers.registry import candidates
from reserves_gui.services.examples import examples
from reserves_gui.verdict import Findings
from tests.conftest import shared_vectors
from tests.fuzz.mutations import spoiled

_LARGEST = 48 * 1024
_COPIES = 24
# Their proofs take long to judge; every field of theirs is altered in tests of their own.
_SLOW = {"okx-stark-v1", "okx-stark-v2", "binance-zk", "gate-zk"}


def _seeds() -> list[object]:
    files = [Path(path) for one in examples() for path in one.files]
    folder = shared_vectors()
    if folder is not None:
        for each in sorted(one for one in folder.iterdir() if one.is_dir() and one.name not in _SLOW):
            found = [path for path in sorted(each.iterdir()) if path.is_file() and path.name != "manifest.json"]
            honest = [path for path in found if not path.name.startswith("neg") and path.stat().st_size <= _LARGEST]
            files += honest[:2]
    small = dict.fromkeys(
        path
        for path in files
        if path.stat().st_size <= _LARGEST and candidates(from_bytes(path.name, path.read_bytes()))
    )
    return [pytest.param(path, id=f"{path.parent.name}-{path.name}") for path in small]


@pytest.mark.parametrize("path", _seeds())
def test_only_our_errors_leave_a_publisher(path: Path) -> None:
    for made in spoiled(path.read_bytes(), _COPIES, path.name):
        try:
            document = from_bytes(path.name, made)
            found = candidates(document)
        except ReservesError:
            continue
        for one in found:
            try:
                judged = one.format.verify(Evidence({one.match.role: (document,)}), Given(), silent())
            except ReservesError:
                continue
            assert isinstance(judged, Findings)

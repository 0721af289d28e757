"""Single changed characters that a format's judgement does not notice."""

import random
import string
from collections.abc import Iterator, Sequence
from typing import Any

from reserves_gui.errors import ReservesError
from tests.encoders.judging import judge

_KINDS = (string.digits, "abcdef", string.ascii_lowercase, string.ascii_uppercase, "{}[],:;|\"'. -+=\n\t")


def replaced(data: bytes, position: int, draw: random.Random) -> bytes:
    """Another character of the same kind at ``position``."""
    old = chr(data[position])
    kind = next((kind for kind in _KINDS if old in kind), string.printable)
    new = draw.choice([char for char in kind if char != old])
    return data[:position] + new.encode() + data[position + 1 :]


def unnoticed(
    format_id: str, files: Sequence[bytes], altered: int, *, seed: int, count: int, **given: Any
) -> Iterator[bytes]:
    """The altered texts of file ``altered`` whose judgement is as good as the honest one, with the same root."""
    draw = random.Random(seed)
    honest = judge(format_id, *files, **given)
    assert not honest.failed, honest.failed
    for _ in range(count):
        text = replaced(files[altered], draw.randrange(len(files[altered])), draw)
        try:
            judged = judge(format_id, *files[:altered], text, *files[altered + 1 :], **given)
        except (ReservesError, ValueError):
            continue
        same_root = judged.findings.root == honest.findings.root
        as_good = all(judged.states.get(claim) == state for claim, state in honest.states.items())
        if not judged.failed and same_root and as_good:
            yield text

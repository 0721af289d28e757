"""Numbered files of lines with metadata for one user."""

import json
from decimal import Decimal
from typing import Any

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import from_bytes
from reserves_gui.verdict import Findings
from tests.encoders import flat_lists as encode
from tests.publishers.judging import failed, judge, states

_ID = "weex-list"


def judged(files: dict[str, bytes], **given: Any) -> Findings:
    return judge(_ID, *(from_bytes(name, content) for name, content in files.items()), **given)


@pytest.mark.parametrize("users", [1, 2, 3, 12, 57, 200])
def test_every_user_of_an_honest_list_is_found(users: int) -> None:
    made = encode.numbered(users, users)
    for user in range(0, users, 1 + users // 10):
        findings = judged(made.with_metadata(user), user={"asset": ("USDT",)})
        assert states(findings) == {"leaf": "verified", "path": "verified", "tree": "undecided", "total": "undecided"}
        assert not failed(findings)
        assert findings.root == encode.repeating_root(made.lines)
        assert Decimal(findings.balances["USDT"]) == made.owners[user][2]
        assert Decimal(findings.total["USDT"]) == sum(owner[2] for owner in made.owners)


def test_the_folder_names_the_coin() -> None:
    files = {f"usdt/{name}": content for name, content in encode.numbered(1, 3).with_metadata(0).items()}
    assert list(judged(files).balances) == ["USDT"]


@pytest.mark.parametrize("name", ["por_USER_1_2_1-3", "por_PLATFORM_1_2_1-1", "por_USER_1_2_3-3"])
def test_no_changed_character_of_a_line_goes_unnoticed(name: str) -> None:
    files = encode.numbered(4, 9).with_metadata(2)
    content = files[name]
    start = content.index(b"\n") + 1
    for at in range(start, len(content), 3):
        new = b"5" if content[at : at + 1] != b"5" else b"6"
        assert failed(judged({**files, name: content[:at] + new + content[at + 1 :]})), at


def _meta(files: dict[str, bytes], **changes: Any) -> dict[str, bytes]:
    return {**files, "metadata": json.dumps({**json.loads(files["metadata"]), **changes}).encode()}


def test_each_defect_fails_its_own_check() -> None:
    made = encode.numbered(5, 9)
    files = made.with_metadata(1)
    first = "por_USER_1_2_1-3"
    assert "path.hash" in failed(judged(_meta(files, userMerkleRoot="00" * 32)))
    assert "tree.hash" in failed(judged(_meta(files, platformMerkleRoot="00" * 32)))
    assert "leaf.found" in failed(judged(_meta(files, userHeadHash="nobody")))
    assert "leaf.found" in failed(judged(_meta(files, n=1000)))
    assert "leaf.found" in failed(judged(_meta(files, n=0)))
    assert "tree.complete" in failed(judged(_meta(files, userFileCount=4)))
    assert "tree.complete" in failed(judged({name: each for name, each in files.items() if "_2-3" not in name}))
    for text in (b"a,1.\n", b"a,+1\n", b"a\n", b"a,1,2\n", b",1\n", b"\n", b"a,01\n"):
        assert "tree.grammar" in failed(judged({**files, first: files[first] + text})), text
    assert "tree.negative" in failed(judged({**files, first: files[first] + b"a,-1\n"}))


@pytest.mark.parametrize("count", [3, 6, 7])
def test_a_list_that_repeats_its_tail_has_the_root_of_a_shorter_one_and_is_refused(count: int) -> None:
    lines = [f"l{at},1" for at in range(count)]
    longer = lines + (lines[-1:] if count % 2 else lines[-2:])
    assert encode.repeating_root(lines) == encode.repeating_root(longer)
    findings = judged({"por_USER_1_2_1-1": "\n".join(longer).encode()})
    assert "tree.unique" in failed(findings)
    assert "tree.unique" not in failed(judged({"por_USER_1_2_1-1": "\n".join(lines).encode()}))


def test_incomplete_metadata_or_no_list_is_an_error() -> None:
    files = encode.numbered(6, 4).with_metadata(0)
    with pytest.raises(ReservesError) as caught:
        judged({"metadata": files["metadata"]})
    assert caught.value.code is ErrorCode.USAGE
    short = json.loads(files["metadata"])
    del short["n"]
    with pytest.raises(ReservesError) as caught:
        judged({**files, "metadata": json.dumps(short).encode()})
    assert caught.value.code is ErrorCode.FORMAT_SHAPE

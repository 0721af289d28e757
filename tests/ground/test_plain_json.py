"""Nesting is looked at before a recursive reader is let in, also where the limit of recursion was raised."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reserves_gui import limits
from reserves_gui.plain_json import Excess, excess, load_plain
from tests.conftest import REPOSITORY

DEEP = "[" * 100_000
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def _depth(value: object) -> int:
    if not isinstance(value, (list, dict)):
        return 0
    inside = value.values() if isinstance(value, dict) else value
    return 1 + max((_depth(one) for one in inside), default=0)


@given(VALUES)
def test_the_depth_is_told_exactly(value: object) -> None:
    depth = _depth(value)
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert excess(text, depth=depth, values=10_000) is None
        if depth:
            assert excess(text, depth=depth - 1, values=10_000) is Excess.DEPTH


@pytest.mark.parametrize("text", ['["[[[[[[", "]"]', r'["\"[[[[", "\\"]', '{"{{{{": "}"}', '["\u00df[[["]'])
def test_brackets_in_texts_are_no_nesting(text: str) -> None:
    assert excess(text, depth=1, values=100) is None
    assert load_plain(text) == load_plain(text.encode()) == json.loads(text)


def test_too_many_values_are_told() -> None:
    assert excess("[" + "1," * 99 + "1]", depth=4, values=100) is None
    assert excess("[" + "1," * 100 + "1]", depth=4, values=100) is Excess.VALUES


@pytest.mark.parametrize("text", [DEEP, DEEP + "]" * 100_000, '{"a":' * 1000, "", "[1,", "[1] 2", "nonsense"])
def test_what_cannot_be_read_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the one error there is
        load_plain(text)


@pytest.mark.parametrize("data", [b"\xff\xfe[\x00]\x00", "[1]".encode("utf-16"), b"[\x80]"])
def test_no_other_encoding_is_guessed(data: bytes) -> None:
    # In UTF-16 a string may hide brackets from whoever counts bytes.
    with pytest.raises(ValueError):  # noqa: PT011 - the one error there is
        load_plain(data)


def test_the_deepest_that_is_let_in_is_read() -> None:
    text = "[" * limits.JSON_DEPTH + "]" * limits.JSON_DEPTH
    assert _depth(load_plain(text)) == limits.JSON_DEPTH
    with pytest.raises(ValueError, match="depth"):
        load_plain(f"[{text}]")


# Everything that reads files which others may have changed, in a process whose limit of recursion was raised.
_READERS = """
import sys
from pathlib import Path
import py_ecc.optimized_bn128  # raises the limit of recursion as it is imported
assert sys.getrecursionlimit() >= 100_000, sys.getrecursionlimit()
from reserves_gui.cli.main import main
from reserves_gui.errors import ReservesError
from reserves_gui.gui.instance import _paths
from reserves_gui.gui.settings import _remembered
from reserves_gui.history.checking import _figures
from reserves_gui.services.journal import journal_entries, journal_path
from reserves_gui.services.keeping import data_folder, root_log
from reserves_gui.trust.root_log import read_entries

deep, folder = "[" * 100_000, Path(sys.argv[1])
nested = '{"schema": "reserves/backup/1", "head": ' + deep
assert _figures(deep) is False
assert _paths(deep.encode()) is None
assert _remembered(deep) is None

def refused(read):
    try:
        read()
    except ReservesError as error:
        return str(error.code)
    raise AssertionError("read")

journal_path().parent.mkdir(parents=True, exist_ok=True)
journal_path().write_text(deep)
assert refused(journal_entries) == "store.unusable"
(data_folder() / "root-log").mkdir()
(data_folder() / "root-log" / "roots.log").write_text(deep + "\\n")
assert refused(root_log) == "store.unusable"
for name, text in (("deep", deep), ("head", nested), ("rows", '{"schema": "reserves/backup/1", "head": null}\\n' + deep)):
    path = folder / f"{name}.txt"
    path.write_text(text)
    for words in (
        ["history", "restore", str(path)],
        ["history", "log", "compare", str(path)],
        ["history", "log", "check", str(path)],
        ["receipt", "compare", str(path), str(path)],
        ["journal", "import", str(path)],
        ["verify", str(path)],
        ["wallets", str(path)],
        ["check-report", str(path)],
    ):
        assert main(words) == 2, (name, words)
eos = folder / "eos.csv"
eos.write_text("chain,asset,address,amount,message,signature\\n" + "eos,EOS,abc,1,text," + '"{""a"":' + deep + '"\\n')
assert main(["wallets", str(eos)]) in (1, 2, 3)
print("all refused")
"""


def test_deep_files_end_cleanly_where_the_limit_of_recursion_was_raised(tmp_path: Path) -> None:
    environment = {**os.environ, "RESERVES_DATA": str(tmp_path / "data"), "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", _READERS, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout.strip().splitlines()[-1:]) == (0, ["all refused"]), done.stderr[-2000:]

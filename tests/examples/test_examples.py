"""The bundled examples are what their generator makes, and end as they say."""

from pathlib import Path

import pytest

from reserves_gui.errors import ReservesError
from reserves_gui.progress import silent
from reserves_gui.publishers.registry import formats
from reserves_gui.services.examples import FIRST, example, examples, wallet_list
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.services.wallets import WalletsRequest, check_wallets
from reserves_gui.verdict import State
from tests.examples.make_examples import FOLDER, files


def test_the_bundled_files_are_the_generated_ones() -> None:
    bundled = {
        str(path.relative_to(FOLDER).as_posix()): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()
    }
    del bundled["examples.toml"]
    assert bundled == files()


@pytest.mark.parametrize("one", examples(), ids=lambda one: one.id)
def test_an_example_ends_as_it_says(one) -> None:
    if one.format not in formats():
        pytest.skip(f"the format {one.format} is not part of this version")
    assert verify(one.request(), silent()).state is one.expect


def test_each_forged_proof_alone_verifies_and_says_that_the_total_is_not_proven() -> None:
    forged = example("forged")
    for name in forged.files:
        verdict = verify(VerifyRequest(files=(name,), published=forged.published), silent())
        assert verdict.state is State.VERIFIED
        total = verdict.claim("total")
        assert total is not None
        assert total.state is State.UNDECIDED


def test_examples_speak_both_languages_and_their_files_exist() -> None:
    for english, german in zip(examples("en"), examples("de"), strict=True):
        assert english.title != german.title
        assert all(Path(name).is_file() for name in (*english.files, *english.published))
    assert example(FIRST).expect is State.VERIFIED
    with pytest.raises(ReservesError):
        example("no-such-example")


def test_the_example_of_a_wallet_list_ends_as_it_says_in_both_languages() -> None:
    english, german = wallet_list("en"), wallet_list("de")
    assert (english.title, english.text) != (german.title, german.text)
    verdict = check_wallets(WalletsRequest(files=english.files), silent())
    assert (verdict.format, verdict.state) == (english.format, english.expect)

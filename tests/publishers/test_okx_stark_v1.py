"""OKX's first zero-knowledge rounds: what published files without the trunk say about the root."""

import json
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from tests.conftest import shared_vectors


@pytest.mark.parametrize(("folder", "code", "outcome"), [("batches", 3, "not_checked"), ("trunk", 0, "passed")])
def test_only_the_trunk_of_a_published_round_speaks_of_the_root(
    folder: str, code: int, outcome: str, capsys: pytest.CaptureFixture[str]
) -> None:
    vectors = shared_vectors()
    if vectors is None:
        pytest.skip("no shared vectors beside the repository; set RESERVES_VECTORS")
    round_folder: Path = vectors / "okx-stark-v1"
    user = str(round_folder / "a0_user_0_inclusion_proof.json")
    words = [
        word for name in ("config.json", folder) for word in ("--published", f"{round_folder}/sum_proof_data/{name}")
    ]
    assert main(["verify", user, *words, "--json"]) == code
    (root,) = [claim for claim in json.loads(capsys.readouterr().out)["claims"] if claim["id"] == "root"]
    assert {check["id"]: check["outcome"] for check in root["checks"]}["root.match"] == outcome

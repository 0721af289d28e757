"""The recorded answers of real servers among the shared vectors."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.chain.answers import Answer, parse_answer
from tests.conftest import shared_vectors

FOLDER = shared_vectors()
if FOLDER is None and not os.environ.get("RESERVES_VECTORS"):
    pytest.skip("no shared vectors beside the repository; set RESERVES_VECTORS", allow_module_level=True)
assert FOLDER is not None
CHAIN: Path = FOLDER / "chain"


def load(name: str) -> Answer:
    return parse_answer((CHAIN / name).read_bytes())


def expected(case: str) -> dict[str, Any]:
    cases = json.loads((CHAIN / "manifest.json").read_text(encoding="utf-8"))
    return next(one["expect"] for one in cases if one["id"] == case)


def exchange(name: str, index: int) -> tuple[Answer, Answer]:
    entry = load(name)["exchanges"].entries()[index]
    return entry["request"], entry["response"]["result"]

"""The developer script that starts the nodes, as a module, and what happens where one of them is missing."""

import importlib.util
import os
import sys
from types import ModuleType

import pytest

from tests.conftest import REPOSITORY


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reserves_test_nodes", REPOSITORY / "packaging" / "nodes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


nodes = _load()


def need(*names: str) -> None:
    """Skip with the reason where a node is missing; in CI that is a failure."""
    missing = [reason for name, reason in nodes.reasons().items() if name in names and reason]
    if not missing:
        return
    if os.environ.get("CI") == "true":
        pytest.fail("; ".join(missing))
    pytest.skip("; ".join(missing))

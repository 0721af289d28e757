"""Settings shared by all tests: nothing is written outside the test's own folder, nothing is contacted."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from reserves_gui.services.ways import use_ways
from tests.keyrings import Ring, keyring_in_place

# How long an example takes depends on what else the machine does: no test fails for that.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["RESERVES_OFFLINE"] = "1"
# What is printed is compared, wherever the tests run.
os.environ["RESERVES_LANGUAGE"] = "en"
# No test reaches the keyring of whoever runs it; those about keyrings put their own in place.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

REPOSITORY = Path(__file__).resolve().parent.parent


def shared_vectors() -> Path | None:
    """The folder of shared vectors, if this machine has one."""
    folder = Path(os.environ.get("RESERVES_VECTORS", REPOSITORY.parent / "shared" / "vectors"))
    return folder if folder.is_dir() else None


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(name, str(home))
    # Systems that ask no variable where a user's data lies are told by our own.
    monkeypatch.setenv("RESERVES_DATA", str(home / "reserves"))
    monkeypatch.delenv("RESERVES_DB", raising=False)


@pytest.fixture
def ring() -> Iterator[Ring]:
    """A keyring that works."""
    with keyring_in_place() as one:
        yield one


@pytest.fixture(autouse=True)
def _no_ways() -> None:
    """No test goes out through the proxy, or into the store, of another one."""
    use_ways(proxy="", db="")

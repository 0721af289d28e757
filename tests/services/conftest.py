"""The made-up exchange joins through an entry point, as a third party's would."""

from collections.abc import Iterator

import pytest

from reserves_gui.publishers import registry
from tests.publishers.installing import install
from tests.services import made_up


@pytest.fixture
def northsea(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The id of the made-up format, registered for one test."""
    install(made_up.__name__, tmp_path_factory.mktemp("packages"), monkeypatch)
    yield "northsea-proof"
    registry.formats.cache_clear()

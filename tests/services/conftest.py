"""The made-up exchange joins through an entry point, as a third party's would."""

import pytest

from reserves_gui.publishers import registry
from tests.services import made_up


class _Entry:
    def load(self) -> object:
        return made_up.FORMATS


@pytest.fixture
def northsea(monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of the made-up format, registered for one test."""
    monkeypatch.setattr(
        registry, "entry_points", lambda *, group: [_Entry()] if group == registry.ENTRY_POINT_GROUP else []
    )
    registry.formats.cache_clear()
    yield "northsea-proof"
    registry.formats.cache_clear()

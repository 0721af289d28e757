"""What installing a third party's package leaves behind: records that name its formats in our entry point group."""

from pathlib import Path

import pytest

from reserves_gui.publishers import registry


def install(module: str, place: Path, patch: pytest.MonkeyPatch) -> None:
    """Record a package at ``place`` whose entry point is ``module``'s ``FORMATS``, for as long as ``patch`` lasts."""
    records = place / "northsea-1.0.dist-info"
    records.mkdir()
    (records / "METADATA").write_text("Metadata-Version: 2.1\nName: northsea\nVersion: 1.0\n", encoding="utf-8")
    text = f"[{registry.ENTRY_POINT_GROUP}]\nnorthsea = {module}:FORMATS\n"
    (records / "entry_points.txt").write_text(text, encoding="utf-8")
    patch.syspath_prepend(str(place))
    registry.formats.cache_clear()

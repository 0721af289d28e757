"""Generic address lists written by the tests."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

COLUMNS = ("chain", "asset", "address", "amount", "message", "signature", "public_key")


def address_list(folder: Path, rows: Sequence[Mapping[str, str]]) -> str:
    """The path of a list of ``rows``; cells that are left out are empty."""
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(COLUMNS)
    written.writerows([row.get(column, "") for column in COLUMNS] for row in rows)
    path = folder / "wallets.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return str(path)

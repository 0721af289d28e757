"""A year of a made-up exchange in the store: daily reserves with a gap, four snapshots, a run, a changed list."""

import datetime as dt
import random
from pathlib import Path

from reserves_gui.services.history_import import ImportRequest, import_series

FIRST = dt.datetime(2025, 11, 1, tzinfo=dt.UTC)
_GAP = range(120, 128)
_DAYS = 360


def day(number: int) -> str:
    return (FIRST + dt.timedelta(days=number)).strftime("%Y-%m-%dT00:00:00Z")


def keep_year(folder: Path, exchange: str = "Northsea") -> None:
    """Fill the default store through a CSV import, as a user would."""
    dice = random.Random(7)
    rows, held = [], 120_000
    for number in range(_DAYS):
        held += dice.randrange(-900, 900) - (6_000 if 300 <= number < 304 else 0)
        if number not in _GAP:
            rows.append(f"{day(number)},BTC,{held}.5,{exchange},reserves")
    owed = [f"{day(number)},BTC,{amount},{exchange},liabilities" for number, amount in _OWED]
    path = folder / "year.csv"
    path.write_text("time,asset,amount,exchange,kind\n" + "\n".join((*rows, *owed)) + "\n", encoding="utf-8")
    import_series(ImportRequest(path=path))


_OWED = ((30, "118000"), (120, "117500.25"), (210, "121000"), (330, "99000"))

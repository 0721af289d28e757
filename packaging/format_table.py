"""Writes the formats table of README.md from the registry; `--check` only compares."""

import sys
from pathlib import Path

from reserves_gui.services.formats import FormatInfo, formats

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN = "<!-- formats: written by packaging/format_table.py -->\n"
END = "<!-- formats end -->"
HEADINGS = (
    "format",
    "exchange",
    "sum binding",
    "negative balances",
    "leaf identity",
    "hash bits",
    "per asset",
    "sample",
)


def table() -> str:
    """The table as Markdown, wallet lists last."""
    rows = sorted(formats(), key=lambda one: (one.guarantees is None, one.id))
    lines = [f"| {' | '.join(HEADINGS)} |", f"|{'---|' * len(HEADINGS)}"]
    return "\n".join([*lines, *(f"| {' | '.join(_cells(one))} |" for one in rows)]) + "\n"


def _cells(one: FormatInfo) -> tuple[str, ...]:
    name = f"`{one.id}`" + (" (experimental)" if one.experimental else "")
    sample = "official" if one.sample == "official" else "spec only"
    kept = one.guarantees
    if kept is None:
        return (name, ", ".join(one.exchanges), "wallet list", "", "", "", "", sample)
    return (
        name,
        ", ".join(one.exchanges),
        kept.sum_binding.value,
        kept.negative_balances.value,
        kept.leaf_identity.value,
        str(kept.hash_bits),
        "yes" if kept.per_asset else "no",
        sample,
    )


def written(readme: str) -> str:
    """The README with a fresh table."""
    head, _, rest = readme.partition(BEGIN)
    return f"{head}{BEGIN}{table()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    current = README.read_text(encoding="utf-8")
    if "--check" in sys.argv:
        sys.exit(0 if written(current) == current else "README.md: the formats table is out of date")
    README.write_text(written(current), encoding="utf-8")

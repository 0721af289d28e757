"""What was seen of listed addresses on chain: per asset each source's sum with block and time, and who was asked.

Set from the figures as the report carries them (``looked`` of the verdict's additions); figures of an unknown shape are
left out.
"""

from collections.abc import Iterator, Mapping, Sequence

from reserves_gui.messages import Message, render, say
from reserves_gui.report.headline import shown_time
from reserves_gui.report.stored import stored_message

_LOOKS = ("snapshot", "now")
_ANSWERS = ("agree", "differ", "single_source", "unknown", "unsupported")
_BLOCKS = 12


def looked_facts(extra: Mapping[str, object], language: str) -> tuple[tuple[str, str], ...]:
    """(asset and look, one line of figures), the look at the list's heights before the one at the newest block."""
    return tuple(
        (
            render(say("report.looked.asset", asset=asset, look=Message(f"report.looked.{name}")), language),
            " · ".join(render(one, language) for one in _asset(figures, blocks.get(asset.upper(), []))),
        )
        for name, look in _looks(extra)
        for blocks in (_blocks(look),)
        for asset, figures in _table(look, "assets").items()
        if isinstance(figures, Mapping)
    )


def looked_sentences(extra: Mapping[str, object], language: str) -> tuple[str, ...]:
    """How the sources compare, row by row, who was asked, and what repeating takes. Empty without a look."""
    looks = list(_looks(extra))
    if not looks:
        return ()
    found = [say("report.looked.rule"), *_sources(looks)]
    for name, look in looks:
        rows = _table(look, "rows")
        counts = {answer: count for answer in _ANSWERS if isinstance(count := rows.get(answer), int)}
        if len(counts) == len(_ANSWERS):
            found.append(Message("report.looked.rows", {"look": Message(f"report.looked.{name}"), **counts}))
    return tuple(render(one, language) for one in (*found, say("report.looked.again")))


def _sources(looks: Sequence[tuple[str, Mapping[str, object]]]) -> Iterator[Message]:
    """Every source once, with its chain and newest block, or why it decided nothing."""
    told: dict[Message, None] = {}
    for _, look in looks:
        for one in _entries(look.get("sources")):
            name, problem = str(one.get("name", "?")), one.get("problem")
            if isinstance(problem, Mapping):
                told[say("report.looked.problem", source=name, problem=stored_message(problem))] = None
            else:
                chain, tip = str(one.get("chain", "?")), str(one.get("tip", "?"))
                told[say("report.looked.source", source=name, chain=chain, tip=tip)] = None
    yield from told


def _asset(figures: Mapping[str, object], blocks: Sequence[Message]) -> Iterator[Message]:
    listed = figures.get("listed")
    if isinstance(listed, str):
        yield say("report.coverage.line.listed", amount=listed)
    for source, amount in _table(figures, "seen").items():
        yield say("report.looked.amount", source=source, amount=str(amount))
    for source, count in _table(figures, "missing").items():
        if isinstance(count, int) and count:
            yield say("report.looked.missing", source=source, count=count)
    yield Message("report.looked.agree" if figures.get("agree") is True else "report.looked.not_agreed")
    yield from blocks[:_BLOCKS]
    if len(blocks) > _BLOCKS:
        yield say("report.looked.more_blocks", count=len(blocks) - _BLOCKS)


def _blocks(look: Mapping[str, object]) -> dict[str, list[Message]]:
    """Of each asset the blocks it was looked at, with their hash and time, and when that was asked."""
    found: dict[str, dict[Message, None]] = {}
    for group in _entries(look.get("seen")):
        known = {name: str(group.get(name)) for name in ("chain", "height")}
        block_hash, time = group.get("block_hash"), group.get("time")
        asked = shown_time(str(group.get("asked_to") or "?"))
        if isinstance(time, str):
            block = say("report.looked.block_time", time=shown_time(time), **known)
        else:
            block = say("report.looked.block", **known)
        hashed = (
            say("report.looked.hash", hash=block_hash) if isinstance(block_hash, str) else say("report.looked.no_hash")
        )
        told = say("report.looked.asked", block=block, hash=hashed, asked=asked)
        found.setdefault(str(group.get("asset")).upper(), {})[told] = None
    return {asset: list(told) for asset, told in found.items()}


def _looks(extra: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    looked = _table(extra, "looked")
    for name in _LOOKS:
        look = looked.get(name)
        if isinstance(look, Mapping):
            yield name, look


def _table(values: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}


def _entries(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, (list, tuple)) else []

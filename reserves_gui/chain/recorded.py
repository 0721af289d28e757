"""Observations kept in a file: for checking a report again without a network, or figures of one's own.

Two forms: JSON ``{"schema": "reserves/observations/1", "observations": [...]}`` as :func:`recorded_file` writes it, and
CSV with the header ``chain,address,height,asset,amount`` (amounts in coin units). Both may date their blocks: ``time``
in seconds UTC. A JSON file keeps the answers of several sources apart, but as a source of balances the file itself
speaks: whoever wrote it could have written anything, so its sources are one operator.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from reserves_gui import limits
from reserves_gui.amounts import is_plain, parse_plain, scaled, units
from reserves_gui.chain.answers import Answer, parse_answer
from reserves_gui.chain.asking import OutputStamp, Stamp
from reserves_gui.chain.chains import Chain, chain_named
from reserves_gui.chain.port import (
    Account,
    Asset,
    Block,
    Observation,
    Outpoint,
    OutputSeen,
    Speaker,
    Standing,
    unusable,
)
from reserves_gui.chain.recorded_calls import OwnerAnswers, read_owner_answers
from reserves_gui.chain.recorded_outputs import RecordedOutput, read_outputs
from reserves_gui.errors import ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress

SCHEMA = "reserves/observations/1"
_COLUMNS = ("chain", "address", "height", "asset", "amount")
_MOST_DECIMALS = 30
_MOST_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class _Row:
    amount: int
    decimals: int
    block_hash: str | None
    asked_at: str
    source: str
    time: int | None = None


_Key = tuple[str, str, str, int]


class RecordedFile:
    """What one source said of one chain in one file. A file holds several; :func:`read_recorded` splits it.

    ``problem``: why the source's answers decided nothing when they were recorded, if so.
    """

    def __init__(
        self,
        speaker: Speaker,
        chain: Chain,
        rows: Mapping[_Key, _Row],
        problem: Message | None = None,
        outputs: Sequence[RecordedOutput] = (),
    ) -> None:
        self.chain = chain
        self.problem = problem
        self._rows = rows
        self._outputs = {(one.transaction, one.index, one.height): one for one in outputs}
        heights = {key[3] for key in rows} | {one.height for one in outputs}
        hashes: dict[int, set[str]] = {}
        named = [(key[3], row.block_hash) for key, row in rows.items()]
        for height, block_hash in (*named, *((one.height, one.block_hash) for one in outputs)):
            if block_hash is not None:
                hashes.setdefault(height, set()).add(block_hash)
        self._hashes = {height: found.pop() for height, found in hashes.items() if len(found) == 1}
        self._mixed = {height for height, found in hashes.items() if found}
        self._heights = heights
        times: dict[int, set[int]] = {}
        for key, row in rows.items():
            if row.time is not None:
                times.setdefault(key[3], set()).add(row.time)
        # Rows of one block that name two times date it not at all.
        self._times = {height: found.pop() for height, found in times.items() if len(found) == 1}
        self.speaker = speaker

    @property
    def amounts(self) -> dict[tuple[str, str, str, int], Decimal]:
        """Every figure in coin units by chain, asset, folded address and height."""
        return {key: scaled(row.amount, row.decimals) for key, row in self._rows.items()}

    def probe(self, wanted: Sequence[Chain], progress: Progress) -> Standing:  # noqa: ARG002
        """The newest block in the file; a file has no staleness."""
        tip = max(self._heights)
        return Standing(chain=self.chain, tip=self._block(tip), problem=self.problem)

    def block(self, height: int, progress: Progress) -> Block:  # noqa: ARG002
        """The block as the file names it."""
        if height not in self._heights:
            raise unusable("chain.not_recorded", source=self.speaker.name, height=height)
        if height in self._mixed and height not in self._hashes:
            raise unusable("chain.recorded_hashes", source=self.speaker.name, height=height)
        return self._block(height)

    def height_before(self, moment: int) -> int | None:
        """The newest block of the file that it dates at or before ``moment`` (seconds UTC), if it dates any so."""
        return max((height for height, time in self._times.items() if time <= moment), default=None)

    def _block(self, height: int) -> Block:
        time = self._times.get(height)
        return Block(height, self._hashes.get(height), time, time)

    def observe(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Iterator[Observation]:
        """What the file holds; an address that is not in it is unknown, never zero."""
        for account in accounts:
            progress.checkpoint()
            row = self._rows.get((self.chain.name, asset.name, folded(account.address), at.height))
            if row is None:
                stamp = Stamp(self.chain, asset, self.speaker, at, "")
                yield stamp.unknown(account, say("chain.not_recorded", source=self.speaker.name, height=at.height))
            else:
                block = Block(at.height, row.block_hash)
                yield Stamp(self.chain, asset, self.speaker, block, row.asked_at).seen(
                    account, row.amount, row.decimals
                )

    @property
    def recorded_outputs(self) -> tuple[RecordedOutput, ...]:
        """Every single output the file tells of."""
        return tuple(self._outputs.values())

    def outputs(self, outpoints: Sequence[Outpoint], at: Block, progress: Progress) -> Iterator[OutputSeen]:
        """What the file says of single outputs; one that is not in it is unknown, never spent."""
        for one in outpoints:
            progress.checkpoint()
            kept = self._outputs.get((one.transaction, one.index, at.height))
            stamp = OutputStamp(self.chain, self.speaker, at, "" if kept is None else kept.asked_at)
            if kept is None:
                yield stamp.failed(one, unusable("chain.not_recorded", source=self.speaker.name, height=at.height))
            else:
                yield stamp.seen(one, kept.found)


def folded(address: str) -> str:
    """Addresses whose letter case carries nothing compare equal."""
    return (
        address.lower() if address.startswith(("0x", "0X")) or address.lower().startswith(("bc1", "ltc1")) else address
    )


def read_recorded(path: Path) -> list[RecordedFile]:
    """The file as sources, one per chain and recorded source. Raises ``source.unusable`` if it cannot be read as such.

    All of them are one operator: the file.
    """
    name = f"file:{path.name}"

    def speaker(source: str, alone: bool) -> Speaker:  # noqa: FBT001 - whether the file holds no other source
        return Speaker(name=name if alone else f"{name} ({source})", operator=name)

    found = []
    split = _split(path.name, _contents(path))
    for (chain, source), (rows, outputs) in split.items():
        alone = len({one for _, one in split}) == 1
        found.append(RecordedFile(speaker(source, alone), chain, rows, outputs=outputs))
    return found


def read_as_recorded(
    name: str, data: bytes, speaker: Callable[[str], Speaker], problems: Mapping[str, Message]
) -> list[RecordedFile]:
    """The contents of a file with every source speaking as it did then: to judge its answers once more.

    ``speaker`` gives who stands behind a name; ``problems``: the sources that decided nothing then, and why.
    """
    return [
        RecordedFile(speaker(source), chain, rows, problems.get(source), outputs)
        for (chain, source), (rows, outputs) in _split(name, data).items()
    ]


def is_recorded(data: bytes) -> bool:
    """Whether these are recorded observations."""
    try:
        return bool(_split("", data))
    except ReservesError:
        return bool(recorded_owners(data))


def recorded_owners(data: bytes) -> OwnerAnswers:
    """What such a file holds of contracts and validators; nothing where it is none, or of another shape."""
    if data.lstrip()[:1] != b"{":
        return OwnerAnswers()
    try:
        answer = parse_answer(data)
        return read_owner_answers(answer) if answer["schema"].text(64) == SCHEMA else OwnerAnswers()
    except ReservesError:
        return OwnerAnswers()


def _contents(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.ANSWER_BYTES + 1)
    except OSError:
        raise unusable("chain.file", name=path.name) from None
    if len(data) > limits.ANSWER_BYTES:
        raise unusable("chain.file", name=path.name)
    return data


_Contents = tuple[dict[_Key, _Row], list[RecordedOutput]]


def _split(name: str, data: bytes) -> dict[tuple[Chain, str], _Contents]:
    outputs: list[RecordedOutput] = []
    if data.lstrip()[:1] == b"{":
        answer = parse_answer(data)
        rows, outputs = _from_json(answer), read_outputs(answer)
    else:
        rows = _from_csv(data, name)
    found: dict[tuple[str, str], _Contents] = {}
    for key, row in rows:
        kept, _ = found.setdefault((key[0], row.source), ({}, []))
        if kept.setdefault(key, row) != row:
            raise unusable("chain.recorded_twice", name=name, height=key[3])
    for one in outputs:
        found.setdefault((one.chain, one.source), ({}, []))[1].append(one)
    if not found:
        raise unusable("chain.file", name=name)
    chains = {chain: named for chain, _ in found if (named := chain_named(chain)) is not None}
    return {(chains[chain], source): kept for (chain, source), kept in found.items() if chain in chains}


def _from_csv(data: bytes, name: str) -> Iterator[tuple[_Key, _Row]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unusable("chain.file", name=name) from None
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise unusable("chain.file", name=name) from None
    header = [cell.strip().lower() for cell in records[0]] if records else []
    if any(header.count(column) != 1 for column in _COLUMNS) or len(records) > _MOST_ROWS:
        raise unusable("chain.file", name=name)
    places = [header.index(column) for column in _COLUMNS]
    dated = header.index("time") if header.count("time") == 1 else None
    for number, record in enumerate(records[1:], 2):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(header):
            raise unusable("chain.file_line", name=name, line=number)
        chain_text, address, height, asset, amount = (record[place].strip() for place in places)
        chain = chain_named(chain_text)
        if not height.isascii() or not height.isdigit() or len(height) > 10 or not is_plain(amount) or amount[0] == "-":
            raise unusable("chain.file_line", name=name, line=number)
        decimals = len(amount.partition(".")[2])
        if decimals > _MOST_DECIMALS:
            raise unusable("chain.file_line", name=name, line=number)
        time = "" if dated is None else record[dated].strip()
        if time and (not time.isascii() or not time.isdigit() or len(time) > 11):
            raise unusable("chain.file_line", name=name, line=number)
        when = int(time) if time else None
        row = _Row(units(parse_plain(amount), decimals), decimals, None, "", f"file:{name}", when)
        yield (chain.name if chain else chain_text.lower(), asset.upper(), folded(address), int(height)), row


def _from_json(answer: Answer) -> Iterator[tuple[_Key, _Row]]:
    if answer["schema"].text(64) != SCHEMA:
        answer.refuse()
    for entry in answer["observations"].entries(_MOST_ROWS):
        block_hash = entry.get("block_hash")
        time = entry.get("time")
        row = _Row(
            entry["units"].digits(high=2**256),
            entry["decimals"].integer(high=77),
            None if block_hash is None else block_hash.hash(),
            entry["asked_at"].text(40),
            entry["source"].text(400),
            None if time is None else time.integer(high=2**34),
        )
        key = (
            entry["chain"].text(40),
            entry["asset"].text(80).upper(),
            folded(entry["address"].text(200)),
            entry["height"].integer(high=2**40),
        )
        yield key, row


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One figure to be recorded: ``amount`` in coin units as text, ``time`` of the block in seconds UTC if known."""

    chain: str
    asset: str
    address: str
    height: int
    block_hash: str | None
    time: int | None
    amount: str
    asked_at: str
    source: str


def recorded_file(
    figures: Iterable[Recorded], outputs: Iterable[RecordedOutput] = (), owners: OwnerAnswers | None = None
) -> str:
    """The figures, what was told of single outputs and of owners, as a file that :func:`read_recorded` reads."""
    rows = []
    for one in figures:
        decimals = len(one.amount.partition(".")[2])
        row = {
            "chain": one.chain,
            "asset": one.asset,
            "address": one.address,
            "height": one.height,
            "block_hash": one.block_hash,
            "units": str(units(parse_plain(one.amount), decimals)),
            "decimals": decimals,
            "amount": one.amount,
            "asked_at": one.asked_at,
            "source": one.source,
        }
        rows.append(row if one.time is None else row | {"time": one.time})
    whole: dict[str, object] = {"schema": SCHEMA, "observations": rows}
    told = [one.data for one in outputs]
    whole |= ({"outputs": told} if told else {}) | (owners.json if owners else {})
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"

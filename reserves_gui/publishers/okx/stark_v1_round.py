"""The global files of the first generation as one round: which file belongs where, every sum proof, and the sums.

A round is a trunk and batches, each with a sum_proof.json and a sum_values.json in a folder of its own, and one
config.json. Folder a<N> holds slots of 16 rows, b<N> and the trunk of 32.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress, silent
from reserves_gui.publishers.okx.stark_v1 import CONFIG, SUM_PROOF, SUM_VALUES
from reserves_gui.publishers.okx.stark_v1_files import Config, Sums, read_config, read_sum_proof, read_sums
from reserves_gui.publishers.port import Match, role_twice
from reserves_gui.zk.stark import Statement, SumProof, verify

TRUNK = "trunk"
_FOLDER = re.compile(r"trunk|[ab](?:0|[1-9][0-9]{0,6})", re.ASCII)
_IN_FLIGHT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The trunk or one batch: its folder, its two files as far as given."""

    folder: str
    proof: Document | None
    values: Document | None

    @property
    def uts(self) -> int:
        """Rows of a slot, by the folder's first letter."""
        return 16 if self.folder.startswith("a") else 32


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFiles:
    """The global files of one run. ``config`` is None where no config.json was given."""

    parts: tuple[Part, ...]
    config: Config | None

    @property
    def trunk(self) -> Part | None:
        """The trunk."""
        return next((part for part in self.parts if part.folder == TRUNK), None)

    @property
    def batches(self) -> tuple[Part, ...]:
        """The batches in the order of their names."""
        return tuple(part for part in self.parts if part.folder != TRUNK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What is known of one part after reading it: root and sizes as stated, sums, outcome of each check."""

    folder: str
    root: str
    steps: int
    uts: int
    sums: Sums | None
    outcomes: Mapping[str, Message | None]


def assemble(documents: Sequence[tuple[Document, Match]]) -> RoundFiles | None:
    """The files by folder. Raises ``format.ambiguous`` for two different files in one place, ``format.shape``."""
    places: dict[tuple[str, str], Document] = {}
    for document, match in documents:
        if match.role not in {SUM_PROOF, SUM_VALUES, CONFIG}:
            continue
        folder = "" if match.role == CONFIG else _folder(document)
        other = places.setdefault((folder, match.role), document)
        if other is not document and other.sha256 != document.sha256:
            raise role_twice(match.role, [other.name, document.name], document.name)
    if not places:
        return None
    config = places.get(("", CONFIG))
    folders = sorted({folder for folder, role in places if role != CONFIG}, key=_order)
    return RoundFiles(
        parts=tuple(
            Part(folder=folder, proof=places.get((folder, SUM_PROOF)), values=places.get((folder, SUM_VALUES)))
            for folder in folders
        ),
        config=None if config is None else read_config(config.shape()),
    )


def _folder(document: Document) -> str:
    """The name of the folder a file lies in; a file given by itself is asked for its path."""
    above = document.name.split("/")[-2:-1]
    if not above and document.path is not None:
        above = [document.path.absolute().parent.name]
    if not above or _FOLDER.fullmatch(above[0]) is None:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("okx_stark_v1.files.folder"), document.name)
    return above[0]


def _order(folder: str) -> tuple[int, str, int]:
    return (0, "", 0) if folder == TRUNK else (1, folder[0], int(folder[1:]))


def chosen_parts(parts: Sequence[Part], proofs: str, draw: random.Random) -> frozenset[str]:
    """The folders whose proofs are verified: all, none (links only), or trunk, first, last and N random batches."""
    folders = [part.folder for part in parts]
    batches = [folder for folder in folders if folder != TRUNK]
    if proofs == "chain":
        return frozenset()
    if not proofs.isdecimal() or int(proofs) >= len(batches):
        return frozenset(folders)
    ends = {*batches[:1], *batches[-1:], TRUNK}
    return frozenset(ends | set(draw.sample(batches, int(proofs)))) & frozenset(folders)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    folder: str
    name: str
    data: bytes
    statement: Statement | None


def _work(task: _Task, progress: Progress) -> tuple[SumProof, Mapping[str, Message | None]]:
    proof = read_sum_proof(task.name, task.data)
    outcomes = {} if task.statement is None else verify(proof, task.statement, progress)
    return proof, outcomes


def _work_elsewhere(task: _Task) -> tuple[str, int, int, Mapping[str, Message | None]]:
    proof, outcomes = _work(task, silent())
    return proof.root.hex(), proof.steps, proof.uts, outcomes


def prove(
    files: RoundFiles, config: Config | None, chosen: frozenset[str], executor: Executor | None, progress: Progress
) -> list[Proven]:
    """Read every part that has a proof file, and verify the chosen ones whose sums are there too, in order."""
    sums = {part.folder: read_sums(part.values) for part in files.parts if part.values is not None}
    parts = [part for part in files.parts if part.proof is not None]
    progress.stage(say("okx_stark_v1.stage"), len(parts))
    tasks = (_task(part, config, sums.get(part.folder), chosen) for part in parts)
    results = _in_turn(tasks, progress) if executor is None else _spread(tasks, executor, progress)
    return [
        Proven(folder=folder, root=root, steps=steps, uts=uts, sums=sums.get(folder), outcomes=outcomes)
        for folder, (root, steps, uts, outcomes) in sorted(results.items(), key=lambda item: _order(item[0]))
    ]


def _task(part: Part, config: Config | None, sums: Sums | None, chosen: frozenset[str]) -> _Task:
    if part.proof is None:
        raise AssertionError(part.folder)
    statement = None
    if part.folder in chosen and config is not None and sums is not None and set(sums.coins) == set(config.coins):
        statement = Statement(sums=sums.ordered(config), main=config.main, total=sums.total, uts=part.uts)
    return _Task(
        folder=part.folder,
        name=f"{part.folder}/{SUM_PROOF}.json",
        data=part.proof.read(limits.JSON_GLOBAL_BYTES),
        statement=statement,
    )


_Result = tuple[str, int, int, Mapping[str, Message | None]]


def _in_turn(tasks: Iterator[_Task], progress: Progress) -> dict[str, _Result]:
    results: dict[str, _Result] = {}
    for task in tasks:
        proof, outcomes = _work(task, progress)
        results[task.folder] = (proof.root.hex(), proof.steps, proof.uts, outcomes)
        progress.advance(len(results))
    return results


def _spread(tasks: Iterator[_Task], executor: Executor, progress: Progress) -> dict[str, _Result]:
    """A few tasks at a time, so that a round of hundreds of files is never in memory whole."""
    results: dict[str, _Result] = {}
    running: dict[Future[_Result], _Task] = {}
    try:
        for task in tasks:
            running[executor.submit(_work_elsewhere, task)] = task
            while len(running) >= _IN_FLIGHT:
                _collect(running, results, progress)
        while running:
            _collect(running, results, progress)
    finally:
        for future in running:
            future.cancel()
    return results


def _collect(running: dict[Future[_Result], _Task], results: dict[str, _Result], progress: Progress) -> None:
    finished, _ = wait(running, timeout=limits.CHECKPOINT_SECONDS, return_when=FIRST_COMPLETED)
    for future in finished:
        task = running.pop(future)
        try:
            results[task.folder] = future.result()
        except BrokenExecutor:
            # A lost worker is no reason to claim less: the work is done here.
            proof, outcomes = _work(task, progress)
            results[task.folder] = (proof.root.hex(), proof.steps, proof.uts, outcomes)
    progress.advance(len(results))

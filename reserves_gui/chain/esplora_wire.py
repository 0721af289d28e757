"""Requests to an Esplora server: paths below its base, answers of JSON or short text."""

import re

from reserves_gui.chain.answers import Answer, is_unusable
from reserves_gui.chain.port import unusable
from reserves_gui.chain.transport import Transport
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

_HEIGHT = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


class EsploraWire:
    """The way to one server; ``source`` is its name in what is said about it."""

    def __init__(self, base: str, source: str, transport: Transport) -> None:
        self._base = base.rstrip("/")
        self._source = source
        self._transport = transport

    def json(self, path: str, progress: Progress, *, body: bytes | None = None) -> Answer:
        """What stands under ``path``; with ``body`` it is sent there."""
        reply = self._transport.fetch(self._base + path, progress, body=body)
        if reply.status != 200:
            raise self._refused(reply.status, reply.body)
        return reply.answer()

    def text(self, path: str, progress: Progress) -> str:
        """A short text under ``path``."""
        reply = self._transport.fetch(self._base + path, progress)
        if reply.status != 200:
            raise self._refused(reply.status, reply.body)
        if reply.type not in ("text/plain", "application/json", "") or len(reply.body) > 400:
            raise unusable("chain.answer_type", type=reply.type[:60])
        return reply.text

    def _refused(self, status: int, body: bytes) -> ReservesError:
        if b"Too many history entries" in body[:2000]:
            return unusable("chain.history_too_large", source=self._source)
        return unusable("chain.status", source=self._source, status=status)


def read_height(text: str) -> int:
    """A height as text. Raises ``source.unusable`` for anything else."""
    if _HEIGHT.fullmatch(text) is None:
        raise unusable("chain.answer_shape", place="height")
    return int(text)


def offers_esplora(base: str, transport: Transport, progress: Progress) -> bool:
    """Whether a bare ``http(s)://`` URL answers like Esplora."""
    try:
        reply = transport.fetch(f"{base.rstrip('/')}/blocks/tip/height", progress)
        return reply.status == 200 and _HEIGHT.fullmatch(reply.text) is not None
    except ReservesError as error:
        if not is_unusable(error):
            raise
        return False

"""How a server misbehaves: one named fault at a time, on the requests it is meant for."""

import itertools
import json
import re
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any


@dataclass
class Request:
    """One request as it arrived; ``label`` is its path and the JSON-RPC methods in its body."""

    method: str
    path: str
    body: bytes
    time: float
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return " ".join([self.path, *_methods(self.body)]).strip()


def _methods(body: bytes) -> list[str]:
    try:
        asked = json.loads(body) if body else None
    except ValueError:
        return []
    return [
        one["method"]
        for one in (asked if isinstance(asked, list) else [asked])
        if isinstance(one, dict) and "method" in one
    ]


HERE = "spelled here"


@dataclass
class Fault:
    """One way to misbehave on requests whose label matches ``path``, for the next ``times`` of them (-1: always).

    ``change`` gets the honest answer (parsed) and gives the told one. ``body_size`` pours so many bytes, ``endless``
    without a stated size. ``before`` is said in front of the answer, over lines only. ``spell`` stands in the answer
    where ``change`` left :data:`HERE`: what no JSON writer would write.
    """

    path: str = ".*"
    times: int = -1
    status: int | None = None
    retry_after: str | None = None
    delay: float = 0.0
    bytes_per_second: int = 0
    body: bytes | None = None
    body_size: int = 0
    endless: bool = False
    content_type: str | None = None
    redirect: str | None = None
    gzip_bomb: int = 0
    encoding: str = "gzip"
    drop: bool = False
    before: bytes = b""
    change: Callable[[Any], Any] | None = None
    spell: bytes | None = None

    def applies(self, label: str) -> bool:
        return self.times != 0 and re.search(self.path, label) is not None

    def told(self, reply: "Reply") -> "Reply":
        """The honest reply as this fault makes it."""
        body = reply.body
        if self.change is not None:
            body = json.dumps(self.change(json.loads(body))).encode()
        if self.spell is not None:
            body = body.replace(json.dumps(HERE).encode(), self.spell)
        return Reply(reply.status, body if self.body is None else self.body, self.content_type or reply.type)


@dataclass
class Reply:
    """What an honest server says."""

    status: int
    body: bytes
    type: str


def text(body: str, status: int = 200) -> Reply:
    return Reply(status, body.encode(), "text/plain")


def json_reply(value: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode(), "application/json")


Answering = Callable[[str, str, bytes], Reply]


@dataclass
class Server:
    """A running server: its URL, its faults, and what it was asked."""

    url: str
    port: int
    faults: list[Fault] = field(default_factory=list)
    log: list[Request] = field(default_factory=list)
    open_connections: int = 0

    def asked(self, request: Request) -> Fault | None:
        """Write the request down and say how it is to be misanswered, if so."""
        self.log.append(request)
        fault = next((one for one in self.faults if one.applies(request.label)), None)
        if fault is not None and fault.times > 0:
            fault.times -= 1
        return fault


@dataclass
class House:
    """One server behind a name: what it says, and its state."""

    answering: Answering
    state: Server


_STOP = threading.Event()
_BLOCK = b" " * 65536


def wait(seconds: float) -> None:
    _STOP.wait(seconds)


def poured(fault: Fault) -> Iterator[bytes]:
    return itertools.repeat(_BLOCK, 2**40 if fault.endless else fault.body_size // len(_BLOCK))


@cache
def bomb(size: int, encoding: str) -> bytes:
    """``size`` blanks packed once for each encoding named."""
    packed = iter([_BLOCK] * (size // len(_BLOCK)) if size > len(_BLOCK) else [b" " * size])
    for _ in encoding.split(","):
        packer = zlib.compressobj(1, wbits=31)
        packed = iter([packer.compress(part) for part in packed] + [packer.flush()])
    return b"".join(packed)


def slowly(body: bytes, rate: int) -> Iterator[bytes]:
    for at in range(len(body)):
        yield body[at : at + 1]
        wait(1 / rate)

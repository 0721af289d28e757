"""Doors for the tests: open for this computer only, with everything that leaves written down."""

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reserves_gui.chain.pacing import Clock
from reserves_gui.chain.policy import Policy, host_of
from reserves_gui.chain.port import Account, Asset
from reserves_gui.chain.transport import Sent, Transport
from reserves_gui.progress import Progress
from tests.chain.ledger import MemoryLedger, script_of

BTC = Asset(name="BTC", decimals=8)
ALICE, BOB, CAROL = "1Alice", "1Bob", "1Carol"


def account(address: str) -> Account:
    return Account(address, script_of(address))


@dataclass
class Waits:
    """A clock that does not wait: it notes how long it was asked to."""

    at: float = 1000.0
    waited: list[float] = field(default_factory=list)

    def clock(self, *, today: float = 1_668_500_000.0) -> Clock:
        def sleep(seconds: float) -> None:
            self.at += seconds

        class Noting(Clock):
            def wait(inner, seconds: float, progress: Progress) -> None:  # noqa: N805
                if seconds > 0:
                    self.waited.append(seconds)
                super().wait(seconds, progress)

        return Noting(now=lambda: self.at, today=lambda: today, sleep=sleep, jitter=lambda: 1.0)


@dataclass
class Door:
    """A transport to the named URLs and the record of what left through it."""

    transport: Transport
    sent: list[Sent]


def open_door(*urls: str, clock: Clock | None = None, **options: object) -> Door:
    sent: list[Sent] = []
    consented = frozenset(host_of(url).authority for url in urls)
    policy = Policy(offline=False, consented=consented)
    door = Door(Transport(policy, clock=clock, record=sent.append, **options), sent)  # type: ignore[arg-type]
    _OPEN.append(door.transport)
    return door


_OPEN: list[Transport] = []


@pytest.fixture(autouse=True)
def _doors_are_shut() -> Iterator[None]:
    yield
    while _OPEN:
        transport = _OPEN.pop()
        transport.close()
        transport.cache.close()


@pytest.fixture
def ledger() -> MemoryLedger:
    """120 blocks: Alice gets 5, spends 2, gets 1; Bob gets 7 late; Carol has 60 payments of 10."""
    made = MemoryLedger()
    made.mine((ALICE, 500), count=10)
    for _ in range(60):
        made.mine((CAROL, 10))
    made.mine((ALICE, -200), count=20)
    made.mine((ALICE, 100), (BOB, 700), count=29)
    assert made.tip() == 119
    return made


@pytest.fixture
def progress() -> Iterator[Progress]:
    return Progress()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    try:
        made = subprocess.run(
            [*command, "-keyout", str(folder / "key"), "-out", str(folder / "pem")],
            capture_output=True,
            timeout=60,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    assert made.returncode == 0
    return folder


def secured(certificate: Path) -> Callable[[socket.socket], socket.socket]:
    """A server's socket under that certificate, which no system knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "pem", certificate / "key")
    return lambda sock: context.wrap_socket(sock, server_side=True)

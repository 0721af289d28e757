"""A calendar server for time stamps: it promises, and once told to, it has the path into a block."""

import hashlib

from tests.chain.ledger import Facade, MemoryLedger
from tests.chain.servers import Reply

HEIGHT = 5


def sized(data: bytes) -> bytes:
    return bytes([len(data)]) + data


def pending(uri: str) -> bytes:
    return b"\x00" + bytes.fromhex("83dfe30d2ef90c8e") + sized(sized(uri.encode()))


def in_block(height: int) -> bytes:
    return b"\x00" + bytes.fromhex("0588960d73d71901") + sized(bytes([height]))


def path_into(commitment: bytes) -> tuple[bytes, MemoryLedger]:
    """A chain whose block 5 has as root the double hash of the commitment's hex and some text, and the path there."""
    ledger = MemoryLedger(salt=commitment.hex())
    ledger.mine(count=8)
    return b"\xf3\xf0" + sized(f"{HEIGHT}()".encode()) + b"\x08\x08" + in_block(HEIGHT), ledger


class Calendar:
    """A calendar: it promises, and once told to, it has the path into a block."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[bytes] = []
        self.complete = False
        self.chain = Facade(MemoryLedger())

    def __call__(self, method: str, path: str, body: bytes) -> Reply:
        if method == "POST" and path == "/digest":
            self.asked.append(body)
            answer, ledger = path_into(hashlib.sha256(body + b"calendar").digest())
            self.answer, self.chain = answer, Facade(ledger)
            return Reply(200, b"\xf0" + sized(b"calendar") + b"\x08" + pending(self.url), "application/octet-stream")
        if path.startswith("/timestamp/"):
            promised = hashlib.sha256(self.asked[-1] + b"calendar").hexdigest()
            if not self.complete or path != f"/timestamp/{promised}":
                return Reply(404, b"Pending", "text/plain")
            return Reply(200, self.answer, "application/octet-stream")
        return self.chain(method, path, body)

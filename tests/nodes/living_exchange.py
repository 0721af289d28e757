"""An exchange that lives for months on a real chain: every transaction signed here, every coin in a book of our own.

Customers pay in and are paid out every day, the exchange moves coins between its wallets, borrows for one snapshot, and
in the end sees a run.
"""

import hashlib
import random
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from bip_utils import Base58Encoder
from coincurve import PrivateKey
from Crypto.Hash import RIPEMD160

from tests.nodes.bitcoin_chain import BitcoinChain

COIN = 100_000_000
DAY = 86_400
# Midnight, after the first blocks of the chain.
START = 1_669_852_800
FEE = 10_000
LOAN = 60 * COIN
HONEST, DRESSED, LAST_FILLED, RUN, END = 60, 110, 149, 155, 164
# What leaves in the run, day by day, in percent of what is there.
_RUN = (6, 8, 18, 20)
_ALL = 1
_FINAL = 0xFFFFFFFF


@dataclass
class Actor:
    """Somebody with one key, and the coins that key can spend: transaction, output, satoshi."""

    name: str
    coins: list[tuple[str, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._key = PrivateKey(hashlib.sha256(f"{self.name}, made up for tests".encode()).digest())
        public = self._key.public_key.format()
        self._public = public
        self.hash = RIPEMD160.new(hashlib.sha256(public).digest()).digest()
        self.address = Base58Encoder.CheckEncode(b"\x00" + self.hash)
        self.script = b"\x76\xa9\x14" + self.hash + b"\x88\xac"

    @property
    def held(self) -> int:
        return sum(value for _, _, value in self.coins)

    def signed(self, outputs: Sequence[tuple[bytes, int]]) -> bytes:
        """All coins spent to ``outputs`` (script, satoshi)."""
        paid = struct.pack("<B", len(outputs)) + b"".join(
            struct.pack("<QB", value, len(script)) + script for script, value in outputs
        )
        spent = [bytes.fromhex(txid)[::-1] + struct.pack("<I", at) for txid, at, _ in self.coins]

        def whole(scripts: Sequence[bytes]) -> bytes:
            inputs = b"".join(
                point + _sized(script) + struct.pack("<I", _FINAL) for point, script in zip(spent, scripts, strict=True)
            )
            return struct.pack("<I", 2) + _sized(b"", len(spent)) + inputs + paid + struct.pack("<I", 0)

        signatures = []
        for number in range(len(spent)):
            blank = [self.script if at == number else b"" for at in range(len(spent))]
            digest = hashlib.sha256(hashlib.sha256(whole(blank) + struct.pack("<I", _ALL)).digest()).digest()
            signature = self._key.sign(digest, hasher=None) + bytes([_ALL])
            signatures.append(_pushed(signature) + _pushed(self._public))
        return whole(signatures)


def _sized(data: bytes, count: int | None = None) -> bytes:
    size = len(data) if count is None else count
    assert size < 0xFD
    return bytes([size]) + data


def _pushed(data: bytes) -> bytes:
    return bytes([len(data)]) + data


class LivingExchange:
    """``book``: by height what the listed wallets hold; ``moves``: by height what single transactions changed."""

    def __init__(self, chain: BitcoinChain) -> None:
        self.chain = chain
        self.cold, self.warm, self.hot = (Actor(name) for name in ("cold", "warm", "hot"))
        self.customers, self.lender = Actor("customers"), Actor("lender")
        self.book: dict[int, dict[str, int]] = {}
        self.moves: dict[int, list[int]] = {}
        self.inside = 0
        self._height = 0
        self._pending: list[int] = []
        self._dice = random.Random(3)
        self._lived = 0
        for actor, rewards in ((self.customers, 20), (self.lender, 3)):
            for _ in range(rewards):
                self._mine(START - 3 * DAY + self._height * 600, actor)
        for _ in range(101):
            self._mine(START - 3 * DAY + self._height * 600, self.lender)
        self.lender.coins = self.lender.coins[:3]
        self._pay(self.customers, (self.cold, 480), (self.warm, 90), (self.hot, 30))
        self._mine(START - DAY, None)

    @property
    def listed(self) -> tuple[Actor, ...]:
        return self.cold, self.warm, self.hot

    @property
    def held(self) -> int:
        return sum(one.held for one in self.listed)

    @staticmethod
    def moment(day: int) -> int:
        return START + day * DAY

    def live(self, days: int) -> None:
        """So many days more, each with a block at midnight and one at noon."""
        for _ in range(days):
            for half in range(2):
                self._trade(half)
                self._event(self._lived, half)
                self._mine(self.moment(self._lived) + half * DAY // 2, None)
            self._lived += 1

    def _trade(self, half: int) -> None:
        """Deposits and withdrawals, about as much in as out, and twice a week a move inside the exchange."""
        if half == 0:
            self._pay(self.customers, (self.hot, 2.25 * self._some()))
        self._pay(self.hot, (self.customers, self._some()), (self.customers, self._some() / 8))
        if (self._lived % 7, half) in ((2, 1), (5, 1)):
            # Back to thirty coins that are ready to be paid out, from or to the wallets behind.
            spare = self.hot.held / COIN - 30
            behind = self.warm if self.warm.held > 40 * COIN else self.cold
            self._inside(self.hot, self.cold, spare) if spare > 0 else self._inside(behind, self.hot, -spare)

    def _inside(self, payer: Actor, paid: Actor, coins: float) -> None:
        self._pay(payer, (paid, coins))
        self.inside += 1

    def _event(self, day: int, half: int) -> None:
        if (day, half) == (DRESSED - 1, 0):
            self._pay(self.lender, (self.cold, LOAN / COIN))
        elif (day, half) == (DRESSED + 1, 0):
            self._pay(self.cold, (self.lender, LOAN / COIN))
        elif RUN <= day < RUN + len(_RUN) and half == 0:
            wanted = self.held * _RUN[day - RUN] // 100 / COIN
            # Coins come from the cold wallet first: a move inside the exchange, however large, is no outflow.
            self._inside(self.cold, self.hot, wanted)
            for part in (0.5, 0.3, 0.2):
                self._pay(self.hot, (self.customers, wanted * part))

    def _some(self) -> float:
        return self._dice.randrange(20, 150) / 100

    def _pay(self, payer: Actor, *paid: tuple[Actor, float]) -> None:
        outputs = [(actor, round(coins * COIN)) for actor, coins in paid]
        change = payer.held - sum(value for _, value in outputs) - FEE
        assert change > 0, payer.name
        outputs.append((payer, change))
        before = self.held
        raw = payer.signed([(actor.script, value) for actor, value in outputs])
        identifier = self.chain.send(raw.hex())
        payer.coins = []
        for at, (actor, value) in enumerate(outputs):
            actor.coins.append((identifier, at, value))
        if self.held != before:
            self._pending.append(self.held - before)

    def _mine(self, moment: int, rewarded: Actor | None) -> None:
        # Whoever mines otherwise has no part in this story.
        block = self.chain.mine_at(moment, (rewarded or Actor("miner")).address)
        self._height += 1
        if rewarded is not None:
            reward = self.chain.rpc("getblock", block, True)["tx"][0]
            rewarded.coins.append((str(reward), 0, 50 * COIN))
        self.book[self._height] = {one.address: one.held for one in self.listed}
        self.moves[self._height] = self._pending
        self._pending = []

"""The Electrum protocol 1.4 (spesmilo/electrumx docs/protocol-methods.rst) over TCP or TLS."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import TypeVar

from reserves_gui import limits
from reserves_gui.chain.answers import Answer, is_unusable
from reserves_gui.chain.asking import OutputStamp, Stamp
from reserves_gui.chain.bitcoin_wire import (
    MOST_UNITS,
    Header,
    Transaction,
    check_in_block,
    median_time,
    read_header,
    read_transaction,
    script_hash,
    shown_header,
)
from reserves_gui.chain.chains import Chain, Kind
from reserves_gui.chain.checkpoints import header_root, hold_to_checkpoint
from reserves_gui.chain.electrum_outputs import Entry, Outputs
from reserves_gui.chain.electrum_wire import HELLO, ElectrumWire, check_under_root
from reserves_gui.chain.following import Follower
from reserves_gui.chain.keeping import Kept, hex_bytes
from reserves_gui.chain.policy import host_of, shown_url
from reserves_gui.chain.port import (
    Account,
    Asset,
    Block,
    Delta,
    How,
    Observation,
    Outpoint,
    OutputSeen,
    Party,
    Speaker,
    Standing,
    unusable,
)
from reserves_gui.chain.standing import Identified, check_header, identify, judge_tip
from reserves_gui.chain.transport import Transport
from reserves_gui.chain.walking import Allowance, Walks, walked_back
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

_R = TypeVar("_R")

_TRIES = 3
_CHUNK = 25
_MOST_TRANSACTIONS = 100_000
# Each input of a transaction looked at in detail costs one more request.
_MOST_INPUTS = 100


# What a transaction that makes new coins spends.
_NOTHING = "00" * 32


class Electrum:
    """One Electrum server; ``url`` is ``tcp://host:port`` or ``ssl://host:port``."""

    def __init__(
        self, url: str, transport: Transport, *, fixed: Chain | None = None, allowance: int | None = None
    ) -> None:
        self._transport = transport
        self._fixed = fixed
        self._host = host_of(url)
        self._allowance = allowance
        self._found: Identified | None = None
        self._headers: dict[int, Header] = {}
        self._transactions: dict[str, Transaction] = {}
        self._walks = Walks()
        self.speaker = Speaker(name=shown_url(url), operator=self._host.operator, own=self._host.own)
        self._kept = Kept(transport.cache, self.speaker, transport.now)
        self._wire = ElectrumWire(url, self.speaker.name, transport)

    def probe(self, wanted: Sequence[Chain], progress: Progress) -> Standing:
        """server.version, the genesis hash of server.features, and the newest header with its work."""
        self._ask("server.version", HELLO, progress)
        try:
            genesis: str | None = self._ask("server.features", [], progress)["genesis_hash"].hash()
        except ReservesError as error:
            if not is_unusable(error) or not self._host.own:
                raise
            genesis = None
        self._found = identify(Kind.BITCOIN, genesis, speaker=self.speaker, wanted=wanted, fixed=self._fixed)
        found = self._found
        tip = self._kept.newest(found.chain.name, lambda: self._newest(found, progress))
        if self._found.notes != found.notes:
            # What is to be noted would not be said again with a kept block.
            self._kept.forget("tip")
        return judge_tip(self._found, tip, speaker=self.speaker, today=self._transport.clock.today())

    def _newest(self, found: Identified, progress: Progress) -> Block:
        """The newest block, its header checked and followed from the block known to be there."""
        height, header = self._tip(progress)
        if height:
            check_header(header, found, hash_given=None)
            before = self._header(height - 1, progress)
            check_header(header, found, hash_given=None, previous=before.hash)
        self._found = self._followed(found, height, header, progress)
        return Block(height, header.hash if found.chain.names_headers else None, header.time)

    def _followed(self, found: Identified, height: int, tip: Header, progress: Progress) -> Identified:
        """Held to the known blocks of its chain, and its headers followed from there where they can be hashed here."""
        hold_to_checkpoint(found, height, lambda at: self._name(at, progress) or "", self.speaker)

        def fetch(start: int, count: int) -> list[bytes]:
            told = self._ask("blockchain.block.headers", [start, count], progress)
            some = told["hex"].hex(80 * told["count"].integer(low=1, high=count))
            return [some[at : at + 80] for at in range(0, len(some), 80)]

        follower = Follower(found, self.speaker, fetch, self._transport.cache, self._transport.now)
        note = follower.follow(height, tip, progress)
        return found if note is None else replace(found, notes=(*found.notes, note))

    def block(self, height: int, progress: Progress) -> Block:
        """The header at ``height``, its work checked, and the median time from the ten before it."""
        headers = [self._header(number, progress) for number in range(max(0, height - 10), height + 1)]
        for earlier, later in pairwise(headers):
            if self._identified().chain.names_headers and later.previous != earlier.hash:
                self._kept.forget("header")
                raise unusable("chain.header_link")
        own = headers[-1]
        return Block(height, self._name(height, progress), own.time, median_time([header.time for header in headers]))

    def header(self, height: int, progress: Progress) -> bytes:
        """The 80 bytes of the header at ``height``, its work checked."""
        return self._header(height, progress).raw

    def observe(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Iterator[Observation]:
        """Confirmed balances, bound to the tip before and after, walked back to block ``at`` where that is below it."""
        chain = self._identified().chain
        stamp = Stamp(chain, asset, self.speaker, at, self._transport.now())
        for account in accounts:
            progress.checkpoint()
            if asset.contract is not None or asset.name != chain.coin:
                yield stamp.unsupported(account)
                continue
            try:
                amount, how = self._balance(account, at, progress)
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                yield stamp.failed(account, error)
            else:
                yield stamp.seen(account, amount, chain.decimals, how)

    def deltas(self, accounts: Sequence[Account], down_to: int, progress: Progress) -> Iterator[Delta]:
        """Net changes of the group above ``down_to``: what each transaction paid to it less what it spent of it."""
        return self._deltas(accounts, [self._history(account, progress) for account in accounts], down_to, progress)

    def _deltas(
        self, accounts: Sequence[Account], histories: Sequence[Sequence[Entry]], down_to: int, progress: Progress
    ) -> Iterator[Delta]:
        known = {entry.transaction: entry for history in histories for entry in history}
        scripts = {self._script(account) for account in accounts}
        newest = sorted(known.values(), key=lambda entry: (-entry.height, entry.transaction))
        allowance = self._new_allowance()
        for entry in newest:
            if entry.height <= down_to:
                return
            allowance.spend(len(newest))
            yield self._delta(entry, scripts, known, progress)

    def parties(self, delta: Delta, progress: Progress) -> list[Party]:
        """What the transaction paid to and took from every script; each transaction it spends of is fetched."""
        transaction = self._transaction(delta.transaction, delta.height, progress)
        if len(transaction.spends) > _MOST_INPUTS:
            raise unusable("chain.many_inputs", source=self.speaker.name, inputs=len(transaction.spends))
        found: dict[bytes, int] = {}
        for output in transaction.outputs:
            found[output.script] = found.get(output.script, 0) + output.amount
        for previous, index in transaction.spends:
            if previous == _NOTHING:
                continue
            outputs = self._transaction(previous, delta.height, progress).outputs
            if index >= len(outputs):
                raise unusable("chain.transaction")
            found[outputs[index].script] = found.get(outputs[index].script, 0) - outputs[index].amount
        return [Party("", script, amount) for script, amount in found.items() if amount]

    def outputs(self, outpoints: Sequence[Outpoint], at: Block, progress: Progress) -> Iterator[OutputSeen]:
        """Each output after block ``at``: by its transaction's own bytes, and the unspent outputs of its script."""
        stamp = OutputStamp(self._identified().chain, self.speaker, at, self._transport.now())
        for start in range(0, len(outpoints), _CHUNK):
            part = outpoints[start : start + _CHUNK]
            try:
                yield from self._at_one_tip(at, partial(self._some_outputs, stamp, part, progress), progress)
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                yield from (stamp.failed(one, error) for one in part)

    def _some_outputs(
        self, stamp: OutputStamp, outpoints: Sequence[Outpoint], progress: Progress, _tip: int
    ) -> list[OutputSeen]:
        reading = Outputs(
            source=self.speaker.name,
            height=stamp.at.height,
            transaction=partial(self._transaction, progress=progress),
            history=lambda script: self._all_history(Account("", script), progress),
            unspent=lambda script: self._unspent(Account("", script), progress),
            prove=lambda entry: self._prove(entry, progress),
            allowance=self._new_allowance,
        )
        found = []
        for one in outpoints:
            progress.checkpoint()
            try:
                found.append(stamp.seen(one, reading.find(one)))
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                found.append(stamp.failed(one, error))
        return found

    def _new_allowance(self) -> Allowance:
        return Allowance() if self._allowance is None else Allowance(self._allowance)

    def _unspent(self, account: Account, progress: Progress) -> dict[tuple[str, int], tuple[int, int]]:
        found = self._ask("blockchain.scripthash.listunspent", [self._hash(account)], progress)
        return {
            (item["tx_hash"].hash(), item["tx_pos"].integer(high=2**32)): (
                item["value"].integer(high=MOST_UNITS),
                item["height"].integer(low=-1, high=2**31),
            )
            for item in found.entries(_MOST_TRANSACTIONS)
        }

    def _balance(self, account: Account, at: Block, progress: Progress) -> tuple[int, How]:
        def look(tip: int) -> tuple[int, How] | None:
            present = self._present(account, progress)
            if at.height == tip:
                return present, How.POINT
            amount = self._walked(account, present, at.height, progress)
            return (amount, How.WALK) if self._present(account, progress) == present else None

        return self._at_one_tip(at, look, progress)

    def _at_one_tip(self, at: Block, look: Callable[[int], _R | None], progress: Progress) -> _R:
        """What ``look`` finds between two equal tips, with block ``at`` still where it was; None of it: once more."""
        for _ in range(_TRIES):
            tip, header = self._tip(progress)
            if at.height > tip:
                raise unusable("chain.above_tip", source=self.speaker.name, height=at.height, tip=tip)
            found = look(tip)
            if found is None:
                continue
            again, same = self._tip(progress)
            if (again, same.raw) != (tip, header.raw):
                self._headers.clear()
                continue
            self._headers.pop(at.height, None)
            if at.hash is not None and self._name(at.height, progress) != at.hash:
                raise unusable("chain.reorganised", source=self.speaker.name, height=at.height)
            return found
        raise unusable("chain.moving", source=self.speaker.name)

    def _walked(self, account: Account, present: int, height: int, progress: Progress) -> int:
        """The present balance walked back; before its first transaction an address holds nothing."""
        history = self._history(account, progress)
        changes = partial(self._deltas, [account], [history], 0, progress)
        amount = walked_back(present, self._walks.walk(account, (present, tuple(history)), changes), height)
        if amount and all(entry.height > height for entry in history):
            raise unusable("chain.history_sum", source=self.speaker.name)
        return amount

    def _present(self, account: Account, progress: Progress) -> int:
        found = self._ask("blockchain.scripthash.get_balance", [self._hash(account)], progress)
        return found["confirmed"].integer(high=MOST_UNITS)

    def _history(self, account: Account, progress: Progress) -> list[Entry]:
        return [entry for entry in self._all_history(account, progress) if entry.height > 0]

    def _all_history(self, account: Account, progress: Progress) -> list[Entry]:
        found = self._ask("blockchain.scripthash.get_history", [self._hash(account)], progress)
        entries = [
            Entry(item["tx_hash"].hash(), item["height"].integer(low=-1, high=2**31))
            for item in found.entries(_MOST_TRANSACTIONS)
        ]
        if len({entry.transaction for entry in entries}) != len(entries):
            raise unusable("chain.page_repeated")
        return entries

    def _delta(self, entry: Entry, scripts: set[bytes], known: dict[str, Entry], progress: Progress) -> Delta:
        """An input spends of the group only if the transaction it spends is in the group's history, too."""
        transaction = self._transaction(entry.transaction, entry.height, progress)
        self._prove(entry, progress)
        amount = sum(output.amount for output in transaction.outputs if output.script in scripts)
        for previous, index in transaction.spends:
            if previous in known:
                outputs = self._transaction(previous, known[previous].height, progress).outputs
                if index < len(outputs) and outputs[index].script in scripts:
                    amount -= outputs[index].amount
        return Delta(entry.transaction, entry.height, amount, self._header(entry.height, progress).time)

    def _transaction(self, identifier: str, height: int, progress: Progress) -> Transaction:
        """The transaction, in a block at or below ``height``; its id is the hash of its bytes, kept ones too."""
        found = self._transactions.get(identifier)
        if found is None:
            kept = hex_bytes(self._kept.get("transaction", identifier))
            raw = self._ask("blockchain.transaction.get", [identifier], progress).hex() if kept is None else kept
            found = read_transaction(raw)
            if found.id != identifier:
                raise unusable("chain.transaction")
            self._transactions[identifier] = found
            if kept is None:
                self._kept.put("transaction", identifier, raw.hex(), height=height, deep=limits.DEEP_TRANSACTION)
        return found

    def _prove(self, entry: Entry, progress: Progress) -> None:
        header = self._header(entry.height, progress)
        if self._kept.get("proof", entry.transaction) == header.hash:
            return
        found = self._ask("blockchain.transaction.get_merkle", [entry.transaction, entry.height], progress)
        branch = [item.hash() for item in found["merkle"].entries(32)]
        position = found["pos"].integer(high=2**32)
        check_in_block(entry.transaction, branch, position, header)
        deep = limits.DEEP_TRANSACTION
        self._kept.put("proof", entry.transaction, header.hash, height=entry.height, deep=deep)

    def _header(self, height: int, progress: Progress) -> Header:
        found = self._headers.get(height)
        if found is None:
            kept = hex_bytes(self._kept.get("header", str(height)))
            found = self._shown_header(height, progress) if kept is None else read_header(kept)
            if height:
                check_header(found, self._identified(), hash_given=None)
            self._headers[height] = found
            if kept is None:
                self._kept.put("header", str(height), found.raw.hex(), height=height, deep=limits.DEEP_BLOCK)
        return found

    def _name(self, height: int, progress: Progress) -> str | None:
        """The hash of the block at ``height``; None of the newest one, where only the next block tells it."""
        if self._identified().chain.names_headers:
            return self._header(height, progress).hash
        tip, newest = self._tip(progress)
        if height >= tip:
            return None
        return (newest if height + 1 == tip else self._header(height + 1, progress)).previous

    def _shown_header(self, height: int, progress: Progress) -> Header:
        """The header at ``height``, with the proof that it leads to the known root over all headers if there is one."""
        known = header_root(self._identified(), height)
        if known is None or self._host.own:
            told = self._ask("blockchain.block.header", [height], progress)
            return shown_header(told, self._identified().chain)
        told = self._ask("blockchain.block.header", [height, known.height], progress)
        if told["root"].hash() != known.root:
            raise unusable("chain.merkle_branch")
        return check_under_root(told, height)

    def _tip(self, progress: Progress) -> tuple[int, Header]:
        found = self._ask("blockchain.headers.subscribe", [], progress)
        return found["height"].integer(high=2**31), shown_header(found["hex"], self._identified().chain)

    def _identified(self) -> Identified:
        if self._found is None:
            raise unusable("chain.not_probed", source=self.speaker.name)
        return self._found

    @staticmethod
    def _script(account: Account) -> bytes:
        if account.key is None:
            raise unusable("chain.address_undecodable")
        return account.key

    def _hash(self, account: Account) -> str:
        return script_hash(self._script(account))[::-1].hex()

    def _ask(self, method: str, params: list[object], progress: Progress) -> Answer:
        return self._wire.ask(method, params, progress)

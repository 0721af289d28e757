"""Bitcoin Core RPC, and Litecoin Core's, which is the same (bitcoin/bitcoin src/rpc/blockchain.cpp)."""

import base64
import threading
from collections.abc import Container, Iterator, Sequence

from reserves_gui import limits
from reserves_gui.chain.answers import Answer, is_unusable
from reserves_gui.chain.asking import OutputStamp, Stamp
from reserves_gui.chain.bitcoin_wire import MOST_UNITS, shown_header
from reserves_gui.chain.chains import Chain, Kind
from reserves_gui.chain.checkpoints import hold_to_checkpoint
from reserves_gui.chain.jsonrpc import JsonRpc, RpcError
from reserves_gui.chain.keeping import Kept
from reserves_gui.chain.policy import host_of
from reserves_gui.chain.port import (
    Account,
    Asset,
    Block,
    Delta,
    Fate,
    How,
    Observation,
    Outpoint,
    OutputFound,
    OutputSeen,
    Party,
    Speaker,
    Standing,
    unusable,
)
from reserves_gui.chain.standing import Identified, check_header, identify, judge_tip
from reserves_gui.chain.transport import Transport
from reserves_gui.errors import ReservesError
from reserves_gui.messages import say
from reserves_gui.progress import Progress, silent

_TRIES = 3
_PER_SCAN = 5000
_MOST_OUTPUTS = 2_000_000
_STATUS_SECONDS = 1.0
_LOOK_SECONDS = 5.0
# Cancelling is answered at once, whatever the node does.
_ABORT_SECONDS = 0.8
# Blocks that may be walked back one by one; further back the node's snapshot of outputs is the better way.
_WALK_BLOCKS = 2_000
# Each input of a transaction looked at in detail may cost one more request.
_MOST_INPUTS = 1_000


class Bitcoind:
    """One node. ``user`` and ``password`` go into the request header only, never into a name, log or report."""

    def __init__(self, url: str, transport: Transport, *, user: str, password: str, fixed: Chain | None = None) -> None:
        self._host = host_of(url)
        self._transport = transport
        self._fixed = fixed
        self._found: Identified | None = None
        self.speaker = Speaker(
            name=f"bitcoind+{url.partition('://')[0]}://{self._host.authority}",
            operator=self._host.operator,
            own=self._host.own,
        )
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._rpc = JsonRpc(url, self.speaker.name, transport, authorization=f"Basic {token}")

    def probe(self, wanted: Sequence[Chain], progress: Progress) -> Standing:
        """The genesis hash and the newest block."""
        genesis = self._rpc.call("getblockhash", [0], progress).hash()
        self._found = identify(Kind.BITCOIN, genesis, speaker=self.speaker, wanted=wanted, fixed=self._fixed)
        found = self._found
        kept = Kept(self._transport.cache, self.speaker, self._transport.now)
        tip = kept.newest(found.chain.name, lambda: self._newest(found, progress))
        return judge_tip(found, tip, speaker=self.speaker, today=self._transport.clock.today())

    def _newest(self, found: Identified, progress: Progress) -> Block:
        """The newest block, its work checked, on a chain that has the block known to be there."""
        tip = self._best(progress)
        if tip.height and found.chain.names_headers:
            self.header(tip.height, progress)
        hold_to_checkpoint(
            found, tip.height, lambda at: self._rpc.call("getblockhash", [at], progress).hash(), self.speaker
        )
        return tip

    def block(self, height: int, progress: Progress) -> Block:
        """The block at ``height`` with time and median time."""
        found = self._header(self._rpc.call("getblockhash", [height], progress).hash(), progress)
        if found.height != height:
            raise unusable("chain.no_block", source=self.speaker.name, height=height)
        return found

    def header(self, height: int, progress: Progress) -> bytes:
        """The bytes of the header at ``height``, its hash and work checked."""
        block_hash = self._rpc.call("getblockhash", [height], progress).hash()
        found = shown_header(self._rpc.call("getblockheader", [block_hash, False], progress), self._identified().chain)
        check_header(found, self._identified(), hash_given=block_hash)
        return found.raw

    def observe(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Iterator[Observation]:
        """One pass over the unspent outputs for all accounts, then the blocks above ``at`` taken back."""
        chain = self._identified().chain
        stamp = Stamp(chain, asset, self.speaker, at, self._transport.now())
        if asset.contract is not None or asset.name != chain.coin:
            yield from (stamp.unsupported(account) for account in accounts)
            return
        readable = [account for account in accounts if account.key is not None]
        amounts: dict[bytes, int] = {}
        how = How.POINT
        failure: ReservesError | None = None
        try:
            for start in range(0, len(readable), _PER_SCAN):
                scripts = {bytes(account.key or b"") for account in readable[start : start + _PER_SCAN]}
                found, how = self._held(scripts, at, chain, progress)
                amounts.update(found)
        except ReservesError as error:
            if not is_unusable(error):
                raise
            failure = error
        for account in accounts:
            if account.key is None:
                yield stamp.unknown(account, say("chain.address_undecodable"))
            elif failure is not None and account.key not in amounts:
                yield stamp.failed(account, failure)
            else:
                yield stamp.seen(account, amounts[account.key], chain.decimals, how)

    def outputs(self, outpoints: Sequence[Outpoint], at: Block, progress: Progress) -> Iterator[OutputSeen]:
        """``gettxout`` of each; what is spent now is looked for in the blocks above ``at``, newest first."""
        stamp = OutputStamp(self._identified().chain, self.speaker, at, self._transport.now())
        told: dict[Outpoint, OutputFound | ReservesError] = {}
        failure: ReservesError | None = None
        try:
            told = self._outputs(outpoints, at, progress)
        except ReservesError as error:
            if not is_unusable(error):
                raise
            failure = error
        for one in outpoints:
            found = failure or told.get(one, OutputFound(Fate.GONE))
            yield stamp.failed(one, found) if isinstance(found, ReservesError) else stamp.seen(one, found)

    def _outputs(
        self, outpoints: Sequence[Outpoint], at: Block, progress: Progress
    ) -> dict[Outpoint, OutputFound | ReservesError]:
        """What is known of each after block ``at``; an output that is not in it was spent by then, or never was."""
        chain = self._identified().chain
        for _ in range(_TRIES):
            best = self._best(progress)
            if at.height > best.height:
                raise unusable("chain.above_tip", source=self.speaker.name, height=at.height, tip=best.height)
            present = self._present_outputs(outpoints, best, at.height, chain, progress)
            found: dict[Outpoint, OutputFound | ReservesError] = {**present}
            missing = [one for one in outpoints if one not in present]
            if missing and at.height < best.height:
                try:
                    found |= self._spent_since(missing, best, at.height, chain, progress)
                except ReservesError as error:
                    if not is_unusable(error):
                        raise
                    found |= dict.fromkeys(missing, error)
            if self._best(progress) != best:
                continue
            if at.hash is not None and self._rpc.call("getblockhash", [at.height], progress).hash() != at.hash:
                raise unusable("chain.reorganised", source=self.speaker.name, height=at.height)
            return found
        raise unusable("chain.moving", source=self.speaker.name)

    def _best(self, progress: Progress) -> Block:
        return self._header(self._rpc.call("getbestblockhash", [], progress).hash(), progress)

    def _present_outputs(
        self, outpoints: Sequence[Outpoint], best: Block, height: int, chain: Chain, progress: Progress
    ) -> dict[Outpoint, OutputFound]:
        """The outputs that are unspent now; one that came above ``height`` was not there yet."""
        found: dict[Outpoint, OutputFound] = {}
        for one in outpoints:
            progress.checkpoint()
            told = self._rpc.call("gettxout", [one.transaction, one.index, False], progress)
            if told.value is None:
                continue
            created = best.height + 1 - told["confirmations"].integer(low=1, high=best.height + 1)
            found[one] = _output_found(one, told, chain, created, height)
        return found

    def _spent_since(
        self, missing: Sequence[Outpoint], best: Block, height: int, chain: Chain, progress: Progress
    ) -> dict[Outpoint, OutputFound]:
        """Those that a block above ``height`` spends and none above it made: they were unspent then."""
        found: dict[Outpoint, OutputFound] = {}
        wanted: dict[tuple[str, int], list[Outpoint]] = {}
        for one in missing:
            wanted.setdefault((one.transaction, one.index), []).append(one)
        for at, _, entry in self._entries_above(best, height, progress):
            for spent in entry["vin"].entries(200_000):
                if spent.get("coinbase") is not None or spent.get("txid") is None:
                    continue
                for one in wanted.get((spent["txid"].hash(), spent["vout"].integer(high=2**32)), ()):
                    previous = spent.get("prevout") or self._output(one.transaction, one.index, progress)
                    found[one] = _output_found(one, previous, chain, None, height, spent=at)
            made = entry["txid"].hash()
            for one in [each for each in found if each.transaction == made]:
                found[one] = OutputFound(Fate.GONE, created=at)
        return found

    def deltas(self, accounts: Sequence[Account], down_to: int, progress: Progress) -> Iterator[Delta]:
        """Net changes of the group above ``down_to``, read from the blocks themselves."""
        chain = self._identified().chain
        scripts = {account.key for account in accounts if account.key is not None}
        tip = self._best(progress)
        for delta, _ in self._changes(scripts, tip, down_to, chain, progress):
            yield delta

    def parties(self, delta: Delta, progress: Progress) -> list[Party]:
        """What the transaction paid to and took from every script; older nodes need an index of transactions for it."""
        block_hash = self._rpc.call("getblockhash", [delta.height], progress).hash()
        entry = self._rpc.call("getrawtransaction", [delta.transaction, True, block_hash], progress)
        if entry["txid"].hash() != delta.transaction:
            entry.refuse()
        inputs = len(entry["vin"].entries(200_000))
        if inputs > _MOST_INPUTS:
            raise unusable("chain.many_inputs", source=self.speaker.name, inputs=inputs)
        net = self._net(entry, _Everything(), self._identified().chain, progress)
        return [Party("", script, amount) for script, amount in net.items() if amount]

    def _held(self, scripts: set[bytes], at: Block, chain: Chain, progress: Progress) -> tuple[dict[bytes, int], How]:
        for _ in range(_TRIES):
            amounts, height, best = self._scan(scripts, chain, progress)
            if at.height > height:
                raise unusable("chain.above_tip", source=self.speaker.name, height=at.height, tip=height)
            if self._rpc.call("getblockhash", [height], progress).hash() != best:
                continue
            if at.height < height:
                for _, per_script in self._changes(scripts, Block(height, best), at.height, chain, progress):
                    for script, amount in per_script.items():
                        amounts[script] -= amount
            if at.hash is not None and self._rpc.call("getblockhash", [at.height], progress).hash() != at.hash:
                raise unusable("chain.reorganised", source=self.speaker.name, height=at.height)
            if any(amount < 0 for amount in amounts.values()):
                raise unusable("chain.walk_negative")
            return amounts, How.POINT if at.height == height else How.WALK
        raise unusable("chain.moving", source=self.speaker.name)

    def _scan(self, scripts: set[bytes], chain: Chain, progress: Progress) -> tuple[dict[bytes, int], int, str]:
        """scantxoutset: (amount per script, height, block hash); the outputs must add up to the stated total."""
        descriptors = [f"raw({script.hex()})" for script in sorted(scripts)]
        with _Watch(self._rpc, progress):
            found = self._rpc.call("scantxoutset", ["start", descriptors], progress, seconds=limits.SCAN_SECONDS)
        if not found["success"].flag():
            raise unusable("chain.scan_failed", source=self.speaker.name)
        amounts = dict.fromkeys(scripts, 0)
        outpoints: set[tuple[str, int]] = set()
        for output in found["unspents"].entries(_MOST_OUTPUTS):
            script = output["scriptPubKey"].hex()
            outpoint = (output["txid"].hash(), output["vout"].integer(high=2**32))
            if script not in amounts or outpoint in outpoints:
                output.refuse()
            outpoints.add(outpoint)
            amounts[script] += output["amount"].coins(chain.decimals, high=MOST_UNITS)
        if sum(amounts.values()) != found["total_amount"].coins(chain.decimals, high=MOST_UNITS):
            raise unusable("chain.scan_total", source=self.speaker.name)
        return amounts, found["height"].integer(high=2**31), found["bestblock"].hash()

    def _changes(
        self, scripts: set[bytes], top: Block, down_to: int, chain: Chain, progress: Progress
    ) -> Iterator[tuple[Delta, dict[bytes, int]]]:
        """Per transaction above ``down_to``, newest first: the group's net change, and the change of each script."""
        for height, time, entry in self._entries_above(top, down_to, progress):
            per_script = self._net(entry, scripts, chain, progress)
            if per_script:
                yield Delta(entry["txid"].hash(), height, sum(per_script.values()), time), per_script

    def _entries_above(self, top: Block, down_to: int, progress: Progress) -> Iterator[tuple[int, int, Answer]]:
        """(height, time, transaction) of every transaction above ``down_to``, newest first."""
        if top.height - down_to > _WALK_BLOCKS:
            raise unusable("chain.too_far_back", source=self.speaker.name, blocks=top.height - down_to)
        block_hash = top.hash
        for height in range(top.height, down_to, -1):
            found = self._rpc.call("getblock", [block_hash, 2], progress)
            if found["height"].integer(high=2**31) != height or found["hash"].hash() != block_hash:
                found.refuse()
            time = found["time"].integer(high=2**34)
            for entry in reversed(found["tx"].entries(200_000)):
                yield height, time, entry
            block_hash = found["previousblockhash"].hash()

    def _net(self, entry: Answer, scripts: Container[bytes], chain: Chain, progress: Progress) -> dict[bytes, int]:
        net: dict[bytes, int] = {}
        for output in entry["vout"].entries(200_000):
            script = output["scriptPubKey"]["hex"].hex()
            if script in scripts:
                net[script] = net.get(script, 0) + output["value"].coins(chain.decimals, high=MOST_UNITS)
        for spent in entry["vin"].entries(200_000):
            if spent.get("coinbase") is not None or spent.get("txid") is None:
                continue
            previous = spent.get("prevout")
            if previous is None:
                previous = self._output(spent["txid"].hash(), spent["vout"].integer(high=2**32), progress)
            script = previous["scriptPubKey"]["hex"].hex()
            if script in scripts:
                net[script] = net.get(script, 0) - previous["value"].coins(chain.decimals, high=MOST_UNITS)
        return net

    def _output(self, transaction: str, index: int, progress: Progress) -> Answer:
        """The output a transaction spends: nodes before version 23 do not show it and need their transaction index."""
        try:
            found = self._rpc.call("getrawtransaction", [transaction, True], progress)
        except RpcError:
            raise unusable("chain.no_index", source=self.speaker.name) from None
        outputs = found["vout"].entries(200_000)
        if index >= len(outputs):
            found.refuse()
        return outputs[index]

    def _header(self, block_hash: str, progress: Progress) -> Block:
        found = self._rpc.call("getblockheader", [block_hash], progress)
        if found["hash"].hash() != block_hash:
            found.refuse()
        return Block(
            found["height"].integer(high=2**31),
            block_hash,
            found["time"].integer(high=2**34),
            found["mediantime"].integer(high=2**34),
        )

    def _identified(self) -> Identified:
        if self._found is None:
            raise unusable("chain.not_probed", source=self.speaker.name)
        return self._found


def _output_found(
    outpoint: Outpoint, told: Answer, chain: Chain, created: int | None, height: int, *, spent: int | None = None
) -> OutputFound:
    """An output as a node shows it, after block ``height``."""
    if created is not None and created > height:
        return OutputFound(Fate.GONE, created=created)
    if outpoint.script is not None and told["scriptPubKey"]["hex"].hex() != outpoint.script:
        return OutputFound(Fate.OTHER, created=created)
    return OutputFound(Fate.UNSPENT, told["value"].coins(chain.decimals, high=MOST_UNITS), created, spent)


class _Everything(Container[bytes]):
    """Every script there is."""

    def __contains__(self, _script: object) -> bool:
        return True


class _Watch:
    """While a scan runs: its progress once a second, and an abort when the user cancels."""

    def __init__(self, rpc: JsonRpc, progress: Progress) -> None:
        self._rpc = rpc
        self._progress = progress
        self._looking = silent()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="scan")

    def __enter__(self) -> None:
        self._progress.stage(say("progress.scan"), 100)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._looking.cancel()
        self._thread.join()
        if self._progress.cancelled:
            # The node hears it even if its answer does not come in time.
            self._quietly("abort", silent(), _ABORT_SECONDS)

    def _watch(self) -> None:
        while not self._done.wait(_STATUS_SECONDS):
            found = self._quietly("status", self._looking, _LOOK_SECONDS)
            if found is not None and found.is_object:
                try:
                    self._progress.advance(min(99, found["progress"].integer(high=100)))
                except ReservesError:
                    return

    def _quietly(self, action: str, progress: Progress, seconds: float) -> Answer | None:
        try:
            return self._rpc.call("scantxoutset", [action], progress, seconds=seconds)
        except ReservesError:
            return None

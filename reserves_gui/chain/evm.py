"""EVM chains over JSON-RPC: balances of coin and tokens at a block, in batches, through Multicall3, or with proofs."""

from collections.abc import Iterator, Mapping, Sequence

from reserves_gui.chain import multicall
from reserves_gui.chain.answers import Answer, is_unusable
from reserves_gui.chain.asking import Stamp
from reserves_gui.chain.chains import Chain, Kind
from reserves_gui.chain.evm_proof import check_account, check_block, check_slot
from reserves_gui.chain.evm_together import TOGETHER_FROM, Together
from reserves_gui.chain.jsonrpc import Call, JsonRpc, RpcError
from reserves_gui.chain.keeping import Kept
from reserves_gui.chain.policy import shown_url
from reserves_gui.chain.port import Account, Asset, Block, Delta, Observation, Party, Speaker, Standing, unusable
from reserves_gui.chain.standing import Identified, identify, judge_tip
from reserves_gui.chain.transport import Transport
from reserves_gui.chain.trie import mapping_slot, vyper_mapping_slot
from reserves_gui.errors import ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress

_TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
_NO_STATE = (
    "missing trie node",
    "state not available",
    "state is not available",
    "pruned",
    "archive",
    "historical state",
)
_LOG_SPAN = 2_000
_MOST_LOGS = 100_000

_Found = int | ReservesError


class Evm:
    """One EVM endpoint."""

    def __init__(self, url: str, transport: Transport, *, fixed: Chain | None = None) -> None:
        self._fixed = fixed
        self._transport = transport
        self._rpc = JsonRpc(url, self._prefix() + shown_url(url), transport)
        self._found: Identified | None = None
        self._headers: dict[int, Answer] = {}
        self._together = Together()
        host = self._rpc.host
        self.speaker = Speaker(
            name=self._prefix() + shown_url(url), operator=host.operator, own=host.own, proves=self._proves()
        )

    def probe(self, wanted: Sequence[Chain], progress: Progress) -> Standing:
        """The chain id and the newest block."""
        identity: str | None = None
        try:
            identity = str(self._rpc.call("eth_chainId", [], progress).quantity())
        except RpcError:
            if not self.speaker.own:
                raise
        self._found = identify(Kind.EVM, identity, speaker=self.speaker, wanted=wanted, fixed=self._fixed)
        kept = Kept(self._transport.cache, self.speaker, self._transport.now)
        tip = kept.newest(self._found.chain.name, lambda: self._newest(progress))
        return judge_tip(self._found, tip, speaker=self.speaker, today=self._transport.clock.today())

    def _newest(self, progress: Progress) -> Block:
        return self.block(self._rpc.call("eth_blockNumber", [], progress).quantity(bits=63), progress)

    def block(self, height: int, progress: Progress) -> Block:
        """The block at ``height``, asked again each time so that a reorganisation is seen."""
        found = self._rpc.call("eth_getBlockByNumber", [hex(height), False], progress)
        if found.value is None:
            raise unusable("chain.no_block", source=self.speaker.name, height=height)
        if found["number"].quantity(bits=63) != height:
            found.refuse()
        self._headers[height] = found
        return Block(height, found["hash"].data(32).hex(), found["timestamp"].quantity(bits=40))

    def observe(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Iterator[Observation]:
        """Balances in the state after block ``at``; the block is asked for again at the end and must be the same."""
        chain = self._identified().chain
        stamp = Stamp(chain, asset, self.speaker, at, self._transport.now())
        if asset.contract is None and asset.name != chain.coin:
            yield from (stamp.unsupported(account) for account in accounts)
            return
        try:
            decimals = self._decimals(asset, at, progress) if asset.contract is not None else chain.decimals
            amounts = self._amounts(asset, [account for account in accounts if _readable(account)], at, progress)
            if self.block(at.height, progress).hash != at.hash:
                raise unusable("chain.reorganised", source=self.speaker.name, height=at.height)
        except ReservesError as error:
            if not is_unusable(error):
                raise
            yield from (stamp.failed(account, error) for account in accounts)
            return
        for account in accounts:
            if not _readable(account):
                yield stamp.unknown(account, say("chain.address_undecodable"))
                continue
            found = amounts[account.key or b""]
            yield (
                stamp.failed(account, found)
                if isinstance(found, ReservesError)
                else stamp.seen(account, found, decimals)
            )

    def token_deltas(
        self, asset: Asset, accounts: Sequence[Account], down_to: int, progress: Progress
    ) -> Iterator[Delta]:
        """Net transfers of a token into the group above ``down_to``, newest first; inside the group they cancel."""
        group = {account.key for account in accounts if _readable(account)}
        topics = ["0x" + (key or b"").rjust(32, b"\x00").hex() for key in sorted(group, key=lambda key: key or b"")]
        newest = self._rpc.call("eth_blockNumber", [], progress).quantity(bits=63)
        span, top = _LOG_SPAN, newest
        while top > down_to:
            low = max(down_to + 1, top - span + 1)
            net: dict[tuple[int, str], int] = {}
            try:
                for position in (1, 2):
                    wanted: list[object] = [_TRANSFER, None, None]
                    wanted[position] = topics
                    query = {
                        "fromBlock": hex(low),
                        "toBlock": hex(top),
                        "address": asset.contract,
                        "topics": wanted[: position + 1],
                    }
                    for log in self._rpc.call("eth_getLogs", [query], progress).entries(_MOST_LOGS):
                        key, amount = _transfer(log, asset, low, top)
                        net[key] = net.get(key, 0) + (amount if position == 2 else -amount)
            except RpcError:
                if span == 1:
                    raise
                span = max(1, span // 2)
                continue
            for (height, transaction), amount in sorted(net.items(), reverse=True):
                yield Delta(transaction, height, amount)
            top = low - 1

    def token_parties(self, asset: Asset, delta: Delta, progress: Progress) -> list[Party]:
        """Everybody between whom the transaction moved the token."""
        receipt = self._rpc.call("eth_getTransactionReceipt", ["0x" + delta.transaction], progress)
        net: dict[str, int] = {}
        for log in receipt["logs"].entries(_MOST_LOGS):
            topics = log["topics"].entries(5)
            ours = log["address"].text(42).lower() == asset.contract and len(topics) == 3
            if not ours or topics[0].text(66) != _TRANSFER:
                continue
            (_, transaction), amount = _transfer(log, asset, delta.height, delta.height)
            if transaction != delta.transaction:
                log.refuse()
            for topic, sign in ((topics[1], -1), (topics[2], 1)):
                address = "0x" + topic.data()[-20:].hex()
                net[address] = net.get(address, 0) + sign * amount
        return [Party(address, None, amount) for address, amount in net.items() if amount]

    def code(self, address: bytes, at: Block, progress: Progress) -> bytes:
        """The code of an account at a block; empty for an account without any."""
        return self._rpc.call("eth_getCode", ["0x" + address.hex(), hex(at.height)], progress).data()

    def read(
        self, contract: bytes, data: bytes, at: Block, progress: Progress, *, lent: Mapping[str, object] | None = None
    ) -> bytes:
        """The raw answer of a contract to ``data`` in the state after block ``at``; ``lent``: a state override."""
        call = {"to": "0x" + contract.hex(), "data": "0x" + data.hex()}
        params: list[object] = [call, hex(at.height)]
        return self._rpc.call("eth_call", params if lent is None else [*params, lent], progress).data()

    def ask(self, calls: Sequence[Call], progress: Progress) -> list[Answer | ReservesError]:
        """Several questions at once, answered in their order; only one that failed is an error."""
        answers: list[Answer | ReservesError] = []
        for start in range(0, len(calls), multicall.CHUNK):
            progress.checkpoint()
            answers += self._rpc.batch(calls[start : start + multicall.CHUNK], progress)
        return [self._explained(one) if isinstance(one, ReservesError) else one for one in answers]

    # Amounts -----------------------------------------------------------------------------------------------------

    def _amounts(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Mapping[bytes, _Found]:
        keys = list(dict.fromkeys(account.key or b"" for account in accounts))
        if len(keys) >= TOGETHER_FROM:
            token = None if asset.contract is None else bytes.fromhex(asset.contract[2:])
            together = self._together.amounts(self, token, keys, at, progress)
            if together is not None:
                missing = unusable("chain.no_contract", source=self.speaker.name)
                return {key: missing if amount is None else amount for key, amount in together.items()}
        answers = self.ask([self._question(asset, key, at) for key in keys], progress)
        return {key: self._amount(asset, answer) for key, answer in zip(keys, answers, strict=True)}

    @staticmethod
    def _question(asset: Asset, key: bytes, at: Block) -> Call:
        if asset.contract is None:
            return Call("eth_getBalance", ["0x" + key.hex(), hex(at.height)])
        data = multicall.with_address(multicall.BALANCE_OF, key)
        return Call("eth_call", [{"to": asset.contract, "data": "0x" + data.hex()}, hex(at.height)])

    def _amount(self, asset: Asset, answer: Answer | ReservesError) -> _Found:
        if isinstance(answer, ReservesError):
            return answer
        try:
            return answer.quantity() if asset.contract is None else self._word(answer.data())
        except ReservesError as error:
            return error

    def _explained(self, error: ReservesError) -> ReservesError:
        if isinstance(error, RpcError) and any(words in error.text.lower() for words in _NO_STATE):
            return unusable("chain.no_state", source=self.speaker.name)
        return error

    def _word(self, data: bytes) -> int:
        """A token answers with exactly 32 bytes; nothing at all means that there is no contract at that block."""
        if not data:
            raise unusable("chain.no_contract", source=self.speaker.name)
        if len(data) != 32:
            raise unusable("chain.answer_shape", place="result")
        return int.from_bytes(data, "big")

    def _decimals(self, asset: Asset, at: Block, progress: Progress) -> int:
        contract = bytes.fromhex((asset.contract or "")[2:])
        try:
            value = self._word(self.read(contract, multicall.DECIMALS, at, progress))
        except RpcError as error:
            raise self._explained(error) from None
        if value > 77:
            raise unusable("chain.answer_shape", place="decimals")
        return value

    def _identified(self) -> Identified:
        if self._found is None:
            raise unusable("chain.not_probed", source=self.speaker.name)
        return self._found

    @staticmethod
    def _prefix() -> str:
        return "evm+"

    @staticmethod
    def _proves() -> bool:
        return False


class ProvingEvm(Evm):
    """The same endpoint, every balance proven against the state root of a block whose header is hashed here.

    One false proof marks the source as lying: none of its answers is used in the run.
    """

    lying: Message | None = None

    def block(self, height: int, progress: Progress) -> Block:
        """The block at ``height``; its header must hash to its hash."""
        found = super().block(height, progress)
        try:
            check_block(self._headers[height])
        except ReservesError as error:
            raise self._caught() from error
        return found

    def _state_root(self, at: Block, progress: Progress) -> bytes:
        """Of a header that hashes to the block's hash; a block that was kept from an earlier run is asked for again."""
        if at.height not in self._headers and self.block(at.height, progress).hash != at.hash:
            raise unusable("chain.reorganised", source=self.speaker.name, height=at.height)
        return check_block(self._headers[at.height])

    def _caught(self) -> ReservesError:
        error = unusable("chain.lying", source=self.speaker.name)
        self.lying = error.message
        return error

    def _decimals(self, asset: Asset, at: Block, progress: Progress) -> int:
        """No proof covers what a contract says of its decimals: they must be the ones shipped for it.

        A test chain may hold any contract at that address.
        """
        told = super()._decimals(asset, at, progress)
        if asset.decimals is not None and told != asset.decimals and not self._identified().test:
            raise self._caught()
        return told

    def _amounts(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Mapping[bytes, _Found]:
        if asset.contract is not None and asset.mapping is None:
            raise unusable("chain.layout_unknown", asset=asset.name)
        state_root = self._state_root(at, progress)
        keys = list(dict.fromkeys(account.key or b"" for account in accounts))
        calls = [self._proof_question(asset, key, at) for key in keys]
        answers = self._rpc.batch(calls, progress)
        found: dict[bytes, _Found] = {}
        for key, answer in zip(keys, answers, strict=True):
            progress.checkpoint()
            if isinstance(answer, ReservesError):
                found[key] = self._explained(answer)
                continue
            try:
                found[key] = self._proven(asset, key, answer, state_root)
            except ReservesError as error:
                raise self._caught() from error
        return found

    def observe(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Iterator[Observation]:
        """Proven balances; nothing more from a source that was caught lying."""
        if self.lying is not None:
            stamp = Stamp(self._identified().chain, asset, self.speaker, at, self._transport.now())
            yield from (stamp.unknown(account, self.lying) for account in accounts)
            return
        yield from super().observe(asset, accounts, at, progress)

    @staticmethod
    def _slot(asset: Asset, owner: bytes) -> bytes:
        return (vyper_mapping_slot if asset.vyper else mapping_slot)(owner, asset.mapping or 0)

    def _proof_question(self, asset: Asset, key: bytes, at: Block) -> Call:
        if asset.contract is None:
            return Call("eth_getProof", ["0x" + key.hex(), [], hex(at.height)])
        return Call("eth_getProof", [asset.contract, ["0x" + self._slot(asset, key).hex()], hex(at.height)])

    def _proven(self, asset: Asset, key: bytes, answer: Answer, state_root: bytes) -> int:
        if asset.contract is None:
            return check_account(answer, state_root, key).balance
        account = check_account(answer, state_root, bytes.fromhex(asset.contract[2:]))
        return check_slot(answer, account, self._slot(asset, key))

    @staticmethod
    def _prefix() -> str:
        return "evm-proof+"

    @staticmethod
    def _proves() -> bool:
        return True


def _readable(account: Account) -> bool:
    return account.key is not None and len(account.key) == 20


def _transfer(log: Answer, asset: Asset, low: int, top: int) -> tuple[tuple[int, str], int]:
    topics = log["topics"].entries(4)
    height = log["blockNumber"].quantity(bits=63)
    removed = log.get("removed")
    if (
        len(topics) != 3
        or topics[0].text(66) != _TRANSFER
        or log["address"].text(42).lower() != asset.contract
        or not low <= height <= top
        or (removed is not None and removed.flag())
    ):
        log.refuse()
    return (height, log["transactionHash"].data(32).hex()), int.from_bytes(log["data"].data(32), "big")

"""Who controls a contract, in the contract's own words at one block.

Safe: getOwners(), getThreshold() (safe-global/safe-smart-account contracts/base/OwnerManager.sol). One owner: owner()
(EIP-173). A contract that checks signatures: isValidSignature(bytes32,bytes) (EIP-1271). EigenPod: podOwner()
(Layr-Labs/eigenlayer-contracts src/contracts/pods/EigenPod.sol).

What an owner may do, and modules beside the owners, are not looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reserves_gui.chain import multicall
from reserves_gui.chain.answers import Answer
from reserves_gui.chain.jsonrpc import Call, RpcError
from reserves_gui.chain.port import Block, unusable
from reserves_gui.chain.recorded_calls import CallSource
from reserves_gui.errors import ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress

_GET_OWNERS = bytes.fromhex("a0e67e2b")
_GET_THRESHOLD = bytes.fromhex("e75235b8")
_OWNER = bytes.fromhex("8da5cb5b")
_POD_OWNER = bytes.fromhex("0b18ff66")
_IS_VALID_SIGNATURE = bytes.fromhex("1626ba7e")
_ACCEPTED = _IS_VALID_SIGNATURE.ljust(32, b"\x00")
# An account that lends itself code (EIP-7702) is still controlled by its own key.
_DELEGATED = bytes.fromhex("ef0100")
# More owners than any contract has that people sign for.
_MOST_OWNERS = 1_000
# What nodes call a contract that knows no such function; only then is the contract itself known to be silent.
_REVERTED = ("revert", "opcode", "stack underflow", "jump", "out of gas", "bad instruction", "vm execution error")
_REVERTED_CODE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractQuestion:
    """Do ``signers`` (20 bytes each) control ``contract``? Without signers: is there a contract at all?

    ``digest`` and ``signatures`` (65 bytes, recovery 27 or 28) are what they signed. ``pod``: an EigenPod is possible.
    """

    contract: bytes
    signers: tuple[bytes, ...] = ()
    digest: bytes = b""
    signatures: tuple[bytes, ...] = ()
    pod: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """``holds``: whether the signers control it (without signers: whether it is a contract); None: no usable answer."""

    holds: bool | None
    reason: Message


def who_controls(
    source: CallSource, questions: Sequence[ContractQuestion], at: Block, progress: Progress
) -> list[Control]:
    """One answer per question, in their order, in the state after block ``at``. Raises ``source.unusable``.

    The block is asked for again at the end and must still be the same.
    """
    found: list[Control | None] = [None] * len(questions)
    codes = source.ask([_code_call(one.contract, at) for one in questions], progress)
    asked = []
    for number, (question, answer) in enumerate(zip(questions, codes, strict=True)):
        found[number] = _by_code(question, answer, at)
        if found[number] is None:
            asked.append(number)
    for number, control in zip(asked, _by_owners(source, [questions[one] for one in asked], at, progress), strict=True):
        found[number] = control
    silent = [number for number in asked if _is_silent(found[number]) and questions[number].signatures]
    signed = _by_signature(source, [questions[number] for number in silent], at, progress)
    for number, other in zip(silent, signed, strict=True):
        found[number] = other or found[number]
    if source.block(at.height, progress).hash != at.hash:
        raise unusable("chain.reorganised", source=source.speaker.name, height=at.height)
    return [control for control in found if control is not None]


def _code_call(contract: bytes, at: Block) -> Call:
    return Call("eth_getCode", ["0x" + contract.hex(), hex(at.height)])


def _read_call(contract: bytes, data: bytes, at: Block) -> Call:
    return Call("eth_call", [{"to": "0x" + contract.hex(), "data": "0x" + data.hex()}, hex(at.height)])


def _by_code(question: ContractQuestion, answer: Answer | ReservesError, at: Block) -> Control | None:
    """What the code alone decides; None where the contract must be asked."""
    try:
        code = _data(answer)
    except ReservesError as error:
        return Control(None, error.message)
    if not code:
        return Control(False, say("wallets.owner.no_code", height=at.height))
    if code.startswith(_DELEGATED):
        return Control(False, say("wallets.owner.delegated", height=at.height))
    return None if question.signers else Control(True, say("wallets.owner.code", height=at.height))


def _by_owners(
    source: CallSource, questions: Sequence[ContractQuestion], at: Block, progress: Progress
) -> list[Control]:
    selectors = (_GET_OWNERS, _GET_THRESHOLD, _OWNER, _POD_OWNER)
    calls = [_read_call(one.contract, selector, at) for one in questions for selector in selectors]
    answers = source.ask(calls, progress)
    width = len(selectors)
    return [
        _judged(question, answers[width * number : width * (number + 1)], at)
        for number, question in enumerate(questions)
    ]


def _judged(question: ContractQuestion, answers: Sequence[Answer | ReservesError], at: Block) -> Control:
    try:
        said = [_said(answer) for answer in answers]
    except ReservesError as error:
        return Control(None, error.message)
    owners, threshold, owner, pod_owner = _addresses(said[0]), _number(said[1]), _address(said[2]), _address(said[3])
    signers = set(question.signers)
    if owners and threshold:
        return _safe(owners, threshold, signers, at)
    if question.pod and pod_owner is not None:
        if pod_owner in signers:
            return Control(True, say("wallets.owner.pod", height=at.height))
        return Control(False, say("wallets.owner.pod_other", height=at.height))
    if owner is not None and owner in signers:
        return Control(True, say("wallets.owner.one", height=at.height))
    if owner is not None and any(owner):
        return Control(False, say("wallets.owner.one_other", height=at.height))
    return Control(False, say("wallets.owner.silent", height=at.height))


def _safe(owners: Sequence[bytes], threshold: int, signers: set[bytes], at: Block) -> Control:
    """The signers are owners, and as many as the Safe demands."""
    if not signers <= set(owners):
        return Control(False, say("wallets.owner.safe_other", height=at.height))
    if threshold > len(signers):
        reason = say("wallets.owner.safe_threshold", threshold=threshold, count=len(signers), height=at.height)
        return Control(False, reason)
    return Control(True, say("wallets.owner.safe", threshold=threshold, owners=len(owners), height=at.height))


def _is_silent(control: Control | None) -> bool:
    return control is not None and control.reason.key in ("wallets.owner.silent", "wallets.owner.one_other")


def _by_signature(
    source: CallSource, questions: Sequence[ContractQuestion], at: Block, progress: Progress
) -> list[Control | None]:
    """Does the contract accept what was signed? One that accepts it over another text, too, checks nothing."""
    calls = [
        _read_call(one.contract, _signature_data(digest, b"".join(one.signatures)), at)
        for one in questions
        for digest in (one.digest, _other(one.digest))
    ]
    answers = source.ask(calls, progress)
    found: list[Control | None] = []
    for number in range(len(questions)):
        try:
            own, foreign = (_said(one) == _ACCEPTED for one in answers[2 * number : 2 * number + 2])
        except ReservesError as error:
            found.append(Control(None, error.message))
            continue
        if own and foreign:
            found.append(Control(False, say("wallets.owner.accepts_all", height=at.height)))
        else:
            found.append(Control(True, say("wallets.owner.signature", height=at.height)) if own else None)
    return found


def _other(digest: bytes) -> bytes:
    return bytes([digest[0] ^ 1]) + digest[1:]


def _signature_data(digest: bytes, signature: bytes) -> bytes:
    padded = signature + bytes(-len(signature) % 32)
    return _IS_VALID_SIGNATURE + digest + multicall.word(64) + multicall.word(len(signature)) + padded


# Answers ------------------------------------------------------------------------------------------------------------


def _data(answer: Answer | ReservesError) -> bytes:
    if isinstance(answer, ReservesError):
        raise answer
    return answer.data()


def _said(answer: Answer | ReservesError) -> bytes:
    """What the contract answered, nothing where it knows no such function. Raises where the server did not answer."""
    if isinstance(answer, RpcError):
        # Some write the names of their errors as one word.
        text = answer.text.lower()
        if answer.number == _REVERTED_CODE or any(one in text or one.replace(" ", "") in text for one in _REVERTED):
            return b""
    return _data(answer)


def _addresses(data: bytes) -> tuple[bytes, ...]:
    """The entries of address[], all different and none zero; empty for anything else."""
    if len(data) < 64 or len(data) % 32 or data[:32] != multicall.word(32):
        return ()
    entries = [_address(data[start : start + 32]) for start in range(64, len(data), 32)]
    whole = [one for one in entries if one is not None and any(one)]
    if int.from_bytes(data[32:64], "big") != len(entries) or len(set(whole)) != len(entries):
        return ()
    return tuple(whole) if len(whole) <= _MOST_OWNERS else ()


def _address(data: bytes) -> bytes | None:
    return data[12:] if len(data) == 32 and not any(data[:12]) else None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big") if len(data) == 32 else 0

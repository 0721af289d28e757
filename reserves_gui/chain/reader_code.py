"""Many balances in one call where Multicall3 does not stand: a small program of ours, lent to an account for that call.

Nodes let ``eth_call`` run with other code at an address (its third parameter, the state override). The program below
reads balances and tells the block it runs in; nothing of it is ever on a chain. Call data: the token (or zero for the
coin), then one address after the other, each in 32 bytes. Answer: the block number, then for each address whether it
was read (1 or 0) and the amount.
"""

from collections.abc import Sequence

from reserves_gui.chain.multicall import BALANCE_OF
from reserves_gui.chain.port import unusable

ADDRESS = "0x5265736572766573207265616473206d616e7920"
"""Where the program is lent to: "Reserves reads many " as bytes; nobody has a key for it."""

_PARTS = (
    # mem[0:4] = selector of balanceOf; mem[0x60:] = block number; out = 0x80; i = 0x20
    f"63{BALANCE_OF.hex()} 60e0 1b 6000 52",
    "43 6060 52 6080 6020",
    # loop at 0x13: stack out i; until i reaches the size of the call data
    "5b 36 81 10 15 605e 57",
    # a = calldata[i]; t = calldata[0]; to the token's part if t is set
    "80 35 6000 35 80 6032 57",
    # coin: mem[out] = 1; mem[out + 0x20] = balance(a)
    "50 31 82 6020 01 52 6001 82 52 6052 56",
    # token at 0x32: mem[4:0x24] = a; ok = staticcall(gas, t, 0, 0x24, 0x40, 0x20) and it answered with 32 bytes
    "5b 90 6004 52 6020 6040 6024 6000 84 5a fa 3d 6020 14 16",
    # mem[out] = ok; mem[out + 0x20] = mem[0x40]
    "83 52 50 6040 51 82 6020 01 52",
    # next at 0x52: i += 0x20; out += 0x40
    "5b 6020 01 90 6040 01 90 6013 56",
    # end at 0x5e: return mem[0x60:out]
    "5b 50 6060 80 91 03 90 f3",
)
CODE = bytes.fromhex(" ".join(_PARTS))


def override() -> dict[str, dict[str, str]]:
    """The third parameter of ``eth_call``."""
    return {ADDRESS: {"code": "0x" + CODE.hex()}}


def call_data(token: bytes | None, addresses: Sequence[bytes]) -> bytes:
    """What the program is called with; ``token`` None for the chain's coin."""
    return (token or b"").rjust(32, b"\x00") + b"".join(address.rjust(32, b"\x00") for address in addresses)


def results(data: bytes, count: int, height: int) -> list[int | None]:
    """The ``count`` amounts; None where an address could not be read. Raises for another block or another length."""
    if len(data) != 32 + 64 * count:
        raise unusable("chain.multicall")
    words = [int.from_bytes(data[start : start + 32], "big") for start in range(0, len(data), 32)]
    if words[0] != height:
        raise unusable("chain.multicall")
    if any(done > 1 for done in words[1::2]):
        raise unusable("chain.multicall")
    return [amount if done else None for done, amount in zip(words[1::2], words[2::2], strict=True)]

"""Contracts of a few bytes, written by hand: each known question has one fixed answer, any other reverts."""

from collections.abc import Mapping, Sequence

GET_OWNERS = "a0e67e2b"
GET_THRESHOLD = "e75235b8"
OWNER = "8da5cb5b"
POD_OWNER = "0b18ff66"
IS_VALID_SIGNATURE = "1626ba7e"
ACCEPTED = bytes.fromhex(IS_VALID_SIGNATURE).ljust(32, b"\x00")

_LOAD_SELECTOR = bytes.fromhex("60003560e01c")
_REVERT = bytes.fromhex("60006000fd")


def word(value: int | str) -> bytes:
    """A number, or an address in hex, as 32 bytes."""
    return (int(value, 16) if isinstance(value, str) else value).to_bytes(32, "big")


def address_array(addresses: Sequence[str]) -> bytes:
    return word(32) + word(len(addresses)) + b"".join(word(one) for one in addresses)


def safe(owners: Sequence[str], threshold: int) -> bytes:
    """The code of a contract that answers as a Safe."""
    return answering({GET_OWNERS: address_array(owners), GET_THRESHOLD: word(threshold)})


def answering(answers: Mapping[str, bytes], *, only_for: Mapping[str, bytes] | None = None) -> bytes:
    """The code of a contract with these answers by selector; ``only_for``: only if the first argument is that word."""
    only = only_for or {}
    table = len(_LOAD_SELECTOR) + 11 * len(answers) + len(_REVERT)
    handlers, places, data_places, at = [], [], [], table
    for selector in answers:
        places.append(at)
        at += 1 + (50 if selector in only else 0) + 15
    for answer in answers.values():
        data_places.append(at)
        at += len(answer)
    for (selector, answer), place, data in zip(answers.items(), places, data_places, strict=True):
        code = b"\x5b"
        if selector in only:
            good = place + 50
            code += b"\x60\x04\x35\x7f" + only[selector] + b"\x14\x61" + good.to_bytes(2, "big") + b"\x57"
            code += b"\x60\x00\x60\x00\xfd".ljust(8, b"\x00") + b"\x5b"
        size = len(answer).to_bytes(2, "big")
        handlers.append(
            code + b"\x61" + size + b"\x61" + data.to_bytes(2, "big") + b"\x60\x00\x39\x61" + size + b"\x60\x00\xf3"
        )
    dispatch = b"".join(
        b"\x80\x63" + bytes.fromhex(selector) + b"\x14\x61" + place.to_bytes(2, "big") + b"\x57"
        for selector, place in zip(answers, places, strict=True)
    )
    return _LOAD_SELECTOR + dispatch + _REVERT + b"".join(handlers) + b"".join(answers.values())

"""Writes lists of eight-byte leaves by each rule: plain, slow, and apart from the engine."""

import hashlib
import re


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def root(leaves: list[str]) -> str:
    level = [bytes.fromhex(leaf) for leaf in leaves]
    while len(level) > 1:
        paired = [hashlib.sha256(level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0].hex()


def levels(count: int) -> int:
    found = 1
    while 2 ** (found - 1) < count:
        found += 1
    return found


def listed(leaves: list[str], end: str = "\n") -> bytes:
    lines = ["Level\tHash", *(f"{levels(len(leaves))},{at}\t{leaf}" for at, leaf in enumerate(leaves))]
    return (end.join(lines) + end).encode()


def rule_a(uid: str, balances: list[tuple[str, str]]) -> str:
    def canonical(text: str) -> str:
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return text if "." in text else text + ".0"

    return sha(uid + "," + ",".join(f"{asset}:{canonical(text)}" for asset, text in balances))[:16]


def rule_b(uid: str, balances: list[tuple[str, str]]) -> str:
    return sha(sha(uid) + sha("".join(text for _, text in balances)))[:16]


def bitso(uid: str, balances: list[tuple[str, str]]) -> str:
    held = sorted(f"{asset}={text}" for asset, text in balances if float(text))
    canon = [re.sub(r"([0-9]+(\.[0-9]+[1-9])?)(\.?0+$)", r"\1", one.partition("=")[2], count=1) for one in held]
    return sha(uid + "".join(map(sha, canon)))[:16]

"""Flat lists from made-up users: written from the formulas, apart from the engine."""

import hashlib
import json
import random
from dataclasses import dataclass
from decimal import Decimal


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def repeating_root(lines: list[str]) -> str:
    level = [sha(line) for line in lines]
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [sha(left + right) for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0]


@dataclass
class Numbered:
    """User lines cut into files, one platform file, and per user (first label, number of lines, balance)."""

    files: dict[str, bytes]
    lines: list[str]
    platform: list[str]
    owners: list[tuple[str, int, Decimal]]

    def metadata(self, user: int) -> dict[str, object]:
        head, count, _ = self.owners[user]
        return {
            "userMerkleRoot": repeating_root(self.lines),
            "userFileCount": sum("USER" in name for name in self.files),
            "platformMerkleRoot": repeating_root(self.platform),
            "platformFileCount": 1,
            "userHeadHash": head,
            "userId": str(user),
            "n": count,
        }

    def with_metadata(self, user: int) -> dict[str, bytes]:
        return {**self.files, "metadata": json.dumps(self.metadata(user)).encode()}


def numbered(seed: int, users: int, files: int = 3) -> Numbered:
    draw = random.Random(seed)
    lines, owners = [], []
    for user in range(users):
        count = draw.randrange(1, 4)
        amounts = [Decimal(draw.randrange(10**10)).scaleb(-draw.randrange(9)) for _ in range(count)]
        labels = [sha(f"{seed} {user} {at}")[:40] for at in range(count)]
        lines += [f"{label},{amount:f}" for label, amount in zip(labels, amounts, strict=True)]
        owners.append((labels[0], count, sum(amounts, Decimal(0))))
    platform = [f"{sha(f'platform {at}')},{at}.5" for at in range(3)]
    size = -(-len(lines) // files)
    parts = [lines[at : at + size] for at in range(0, len(lines), size)]
    made = {
        f"por_USER_1_2_{at}-{len(parts)}": ("POR[user]\n" + "\n".join(part) + "\n").encode()
        for at, part in enumerate(parts, 1)
    }
    made["por_PLATFORM_1_2_1-1"] = ("POR[platform]\n" + "\n".join(platform) + "\n").encode()
    return Numbered(made, lines, platform, owners)


def stamped(seed: int, users: int) -> tuple[bytes, list[tuple[str, str]]]:
    """A report and per user (cookie, balance)."""
    draw = random.Random(seed)
    stamp = str(draw.randrange(1_400_000_000, 1_600_000_000))
    people = [(f"cookie-{draw.getrandbits(64):x}", f"{draw.randrange(10**10) / 10**8:.8f}") for _ in range(users)]
    rows = [f"{hashlib.sha1((stamp + cookie).encode()).hexdigest()} {amount}" for cookie, amount in people]
    draw.shuffle(rows)
    return ("\n".join([stamp, *rows]) + "\n").encode(), people

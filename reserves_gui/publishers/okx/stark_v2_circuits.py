"""Circuits of the second generation that are pinned, and what a pin says.

A pin is the SHA-256 of the whole circuit data, because the four-number digest inside covers only the preprocessed
commitment and the degree: gate list, query count and work bits could be exchanged under it.
"""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from reserves_gui.messages import say
from reserves_gui.publishers.okx.stark_v2_global import GlobalProof
from reserves_gui.verdict import Checks


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A circuit shipped as trusted; ``tokens`` is None where the round's token count is unpublished."""

    round_number: int
    sha256: str
    batch_size: int
    levels: int
    tokens: int | None
    data: bytes


@cache
def shipped_pins() -> tuple[Pin, ...]:
    """The pins in ``resources/pins``."""
    entry = resources.files("reserves_gui.resources") / "pins" / "okx_stark_v2.toml"
    table = tomllib.loads(entry.read_text(encoding="utf-8"))
    return tuple(
        Pin(
            round_number=one["round"],
            sha256=one["sha256"],
            batch_size=one["batch_size"],
            levels=one["levels"],
            tokens=one.get("token_num"),
            data=bytes.fromhex("".join(one["data"].split())),
        )
        for one in table["circuits"]
    )


def shipped_for(round_number: int) -> Pin | None:
    """The pin of a round whose file leaves its circuit data out."""
    return next((pin for pin in shipped_pins() if pin.round_number == round_number), None)


def fingerprint(data: bytes) -> str:
    """What a circuit is pinned and compared by: SHA-256 of its data, lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def check_pin(checks: Checks, data: bytes, proof: GlobalProof, pins: Sequence[str]) -> bool:
    """``proof.circuit``: whether the circuit is pinned, and stated sizes agree with those stored with the pin."""
    seen = fingerprint(data)
    shipped = next((pin for pin in shipped_pins() if pin.sha256 == seen), None)
    if shipped is not None:
        for name, stored, stated in (
            ("batch_size", shipped.batch_size, proof.batch_size),
            ("token_num", shipped.tokens, proof.tokens),
            ("recursive_circuit_configs", shipped.levels, proof.levels),
        ):
            if stored is not None and stated is not None and stored != stated:
                reason = say("okx_stark_v2.circuit.sizes", name=name)
                checks.failed("proof.circuit", reason, expected=str(stored), seen=str(stated))
                return False
        checks.passed("proof.circuit", say("okx_stark_v2.circuit.shipped", sha256=seen), expected=seen, seen=seen)
        return True
    if seen in {pin.lower() for pin in pins}:
        checks.passed("proof.circuit", say("okx_stark_v2.circuit.pinned", sha256=seen), expected=seen, seen=seen)
        return True
    checks.not_checked("proof.circuit", say("okx_stark_v2.circuit.unknown", sha256=seen), seen=seen)
    return False

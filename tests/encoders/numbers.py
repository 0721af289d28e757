"""Amounts as (unscaled integer, scale) pairs, so that the encoders share no arithmetic with the engine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Num:
    unscaled: int
    scale: int = 0

    def __add__(self, other: "Num") -> "Num":
        scale = max(self.scale, other.scale)
        return Num(self.unscaled * 10 ** (scale - self.scale) + other.unscaled * 10 ** (scale - other.scale), scale)

    def plain(self) -> str:
        """All decimals of the scale."""
        digits = str(abs(self.unscaled)).rjust(self.scale + 1, "0")
        whole, part = (digits[: -self.scale], digits[-self.scale :]) if self.scale else (digits, "")
        sign = "-" if self.unscaled < 0 else ""
        return f"{sign}{whole}.{part}" if part else sign + whole

    def strip(self) -> str:
        """No trailing zeros, zero is 0."""
        unscaled, scale = self.unscaled, self.scale
        while scale and unscaled % 10 == 0:
            unscaled, scale = unscaled // 10, scale - 1
        return Num(unscaled, scale).plain()

    def cut(self, decimals: int) -> "Num":
        """Toward zero, to exactly ``decimals`` places."""
        shift = decimals - self.scale
        size = abs(self.unscaled) * 10**shift if shift >= 0 else abs(self.unscaled) // 10**-shift
        return Num(size if self.unscaled >= 0 else -size, decimals)


ZERO = Num(0)

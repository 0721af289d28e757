"""The parts of Java's library that publishers' trees depend on, by the book."""


def java_hash_by_the_book(text: str) -> int:
    value = 0
    for unit in range(0, len(raw := text.encode("utf-16-le")), 2):
        value = value * 31 + int.from_bytes(raw[unit : unit + 2], "little")
    return value % 2**32


class HashMapByTheBook:
    """Buckets as linked lists, doubled when the size passes three quarters: what the Java class does."""

    def __init__(self, keys=()) -> None:
        self.table: list[list[str]] = [[] for _ in range(16)]
        self.size = 0
        for key in keys:
            self.put(key)

    def spread(self, key: str) -> int:
        value = java_hash_by_the_book(key)
        return (value ^ (value >> 16)) & (len(self.table) - 1)

    def put(self, key: str) -> None:
        bucket = self.table[self.spread(key)]
        if key in bucket:
            return
        bucket.append(key)
        self.size += 1
        if self.size > len(self.table) * 0.75:
            old = [key for bucket in self.table for key in bucket]
            self.table = [[] for _ in range(2 * len(self.table))]
            for moved in old:
                self.table[self.spread(moved)].append(moved)

    def __iter__(self):
        return iter([key for bucket in self.table for key in bucket])


def big_decimal_text(unscaled: int, scale: int) -> str:
    """``BigDecimal.toString`` from the class's documentation."""
    digits = str(abs(unscaled))
    sign = "-" if unscaled < 0 else ""
    adjusted = -scale + len(digits) - 1
    if scale >= 0 and adjusted >= -6:
        if scale == 0:
            return sign + digits
        padded = digits.rjust(scale + 1, "0")
        return f"{sign}{padded[:-scale]}.{padded[-scale:]}"
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    if adjusted == 0:
        return sign + mantissa
    return f"{sign}{mantissa}E{'+' if adjusted > 0 else ''}{adjusted}"

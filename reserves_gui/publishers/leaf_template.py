"""The leaf template: text with ``{name}`` fields and four functions, read here and never evaluated as code.

    sha256hex(TEXT)   sha1hex(TEXT)   hmac_sha256hex(KEY, TEXT)   cut(N, TEXT)

A function's first comma ends its first argument where it has two; blanks after that comma are left out. Everything else
is literal text.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from hashlib import sha1, sha256

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say

# What a template may name, each given with ``--user`` or in a form.
FIELDS = frozenset({"uid", "key", "salt", "nonce", "asset", "balances"})
# Deeper nesting has no use, and the reader below calls itself once per level.
_DEEPEST = 8
_TOKEN = re.compile(r"(sha256hex|sha1hex|hmac_sha256hex|cut)\(|\{([a-z_]+)\}|([(){},])", re.ASCII)
_LENGTH = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
_TWO = frozenset({"hmac_sha256hex", "cut"})


def render(template: str, fields: Mapping[str, str]) -> str | None:
    """The text that ``template`` makes of ``fields``; None while a field it names is not given. Raises ``usage``."""
    if len(template) > limits.TEMPLATE_CHARS:
        raise _wrong(say("template.long", limit=limits.TEMPLATE_CHARS))
    reader = _Reader(template, fields)
    text = reader.text("", 0)
    if reader.missing:
        return None
    if len(text) > limits.TEMPLATE_OUTPUT_CHARS:
        raise _wrong(say("template.output_long", limit=limits.TEMPLATE_OUTPUT_CHARS))
    return text


class _Reader:
    def __init__(self, template: str, fields: Mapping[str, str]) -> None:
        self._template = template
        self._fields = fields
        self._at = 0
        self.missing = False

    def text(self, ends: str, depth: int) -> str:
        """Everything up to one of the characters ``ends``, or to the end of the template where there is none."""
        made: list[str] = []
        while True:
            match = _TOKEN.search(self._template, self._at)
            start = len(self._template) if match is None else match.start()
            made.append(self._template[self._at : start])
            self._at = start
            if match is None:
                if ends:
                    raise _wrong(say("template.open"))
                return "".join(made)
            mark = match[3]
            if mark is not None and mark in ends:
                return "".join(made)
            self._at = match.end()
            if match[1] is not None:
                made.append(self._function(match[1], depth + 1))
            elif match[2] is not None:
                made.append(self._field(match[2]))
            elif mark == ",":
                made.append(mark)
            else:
                raise _wrong(say("template.stray", mark=mark))

    def _field(self, name: str) -> str:
        if name not in FIELDS:
            raise _wrong(say("template.field", name=name[:40], known=", ".join(sorted(FIELDS))))
        if name not in self._fields:
            self.missing = True
        return self._fields.get(name, "")

    def _function(self, name: str, depth: int) -> str:
        if depth > _DEEPEST:
            raise _wrong(say("template.deep", limit=_DEEPEST))
        first = ""
        if name in _TWO:
            first = self.text(",", depth)
            self._at += 1
            while self._template[self._at : self._at + 1] == " ":
                self._at += 1
        text = self.text(")", depth)
        self._at += 1
        if name == "cut":
            if _LENGTH.fullmatch(first) is None:
                raise _wrong(say("template.cut"))
            return text[: int(first)]
        return _HASHES[name](first, text)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_HASHES: Mapping[str, Callable[[str, str], str]] = {
    "sha256hex": lambda _, text: sha256(_bytes(text)).hexdigest(),
    "sha1hex": lambda _, text: sha1(_bytes(text), usedforsecurity=False).hexdigest(),
    "hmac_sha256hex": lambda key, text: hmac.new(_bytes(key), _bytes(text), sha256).hexdigest(),
}


def _wrong(message: Message) -> ReservesError:
    return ReservesError(ErrorCode.USAGE, message, "template")

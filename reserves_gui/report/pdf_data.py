"""The data inside a report's PDF: an attached file in the document, and the file's own hash after its end.

Only what our own writer puts there is understood: a file specification that names a stream object, plain or deflated.
Readers ignore comments after the end of a PDF, so the hash of all bytes before it stands there.
"""

import hashlib
import re
import zlib

ATTACHMENT = "reserves-report.json"
_SEAL = b"\n%reserves-file "
_EMBEDDED = re.compile(rb"/EF\s*<<\s*/F ([0-9]{1,9}) 0 R")
_STREAM = re.compile(rb"stream\r?\n")


def sealed_pdf(data: bytes) -> bytes:
    """``data`` with its own SHA-256 in a comment at the end."""
    return data + _SEAL + hashlib.sha256(data).hexdigest().encode("ascii") + b"\n"


def pdf_seal_holds(data: bytes) -> bool:
    """Whether the comment at the end is the hash of everything before it."""
    body, mark, seal = data.rpartition(_SEAL)
    return bool(mark) and hashlib.sha256(body).hexdigest().encode("ascii") + b"\n" == seal


def pdf_data(data: bytes, largest: int) -> bytes | None:
    """The attached JSON, at most ``largest`` bytes of it; None if it is not there or not whole."""
    named = _EMBEDDED.search(data)
    if named is None:
        return None
    start = data.find(b"\n" + named[1] + b" 0 obj")
    begin = None if start < 0 else _STREAM.search(data, start, start + 1000)
    if begin is None:
        return None
    header = data[start : begin.start()]
    end = data.find(b"endstream", begin.end())
    if end < 0:
        return None
    packed = data[begin.end() : end]
    if b"/FlateDecode" not in header:
        return packed.rstrip(b"\r\n")
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(packed, largest)
    except zlib.error:
        return None
    return found if unpacking.eof else None

"""Signed notes: read as other tools write them, and one changed byte is found."""

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.trust.secret_key_file import new_secret_key
from reserves_gui.trust.signed_note import (
    NoteKey,
    NoteSignature,
    check_note,
    is_note_name,
    is_signed,
    parse_note_key,
    sign_note,
)

# The example in the documentation of golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
BODY = "reserves.local/0123\n3\ndF3ODCIwENED2Kh0PXPdJuO6ASBJpTqq7O6yHA6Q4UA=\n"
NAME = "reserves.local/0123"


def _signed() -> tuple[str, NoteKey]:
    secret = new_secret_key()
    return f"{BODY}\n{sign_note(BODY, NAME, secret.seed)}", NoteKey(NAME, secret.public.key)


def test_a_note_of_another_tool_verifies_under_its_key() -> None:
    key = parse_note_key(NEUMANN)
    assert (key.name, key.hash.hex(), key.text()) == ("PeterNeumann", "c74f20a3", NEUMANN)
    assert check_note(NOTE, key) is NoteSignature.HOLDS
    assert check_note(NOTE.replace("problem is", "problem Is"), key) is NoteSignature.WRONG


def test_what_is_signed_here_verifies_and_stands_beside_signatures_of_others() -> None:
    note, key = _signed()
    assert check_note(note, key) is NoteSignature.HOLDS
    assert parse_note_key(key.text()) == key
    other, other_key = _signed()
    both = note + other.partition("\n\n")[2]
    assert [check_note(both, one) for one in (key, other_key)] == [NoteSignature.HOLDS] * 2
    assert check_note(note, other_key) is NoteSignature.NONE
    assert check_note(f"{BODY}\n", key) is NoteSignature.NONE
    assert (is_signed(both), is_signed(f"{BODY}\n")) == (True, False)


def test_every_changed_byte_of_a_signed_head_is_found() -> None:
    note, key = _signed()
    data = note.encode()
    for at in range(len(data)):
        for bit in (0, 3, 7):
            changed = bytearray(data)
            changed[at] ^= 1 << bit
            try:
                held = check_note(changed.decode(), key)
            except (UnicodeDecodeError, ReservesError):
                continue
            assert held is not NoteSignature.HOLDS, (at, bit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        NEUMANN[:-4],
        NEUMANN.replace("c74f20a3", "c74f20a4"),
        NEUMANN.replace("c74f20a3", "C74F20A3"),
        NEUMANN.replace("PeterNeumann", "Peter Neumann"),
        NEUMANN.replace("PeterNeumann", ""),
        NEUMANN.replace("+AR", "+BR"),
        NEUMANN + "A",
        NEUMANN.replace("0TW", "0TX"),
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ReservesError) as caught:
        parse_note_key(text)
    assert caught.value.code is ErrorCode.FORMAT_SHAPE


@pytest.mark.parametrize(
    "lines",
    [
        "no dash\n",
        "— \n",
        "— name\n",
        "— name !!!\n",
        "— name AAAA\n",
        "— a+b AAAAAAAA\n",
        "— name AAAAAAB=\n",
        "\n",
        "— name AAAAAAAA\n\n",
        "— name AAAAAAAA\n" * 101,
    ],
)
def test_what_is_no_signature_line_is_refused(lines: str) -> None:
    with pytest.raises(ReservesError) as caught:
        is_signed(f"{BODY}\n{lines}")
    assert caught.value.code is ErrorCode.FORMAT_SHAPE


def test_a_name_has_no_blank_and_no_plus() -> None:
    assert is_note_name("reserves.local/0123")
    assert not any(is_note_name(name) for name in ("", "a b", "a+b", "a\u2003b", "a\nb"))

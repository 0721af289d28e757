"""Sentences as a report carries them: key, arguments and text, read from additions that any hand may have written."""

from collections.abc import Mapping

from reserves_gui.messages import Message, message_of, render, say


def stored_message(entry: Mapping[str, object], text: str = "text") -> Message:
    """The sentence, or its stored text where this version has no such sentence or says it in other words."""
    stored = str(entry.get(text, ""))
    try:
        message = message_of(entry.get("key"), entry.get("args"))
        if render(message) == stored:
            return message
    except (KeyError, TypeError):
        pass
    return say("report.stored", text=stored)

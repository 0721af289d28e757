"""The state glyphs as inline SVG: the window's shapes on its grid of 20 units. The shape alone tells the state."""

_VERIFIED = (
    '<circle class="soft-verified" cx="10" cy="10" r="9"/><path class="on-verified" d="M6.2 10.4L8.9 13L13.9 7.4"/>'
)
_FAILED = (
    '<path class="solid-failed" d="M6.27 1H13.73L19 6.27V13.73L13.73 19H6.27L1 13.73V6.27Z"/>'
    '<path class="on-failed" d="M7 7L13 13M13 7L7 13"/>'
)
_UNDECIDED = (
    '<circle class="ring dashed" cx="10" cy="10" r="8.25"/>'
    '<path class="mark" d="M7.7 8C7.7 5.1 12.4 5.1 12.4 8C12.4 9.8 10.05 9.8 10.05 11.7"/>'
    '<circle class="dot" cx="10.05" cy="14.4" r="1.15"/>'
)
_NOT_CHECKED = '<circle class="ring" cx="10" cy="10" r="8.25"/><path class="mark" d="M6.5 10H13.5"/>'
_PARTIAL = (
    '<path class="solid-partial" d="M10 1.75A8.25 8.25 0 0 0 10 18.25Z"/>'
    '<circle class="ring-partial" cx="10" cy="10" r="8.25"/>'
)
_SHAPES = {
    "verified": _VERIFIED,
    "passed": _VERIFIED,
    "failed": _FAILED,
    "undecided": _UNDECIDED,
    "not_checked": _NOT_CHECKED,
    "partial": _PARTIAL,
}


def glyph(state: str, *, x: float = 0, y: float = 0, size: int = 20) -> str:
    """The glyph of a claim's state or a check's outcome, to stand inside another SVG."""
    return (
        f'<svg class="glyph" x="{x:g}" y="{y:g}" width="{size}" height="{size}" viewBox="0 0 20 20" '
        f'aria-hidden="true">{_SHAPES[state]}</svg>'
    )

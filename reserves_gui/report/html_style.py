"""The style of HTML reports: the window's colours, light and dark by the reader's preference, and paper."""

_LIGHT = {
    "window": "#F5F6F8",
    "surface": "#FFFFFF",
    "sunken": "#F1F3F6",
    "hover": "#E4E8EE",
    "line": "#DEE2E8",
    "button-line": "#C6CCD5",
    "control": "#868F9C",
    "text": "#1A1F27",
    "text2": "#454E5B",
    "text3": "#5B6472",
    "accent": "#2B57B5",
    "verified": "#19693F",
    "verified-soft": "#E3F2E9",
    "failed": "#AF2219",
    "failed-soft": "#FBE9E7",
    "failed-on": "#FFFFFF",
    "undecided": "#535C69",
    "undecided-soft": "#E9ECF0",
    "partial": "#7F5200",
    "partial-soft": "#FAEFD6",
    "series-muted": "#7891CC",
    "grid": "#E6E9EE",
}
_DARK = {
    "window": "#14171C",
    "surface": "#1C2026",
    "sunken": "#15181D",
    "hover": "#262B33",
    "line": "#2D333C",
    "button-line": "#404854",
    "control": "#727C8A",
    "text": "#E9ECF0",
    "text2": "#B9C1CC",
    "text3": "#98A2AF",
    "accent": "#8DB0FF",
    "verified": "#62CC94",
    "verified-soft": "#173326",
    "failed": "#FF9087",
    "failed-soft": "#43211F",
    "failed-on": "#1F0907",
    "undecided": "#AAB3BF",
    "undecided-soft": "#2A2F37",
    "partial": "#E6B45C",
    "partial-soft": "#3A2D13",
    "series-muted": "#5A76AE",
    "grid": "#262B33",
}

_RULES = """
*{box-sizing:border-box}
body{margin:0;background:var(--window);color:var(--text);font:15px/1.45 system-ui,"Segoe UI",Roboto,sans-serif}
main{max-width:960px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:24px;line-height:1.3;margin:4px 0 8px;font-weight:600}
h2{font-size:16px;line-height:1.5;margin:0 0 8px;font-weight:600}
p{margin:0 0 8px}
.kind{color:var(--text3);font-size:13px;margin:0}
.card{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:20px 24px;margin:0 0 16px}
.claims{padding:0;overflow:hidden}
.claim{padding:16px 24px;border-top:1px solid var(--line)}
.claim:first-child{border-top:0}
.claim.failed{background:var(--failed-soft)}
.claim header{display:flex;gap:12px;align-items:flex-start}
.claim header svg{flex:none;margin-top:2px}
.claim h3{margin:0;font-size:15px;font-weight:600}
.word{font-size:13px;font-weight:500}
.word-verified,.word-passed{color:var(--verified)}.word-failed{color:var(--failed)}
.word-undecided,.word-not_checked{color:var(--undecided)}.word-partial{color:var(--partial)}
.question{flex:1;color:var(--text2)}
.count{color:var(--text3);font-size:13px;white-space:nowrap}
.heading{width:112px;flex:none}
.checks{list-style:none;margin:12px 0 0 32px;padding:0}
.checks li{display:flex;gap:8px;padding:6px 0;border-top:1px solid var(--line)}
.checks svg{flex:none;margin-top:3px}
.checks .id{color:var(--text3);font-size:12px}
.values{display:grid;grid-template-columns:max-content 1fr;gap:0 12px;margin:4px 0 0}
.values dt,.facts dt{color:var(--text3);font-size:13px}
dd{margin:0}
.mono,code{font-family:ui-monospace,"Cascadia Mono","DejaVu Sans Mono",monospace;font-size:13px;overflow-wrap:anywhere}
.facts{display:flex;flex-wrap:wrap;gap:8px 32px;margin:12px 0 0}
.claim.failed .values{background:var(--surface);border:1px solid var(--line);border-radius:6px;padding:8px 12px}
.notshown{border-top:1px solid var(--line);margin:16px 0 0;padding:12px 0 0;color:var(--text2);font-size:14px}
.notshown ul{margin:4px 0 0;padding-left:20px}
table{border-collapse:collapse;width:100%}
th{text-align:left;color:var(--text3);font-weight:500;font-size:13px}
th,td{padding:6px 12px 6px 0;border-top:1px solid var(--line);vertical-align:top}
tr:first-child th{border-top:0}
.size{white-space:nowrap}
ul.plain{margin:0;padding-left:20px;color:var(--text2)}
.reference{color:var(--text3);font-size:12px;overflow-wrap:anywhere}
.picture{overflow-x:auto}
svg.path,svg.sizes,svg.cover{max-width:100%;height:auto;display:block}
.path{margin:0 auto}
svg text{font:12px system-ui,"Segoe UI",Roboto,sans-serif;fill:var(--text)}
svg text.mono{font:12px ui-monospace,"Cascadia Mono","DejaVu Sans Mono",monospace}
svg text.soft,svg text.caption-level,svg text.caption-neighbour,svg text.caption-note{fill:var(--text3)}
svg text.caption-root{fill:var(--text2);font-weight:600}
svg text.caption-leaf{fill:var(--verified);font-weight:600}
svg text.caption-leaf_failed{fill:var(--failed);font-weight:600}
svg text.in-sibling{fill:var(--text2)}svg text.in-failed.strong{fill:var(--failed);font-weight:600}
.box{stroke-width:1.5;fill:var(--surface)}
.box-own{stroke:var(--verified)}.box-leaf{stroke:var(--verified);fill:var(--verified-soft)}
.box-sibling{stroke:var(--line);stroke-width:1;fill:var(--sunken)}
.box-failed{stroke:var(--failed);fill:var(--failed-soft)}
.box-undecided{stroke:var(--undecided);stroke-dasharray:4 3}
.link{fill:none;stroke-width:1.5}
.link-own,.link-leaf,.link-undecided{stroke:var(--verified)}.link-sibling{stroke:var(--button-line)}
.link-failed{stroke:var(--failed)}.dotted{stroke-dasharray:2 3}
.pill{fill:var(--surface);stroke:var(--line)}.unfold{fill:none;stroke:var(--text2);stroke-width:1.3}
.soft-verified{fill:var(--verified-soft)}
.on-verified{fill:none;stroke:var(--verified);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.solid-failed{fill:var(--failed)}.on-failed{stroke:var(--failed-on);stroke-width:2;stroke-linecap:round}
.ring{fill:none;stroke:var(--undecided);stroke-width:1.5}.dashed{stroke-dasharray:2.6 2.6}
.mark{fill:none;stroke:var(--undecided);stroke-width:1.7;stroke-linecap:round}.dot{fill:var(--undecided)}
.ring-partial{fill:none;stroke:var(--partial);stroke-width:1.5}.solid-partial{fill:var(--partial)}
.grid{stroke:var(--grid)}.axis{stroke:var(--control)}.bar{fill:var(--series-muted)}.bar-own{fill:var(--accent)}
.own-mark{fill:var(--text)}
svg.cover{margin:12px 0}svg text.strong{font-weight:600}
.track{fill:var(--hover)}.hundred{stroke:var(--text);stroke-width:1.5}
.seen-verified,.end-verified{fill:var(--verified)}.seen-failed,.end-failed{fill:var(--failed)}
.seen-undecided{fill:var(--undecided);fill-opacity:.28;stroke:var(--undecided)}.end-undecided{fill:var(--undecided)}
.stop-verified{stop-color:var(--verified)}.stop-failed{stop-color:var(--failed)}
.stop-undecided{stop-color:var(--undecided)}
footer.paper{display:none}
@page{size:A4;margin:16mm 16mm 20mm}
@media print{body{background:#fff;font-size:11pt}main{max-width:none;padding:0 0 12mm}
.card,.claim,.checks li{break-inside:avoid-page}.claims{break-inside:auto}
footer.paper{display:block;position:fixed;bottom:0;left:0;right:0;color:#454E5B;background:#fff;font-size:8pt}}
"""


def style() -> str:
    """The whole style sheet. It names no remote resource."""
    light, dark = _variables(_LIGHT), _variables(_DARK)
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}{_RULES}"
    )


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())

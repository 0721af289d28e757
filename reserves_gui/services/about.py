"""What this program is made of: its version, a hash over its own code, and the licences of every part."""

import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata, resources
from typing import Any

from reserves_gui.plain_json import load_plain
from reserves_gui.services.build import build_info

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_LICENCE_CLASSIFIER = "License :: "
_LONGEST = 60
COMPONENTS = "reserves.cdx.json"
"""The list of components (CycloneDX) that a frozen program carries."""
_DEVELOPMENT = re.compile(r"extra\s*==\s*[\"']dev[\"']")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One package that is installed here, with the licence it states; empty where it states none."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """``build`` is the hash over the sources of the package (see ``services.build``)."""

    version: str
    build: str
    python: str
    system: str
    parts: tuple[Part, ...]


def about() -> About:
    """Read the package and the records of what is installed."""
    build = build_info()
    return About(
        version=build.version,
        build=build.source,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        parts=parts(),
    )


def parts() -> tuple[Part, ...]:
    """Every installed package that this one needs, directly or through another, by name.

    In a frozen program nothing is installed: it carries the list of what went into it.
    """
    if getattr(sys, "frozen", False):
        text = (resources.files("reserves_gui.resources") / "app" / COMPONENTS).read_text(encoding="utf-8")
        return tuple(sorted(map(_component, load_plain(text)["components"]), key=lambda part: part.name.casefold()))
    found: dict[str, Part] = {}
    waiting = ["reserves"]
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            record = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[key] = Part(name=record.name, version=record.version, licence=_licence(record.metadata))
        for text in record.requires or ():
            match = _NAME.match(text)
            # Of our own extras all but the tools of development count; other packages' extras are not asked for.
            wanted = "extra ==" not in text or (key == "reserves" and not _DEVELOPMENT.search(text))
            if match is not None and wanted:
                waiting.append(match[0])
    found.pop("reserves", None)
    return tuple(sorted(found.values(), key=lambda part: part.name.casefold()))


def _component(one: Mapping[str, Any]) -> Part:
    stated = one.get("licenses", [{}])[0]
    named = stated.get("license", {})
    licence = stated.get("expression") or named.get("id") or named.get("name") or ""
    return Part(name=one["name"], version=one["version"], licence=licence)


def _licence(stated: metadata.PackageMetadata) -> str:
    expressions = stated.get_all("License-Expression") or ()
    if expressions:
        return str(expressions[0])
    named = [
        text.removeprefix(_LICENCE_CLASSIFIER).removeprefix("OSI Approved :: ")
        for text in stated.get_all("Classifier") or ()
        if text.startswith(_LICENCE_CLASSIFIER) and text != "License :: OSI Approved"
    ]
    if named:
        return ", ".join(dict.fromkeys(named))
    texts = stated.get_all("License") or ()
    lines = str(texts[0]).strip().splitlines() if texts else []
    return lines[0][:_LONGEST] if lines else ""

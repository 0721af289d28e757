"""Writes what the program consists of as CycloneDX 1.5 JSON: every package, its exact version, licence and needs.

    python packaging/sbom.py OUT [EXTRA]...

Read from the metadata of what is installed beside the interpreter that runs this, so the list is of what was really put
into a bundle, not of what was asked for. The same packages give the same bytes: no time, no random serial number.
"""

import json
import re
import sys
import uuid
from collections import deque
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
NAMESPACE = uuid.UUID("5f0b7a52-6a44-4f0e-9c0c-7b2a0f6d3b11")
_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")
# What packages write in place of the identifier of the list of licences.
_IDENTIFIERS = {
    "apache license 2.0": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "bsd-2-clause": "BSD-2-Clause",
    "gnu3": "GPL-3.0-only",
    "mit": "MIT",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}


def main(arguments: list[str]) -> int:
    """Write the list to the first argument; the others are extras of this project."""
    out, *extras = arguments
    made = bill(project_requirements(extras))
    Path(out).write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{out}: {len(made['components'])} packages")
    return 0


def project_requirements(extras: list[str]) -> list[str]:
    """What this project asks for, with the named extras."""
    import tomllib

    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*table["dependencies"], *(line for name in extras for line in table["optional-dependencies"][name])]


def bill(requirements: list[str]) -> dict[str, Any]:
    """The whole document for a project that asks for ``requirements``."""
    found, needs = closure(requirements)
    components = [_component(name, found[name]) for name in sorted(found)]
    version = re.search(r'__version__ = "(.+)"', (ROOT / "reserves_gui" / "__init__.py").read_text(encoding="utf-8"))
    assert version is not None
    own = f"pkg:pypi/reserves@{version[1]}"
    reference = {name: f"pkg:pypi/{name}@{found[name].version}" for name in found}
    direct = {canonicalize_name(Requirement(line).name) for line in requirements} & found.keys()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, json.dumps(components, sort_keys=True))}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "reserves",
                "version": version[1],
                "licenses": [{"license": {"id": "GPL-3.0-or-later"}}],
            }
        },
        "components": components,
        "dependencies": [
            {"ref": own, "dependsOn": sorted(reference[name] for name in direct)},
            *(
                {"ref": reference[name], "dependsOn": sorted(reference[one] for one in needs[name])}
                for name in sorted(found)
            ),
        ],
    }


def closure(requirements: list[str]) -> tuple[dict[str, Distribution], dict[str, set[str]]]:
    """Every installed package that is needed, and who needs whom. A missing one ends the run: the list would lie."""
    found: dict[str, Distribution] = {}
    needs: dict[str, set[str]] = {}
    waiting = deque((Requirement(line), "") for line in requirements)
    seen: set[tuple[str, str]] = set()
    while waiting:
        wanted, asker = waiting.popleft()
        name = canonicalize_name(wanted.name)
        try:
            found.setdefault(name, distribution(wanted.name))
        except PackageNotFoundError:
            sys.exit(f"{wanted.name} is needed but not installed")
        needs.setdefault(name, set())
        if asker:
            needs[asker].add(name)
        for extra in ("", *sorted(wanted.extras)):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for line in found[name].requires or ():
                further = Requirement(line)
                if further.marker is None:
                    applies = extra == ""
                else:
                    applies = further.marker.evaluate({"extra": extra}) and (
                        extra == "" or not further.marker.evaluate({"extra": ""})
                    )
                if applies:
                    waiting.append((further, name))
    return found, needs


def _component(name: str, one: Distribution) -> dict[str, Any]:
    reference = f"pkg:pypi/{name}@{one.version}"
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": reference,
        "name": one.metadata["Name"],
        "version": one.version,
        "purl": reference,
    }
    if licence := licence_of(one):
        made["licenses"] = [licence]
    if summary := one.metadata.get("Summary"):
        made["description"] = summary
    return made


def licence_of(one: Distribution) -> dict[str, Any] | None:
    """The licence as the package states it: an expression, an identifier, or else its own words."""
    expression = one.metadata.get("License-Expression")
    if expression:
        return {"expression": expression} if " " in expression else {"license": {"id": expression}}
    stated = (one.metadata.get("License") or "").strip()
    classes = [
        line.rpartition(" :: ")[2]
        for line in one.metadata.get_all("Classifier") or ()
        if line.startswith("License :: ")
    ]
    words = [*([stated] if stated and "\n" not in stated and len(stated) < 60 else []), *classes]
    for text in words:
        if known := _IDENTIFIERS.get(text.lower()):
            return {"license": {"id": known}}
    for text in words:
        if " OR " in text or " AND " in text:
            return {"expression": text}
        if _EXPRESSION.fullmatch(text) and any(letter.isdigit() for letter in text):
            return {"license": {"id": text}}
    return {"license": {"name": words[0]}} if words else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Write a software bill of materials, CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): `python sbom.py python | node LOCKFILE | requirements LOCKFILE`.

`python` lists the packages of the Python that runs it, `node` those of a package-lock.json, `requirements` those that a pinned
requirements file names for any system. Only the standard library.
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any


def python_packages() -> Iterator[dict[str, Any]]:
    """Yield a component for each package of this Python."""
    for package in sorted(distributions(), key=lambda one: one.metadata["Name"].lower()):
        name, version = package.metadata["Name"], package.version
        said = package.metadata.json
        licence = str(said.get("license_expression") or said.get("license") or "")
        yield component(name, version, f"pkg:pypi/{name.lower()}@{version}", licence.splitlines()[0] if licence else "")


def node_packages(lock: Path) -> Iterator[dict[str, Any]]:
    """Yield a component for each package of a lock file that is not for development alone."""
    for path, package in sorted(json.loads(lock.read_text())["packages"].items()):
        if path and not package.get("dev"):
            name = path.rpartition("node_modules/")[2]
            yield component(
                name, package["version"], f"pkg:npm/{name.replace('@', '%40')}@{package['version']}", package.get("license", "")
            )


def required_packages(lock: Path) -> Iterator[dict[str, Any]]:
    """Yield a component for each package that a pinned requirements file names."""
    for name, version in re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;\\]+)", lock.read_text(), re.MULTILINE):
        yield component(name, version, f"pkg:pypi/{name.lower()}@{version}", "")


def component(name: str, version: str, purl: str, licence: str) -> dict[str, Any]:
    """Return one component of the bill."""
    named = {"licenses": [{"license": {"name": licence}}]} if licence else {}
    return {"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl, **named}


def main(words: list[str]) -> int:
    """Print the bill; exit 2 for a wrong word."""
    if words == ["python"]:
        components = list(python_packages())
    elif words[:1] == ["node"] and len(words) == 2:
        components = list(node_packages(Path(words[1])))
    elif words[:1] == ["requirements"] and len(words) == 2:
        components = list(required_packages(Path(words[1])))
    else:
        sys.stderr.write("usage: python sbom.py python | node LOCKFILE | requirements LOCKFILE\n")
        return 2
    json.dump({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}, sys.stdout, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

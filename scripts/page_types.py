"""Write the page's types of requests and answers from the OpenAPI document: `python -m scripts.page_types [--check]`."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from functions.app import create_app
from functions.openapi_document import document
from functions.routes import FUNCTIONS

WEB = Path(__file__).resolve().parent.parent / "web"
TYPES = WEB / "src/lib/api/generated.ts"
COMMAND = "node_modules/.bin/openapi-typescript"


def generated() -> str:
    """Return the types of all shapes of the API. The paths stay out: the page calls them by its own verbs."""
    shapes = {**_bare(document(create_app(FUNCTIONS))), "paths": {}}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "openapi.json"), Path(folder, "types.ts")
        source.write_text(json.dumps(shapes))
        arguments: list[str | Path] = [COMMAND, source, "--output", target, "--immutable", "--alphabetize"]
        subprocess.run(arguments, cwd=WEB, check=True, stdout=subprocess.DEVNULL, env=_with_node(), timeout=120)
        return target.read_text()


def _bare(schema: Any) -> Any:
    """Leave out what types can't say: a property's title is its name once more, its default is the server's matter."""
    if isinstance(schema, list):
        return [_bare(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    shape = {name: value for name, value in schema.items() if name != "default" and not (name == "title" and isinstance(value, str))}
    return {name: _bare(value) for name, value in shape.items()}


def _with_node() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def main() -> None:
    types = generated()
    if "--check" in sys.argv:
        if not TYPES.exists() or TYPES.read_text() != types:
            sys.exit(f"{TYPES.name} is not what the API says: run `make made`")
        return
    TYPES.write_text(types)


if __name__ == "__main__":
    main()

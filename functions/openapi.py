"""`python -m functions.openapi > docs/openapi.json`: write the OpenAPI document, for those who make types from it."""

import json
import sys

from functions.app import create_app
from functions.openapi_document import document
from functions.routes import FUNCTIONS

if __name__ == "__main__":
    json.dump(document(create_app(FUNCTIONS)), sys.stdout, indent=2)
    print()

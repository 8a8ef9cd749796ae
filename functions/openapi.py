"""`python -m functions.openapi > docs/openapi.json`: write the OpenAPI document, for those who make types from it."""

import json
import sys

from functions._openapi import document
from functions.app import create_app
from functions.routes import FUNCTIONS

if __name__ == "__main__":
    json.dump(document(create_app(FUNCTIONS)), sys.stdout, indent=2)
    print()

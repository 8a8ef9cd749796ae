"""Check the audit log: `python -m functions.admin.verify_audit [--head NUMBER:HASH]`. Exits with 1 if a row was changed, removed or moved.

Prints the newest row's number and hash. Note them where this database's administrators can't write, and hand them in next time.
"""

import argparse
import sys

from olamchat.db.pool import DatabaseLost, open_database
from olamchat.environment import BadSetting, environment
from olamchat.services.people import audit_chain
from olamchat.services.people.audit_chain import Head, Verdict


def main(words: list[str]) -> int:
    """Check, say what was found, and return the exit code: 0 whole, 1 not, 2 it could not be checked."""
    parser = argparse.ArgumentParser(prog="python -m functions.admin.verify_audit", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--head", type=_head, help="a head that was noted earlier")
    given = parser.parse_args(words)
    try:
        open_database(environment().database_url, size=1)
        found = audit_chain.verify(given.head)
    except (BadSetting, DatabaseLost) as error:
        print(f"The audit log could not be checked: {error}", file=sys.stderr)
        return 2
    print(said(found), file=sys.stderr if found.wrong else sys.stdout)
    return 1 if found.wrong else 0


def said(found: Verdict) -> str:
    """Say what was found."""
    if found.wrong:
        return f"The audit log is not whole: {found.wrong}. The {found.rows:,} rows before that fit."
    erased = (
        f" {found.erased:,} older ones were erased by retention, the last of {found.erased_until:%Y-%m-%d}." if found.erased_until else ""
    )
    return f"The audit log is whole: {found.rows:,} rows.{erased}\nHead: {found.head}"


def _head(text: str) -> Head:
    try:
        return audit_chain.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

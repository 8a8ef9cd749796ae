"""`python -m local up | status | stop | doctor | chat | audit | backup | restore | import`: the whole house on one machine."""

import argparse
import locale
import os
import subprocess
import sys
from pathlib import Path

from local import version
from local.folder import Folder
from local.parts import ROOT
from local.process import CannotStart


def main(words: list[str]) -> int:
    """Carry out one word and return the exit code."""
    wish = _parser().parse_args(words)
    try:
        return _DO[wish.word](wish)
    except CannotStart as problem:
        print(f"\n{_FAILED.get(wish.word, 'olamchat did not start.')} {problem}", file=sys.stderr)
        return 1


def _up(wish: argparse.Namespace) -> int:
    from local import up

    return up.up(wish.data, wish.host, wish.port, wish.engine, wish.mcp)


def _status(wish: argparse.Namespace) -> int:
    folder = Folder(wish.data)
    house = folder.house() if folder.runs() else None
    if house is None:
        print(f"Nothing runs in {wish.data}. Start it with `{version.start()}`.")
        return 1
    print(f"olamchat runs at {house.address} (pid {house.pid}).")
    for name, pid in house.pids.items():
        print(f"  {name}: pid {pid}")
    return 0


def _stop(wish: argparse.Namespace) -> int:
    stopped = Folder(wish.data).stop()
    print("Stopped; the data is kept." if stopped else f"Nothing runs in {wish.data}.")
    return 0


def _doctor(wish: argparse.Namespace) -> int:
    from local import doctor

    return doctor.examine(Folder(wish.data))


def _chat(wish: argparse.Namespace) -> int:
    from local import chat

    house = None if wish.url else Folder(wish.data).house()
    if not wish.url and house is None:
        print(f"Nothing runs in {wish.data}. Start it with `{version.start()}`, or say where it is: --url http://…")
        return 1
    return chat.talk(wish.url or house.address, wish.email, wish.model)  # type: ignore[union-attr]


def _audit(wish: argparse.Namespace) -> int:
    folder = Folder(wish.data)
    house = folder.house() if folder.runs() else None
    url = house.database_url if house else os.environ.get("DATABASE_URL")
    if not url:
        print(f"Nothing runs in {wish.data}, and DATABASE_URL is not set. Start it with `{version.start()}`.")
        return 2
    noted = ["--head", wish.head] if wish.head else []
    command = [sys.executable, "-m", "functions.admin.verify_audit", *noted]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


def _backup(wish: argparse.Namespace) -> int:
    from local.backup import seal, take

    if wish.make_key:
        print(
            f"Public key, for --key: {seal.make_key(wish.make_key)}\n{wish.make_key} opens the backups made for it: keep it elsewhere than them."
        )
        return 0
    if wish.file is None:
        raise CannotStart("Name the file to write: python -m local backup FILE")
    return take.backup(Folder(wish.data), wish.file, wish.key)


def _restore(wish: argparse.Namespace) -> int:
    from local.backup import restore

    return restore.restore(Folder(wish.data), wish.file, wish.key)


def _import(wish: argparse.Namespace) -> int:
    from local.moving import run

    return run.move(Folder(wish.data), wish.place, uploads=wish.uploads, dry=wish.dry_run, report=wish.report)


_DO = {
    "up": _up,
    "status": _status,
    "stop": _stop,
    "doctor": _doctor,
    "chat": _chat,
    "audit": _audit,
    "backup": _backup,
    "restore": _restore,
    "import": _import,
}
_FAILED = {"backup": "No backup was made.", "restore": "Nothing was restored.", "import": "The import ended."}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=version.PROGRAM, description="The whole of olamchat on one machine.")
    parser.add_argument("--version", action="version", version=f"olamchat {version.number()}")
    does = parser.add_subparsers(dest="word", required=True, metavar=" | ".join(_DO))
    up = does.add_parser("up", help="start everything and stay until Ctrl-C", description="Start everything and stay until Ctrl-C.")
    up.add_argument("--port", type=int, default=8000, help="where the page is served (default: 8000)")
    up.add_argument(
        "--host",
        default="127.0.0.1",
        help="which address to listen on: 0.0.0.0 for the local network (default: 127.0.0.1, this machine alone)",
    )
    up.add_argument("--engine", default="", help="address of the engine that is to answer; what it is, is found out")
    up.add_argument("--mcp", default="", help="file of MCP servers to start beside it, as desktop clients have it (docs/tools.md)")
    chat = does.add_parser("chat", help="talk in the terminal", description="Talk in the terminal, through the public API.")
    chat.add_argument("--url", default="", help="where olamchat is (default: the house that runs in the data folder)")
    chat.add_argument("--email", default="", help="who you are (default: asked for; the password always is)")
    chat.add_argument("--model", default="", help="which model is to answer")
    audit = does.add_parser(
        "audit", help="check that the audit log is whole", description="Check that no row of the audit log was changed, removed or moved."
    )
    audit.add_argument("--head", default="", help="NUMBER:HASH that an earlier check printed")
    backup = does.add_parser(
        "backup", help="write everything into one file", description="Write everything into one file; the house may run meanwhile."
    )
    backup.add_argument("file", type=Path, nargs="?", help="the file to write; it must not exist yet")
    backup.add_argument("--key", default="", help="encrypt it: a public key of age (age1…), or a file with a key in it")
    backup.add_argument(
        "--make-key", type=Path, metavar="FILE", help="write a new private key into this file, print its public key, and end"
    )
    restore = does.add_parser(
        "restore", help="make a house out of such a file", description="Restore a backup into a data folder that nobody has used yet."
    )
    restore.add_argument("file", type=Path, help="the backup")
    restore.add_argument("--key", type=Path, help="file with the private key of an encrypted one")
    moving = does.add_parser(
        "import", help="move a whole house in from elsewhere", description="Move people, conversations and files in; the house must run."
    )
    moving.add_argument("kind", choices=["open-webui"], help="where they come from")
    moving.add_argument("place", metavar="PATH-or-URL", help="webui.db, the folder it is in, or a postgresql:// URL; it is only read")
    moving.add_argument("--uploads", type=Path, help="the folder with uploaded files (default: uploads, beside webui.db)")
    moving.add_argument("--dry-run", action="store_true", help="say what would be moved, and change nothing")
    moving.add_argument("--report", type=Path, help="write what stayed behind into this file, as JSON lines")
    for name, what in (
        ("status", "tell what runs, and where"),
        ("stop", "end what runs"),
        ("doctor", "look at each part and say what is wrong"),
    ):
        does.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    for parser_ in does.choices.values():
        parser_.add_argument("--data", type=Path, default=Path(".data"), help="folder with all data (default: .data)")
    return parser


def run() -> int:
    """Be the command `olamchat` of the wheel."""
    if not sys.flags.utf8_mode and locale.getencoding().lower() != "utf-8":
        # Files, logs and what is said here are UTF-8, whatever the machine's language is: begin again so, and all parts with it.
        os.execve(sys.executable, sys.orig_argv, {**os.environ, "PYTHONUTF8": "1"})  # noqa: S606
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())

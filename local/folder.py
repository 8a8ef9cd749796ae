"""The one folder that the house's data lives in: servers' data, keys, passwords, logs, and who runs it now."""

import fcntl
import json
import os
import secrets
import signal
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local.process import CannotStart

# A log that is longer than this at a start is put aside as <name>.old.
LOG_BYTES = 5_000_000


class RunsAlready(Exception):
    """A house lives in this folder now; `house` tells where."""

    def __init__(self, house: "House | None") -> None:
        super().__init__("It runs already.")
        self.house = house


@dataclass(frozen=True, kw_only=True)
class House:
    """What runs: for `status`, `stop`, `doctor` and the tests. Not a secret to its owner: the URLs hold the passwords."""

    pid: int
    address: str
    database_url: str
    redis_url: str
    engines: list[str] = field(default_factory=list)
    # The variables that named them, so that `doctor` asks the same ones.
    engine_variables: dict[str, str] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)


class Folder:
    """The data folder. `lock` makes its owner the only one; the kernel lets go of it when the owner dies."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.logs = self.path / "logs"
        self.keys = self.path / "keys"
        self._lock: int | None = None

    def make(self) -> None:
        """Make the folder, readable for its owner alone (root's PostgreSQL runs as nobody and must pass through)."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
            self.logs.mkdir(exist_ok=True)
        except OSError as error:
            raise CannotStart(f"The data folder {self.path} can't be used: {error.strerror}. Name another with --data.") from None
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > LOG_BYTES:
                log.replace(log.with_suffix(".old"))

    def lock(self) -> None:
        """Become the folder's only house. Raises RunsAlready."""
        handle = os.open(self.path / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise RunsAlready(self.house()) from None
        self._lock = handle

    def unlock(self) -> None:
        """Let go, and forget the house."""
        if self._lock is not None:
            (self.path / "house.json").unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def runs(self) -> bool:
        """Tell whether a house lives here now."""
        try:
            probe = Folder(self.path)
            probe.lock()
        except RunsAlready:
            return True
        except OSError:
            return False
        os.close(probe._lock or 0)
        return False

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def secret(self, name: str) -> str:
        """Return a password of this folder, made when it is asked for first."""
        file = self.path / "secrets" / name
        if not file.exists():
            file.parent.mkdir(mode=0o700, exist_ok=True)
            draft = file.with_suffix(".draft")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(24))
            draft.replace(file)
        return file.read_text().strip()

    def write(self, house: House) -> None:
        """Tell others what runs here."""
        draft = self.path / "house.json.draft"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(asdict(house), indent=2))
        draft.replace(self.path / "house.json")

    def house(self) -> House | None:
        """Return what the house last wrote of itself, None where it has not said anything yet."""
        try:
            return House(**json.loads((self.path / "house.json").read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def stop(self, timeout_s: float = 60) -> bool:
        """Ask the house that lives here to end, and wait. Returns whether there was one."""
        house = self.house()
        if not self.runs() or house is None:
            return False
        os.kill(house.pid, signal.SIGTERM)
        deadline = time.monotonic() + timeout_s
        while self.runs() and time.monotonic() < deadline:
            time.sleep(0.05)
        return not self.runs()

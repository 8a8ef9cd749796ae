"""CPU seconds and memory of process trees, from /proc."""

from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Use:
    """What a tree of processes has used so far: CPU seconds, and resident memory in MiB right now."""

    cpu_s: float = 0.0
    rss_mib: float = 0.0


def use(pid: int) -> Use:
    """Return the use of a process, its children, and the children that ended."""
    cpu_s = rss = 0.0
    try:
        for process in (root := psutil.Process(pid), *root.children(recursive=True)):
            times = process.cpu_times()
            cpu_s += times.user + times.system + times.children_user + times.children_system
            rss += _own_memory(process)
    except psutil.NoSuchProcess:
        pass
    return Use(cpu_s, rss / 2**20)


def _own_memory(process: psutil.Process) -> float:
    """Shared pages count once for all who share them (PSS), else Postgres's buffers would count for each backend."""
    return float(process.memory_full_info().pss)


def since(before: dict[str, Use], after: dict[str, Use]) -> dict[str, Use]:
    """Return the CPU seconds between two looks, and the memory at the second."""
    return {name: Use(after[name].cpu_s - before.get(name, Use()).cpu_s, after[name].rss_mib) for name in after}

"""How much a room and all its processes use, seen from outside."""

import os
from pathlib import Path

_PROC = Path("/proc")


def process_of(pidfd: int) -> int | None:
    """The pid, in our own namespace, that a pidfd refers to; None once it is gone."""
    for line in (_PROC / f"self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:"):
            pid = int(line.split()[1])
            return pid if pid > 0 else None
    return None


def family(pid: int, enough: int = 100_000) -> list[int]:
    """`pid` and its descendants, until `enough` are found.

    Orphans go to process 1 of their namespace: none is lost.
    """
    found: list[int] = []
    waiting = [pid]
    while waiting and len(found) + len(waiting) < enough:
        parent = waiting.pop()
        found.append(parent)
        waiting += _children(parent)
    return found + waiting


def _children(pid: int) -> list[int]:
    children: list[int] = []
    try:
        for task in (_PROC / str(pid) / "task").iterdir():
            children += map(int, (task / "children").read_text().split())
    except OSError:  # it ended while we looked
        pass
    return children


def cpu_seconds(pids: list[int]) -> float:
    """CPU time of the processes and of the children that they have waited for."""
    return sum(map(_cpu_ticks, pids)) / os.sysconf("SC_CLK_TCK")


def _cpu_ticks(pid: int) -> int:
    try:
        words = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended while we looked
        return 0
    return sum(map(int, words[11:15]))  # utime, stime, cutime, cstime


def memory_bytes(pids: list[int]) -> int:
    """What the processes hold that no one else does: each shared page counted once."""
    return sum(map(_proportional_size, pids))


def _proportional_size(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:  # it ended while we looked
        return 0
    wanted = [line.split() for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:"))]
    return sum(int(words[1]) for words in wanted) * 1024

"""What a freshly forked child does to itself before it runs a line of anybody's code.

It is process 1 of its own pid namespace; after this it has its own files in memory, no network,
no rights, and no way back.
"""

import fcntl
import os
import resource
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.engine.places import FILES, HOME
from autograder.engine.room import linux, seccomp

_STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Confinement:
    """How far a child is to be confined. Sizes in bytes, times in seconds."""

    seccomp: bytes | None  # the filter; None: no namespaces either, limits only
    data_bytes: int  # RLIMIT_DATA; never RLIMIT_AS, torch reserves address space
    cpu_seconds: int
    disk_bytes: int
    open_files: int
    n_processes: int  # RLIMIT_NPROC: of all children of one template, their threads included


def data_size() -> int:
    """Bytes of private writable memory that this process has mapped."""
    for line in _STATUS.read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    raise OSError("no VmData in /proc/self/status")


def confine(how: Confinement) -> None:
    """Seal the calling process as `how` says. Raises OSError: then nothing may run in it."""
    os.setsid()  # or a signal to its process group would reach the template
    linux.set_dumpable(True)  # or its own /proc/self would be closed to it
    _be_the_first_to_go()
    if how.seccomp is not None:
        _take_own_filesystem(how.disk_bytes)
    _limit(how)
    if how.seccomp is not None:
        linux.drop_capabilities()
    linux.set_no_new_privileges()
    if how.seccomp is not None:
        seccomp.install(how.seccomp)


def make_home() -> None:
    """The working directory of a room, with the teacher's files in it."""
    HOME.mkdir(mode=0o700, exist_ok=True)
    if FILES.is_dir():
        for entry in FILES.iterdir():
            (HOME / entry.name).symlink_to(entry)


def keep_only(descriptors: list[int]) -> list[int]:
    """Close all other descriptors, the template's among them; the kept ones become 3, 4, …"""
    null = os.open(os.devnull, os.O_RDWR)
    copies = [fcntl.fcntl(source, fcntl.F_DUPFD, 64) for source in (null, *descriptors)]
    for standard in (0, 1, 2):
        os.dup2(copies[0], standard)
    kept = [os.dup2(copy, 3 + i, False) for i, copy in enumerate(copies[1:])]
    os.closerange(3 + len(kept), 65536)
    return kept


def _be_the_first_to_go() -> None:
    """When memory runs out, the kernel shall end this process, not the teacher's."""
    Path("/proc/self/oom_score_adj").write_text("1000")


def _take_own_filesystem(disk_bytes: int) -> None:
    linux.unshare(linux.CLONE_NEWNS | linux.CLONE_NEWNET)
    flags = linux.MS_NOSUID | linux.MS_NODEV
    options = f"size={disk_bytes},mode=1777,nr_inodes=16384"
    below = {prefix for prefix in (sys.prefix, sys.base_prefix) if prefix.startswith("/tmp/")}
    kept = {prefix: os.open(prefix, os.O_PATH | os.O_DIRECTORY) for prefix in below}
    linux.mount("tmpfs", "/tmp", "tmpfs", flags, options)
    for prefix, descriptor in kept.items():  # the libraries stand below /tmp: show them again
        Path(prefix).mkdir(parents=True)
        linux.mount(f"/proc/self/fd/{descriptor}", prefix, flags=linux.MS_BIND)
        os.close(descriptor)
    linux.mount("proc", "/proc", "proc", flags | linux.MS_NOEXEC)
    shared_memory = Path("/tmp/.shm")
    shared_memory.mkdir(mode=0o700)
    linux.mount(str(shared_memory), "/dev/shm", flags=linux.MS_BIND)
    make_home()
    os.chdir(HOME)


def _limit(how: Confinement) -> None:
    for kind, value in (
        (resource.RLIMIT_DATA, how.data_bytes),
        (resource.RLIMIT_CPU, how.cpu_seconds),
        (resource.RLIMIT_FSIZE, how.disk_bytes),
        (resource.RLIMIT_NOFILE, how.open_files),
        (resource.RLIMIT_NPROC, how.n_processes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (allowed, allowed))

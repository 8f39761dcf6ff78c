"""What this machine offers for sealed grading, and what to install."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograder.engine.host.bubblewrap import SANDBOX_UID, Sandbox, interpreter_folders, why_not
from autograder.engine.room import seccomp

Finding = tuple[str, bool, str, str]  # check, ok, what it means, what to do

_HUGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")
_APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
_SWITCH = Path("/proc/sys/kernel/unprivileged_userns_clone")  # Debian's own
_MAXIMUM = Path("/proc/sys/user/max_user_namespaces")
_GIB = 2**30
_CONTAINER = "use the container: see Containerfile"


def doctor() -> list[Finding]:
    """Every check in order: name, whether it passed, what it means, what to do if it did not.

    Speed alone is no reason to refuse: those checks pass, and say what is missed.
    """
    if sys.platform != "linux":
        meaning = f"sealed rooms need Linux namespaces; this is {sys.platform}"
        return [("Linux", False, meaning, _CONTAINER)]
    checks: list[Callable[[], Finding]] = [
        _kernel, _bubblewrap, _user_namespaces, _system_calls, _sealing, _user, _memory,
        _huge_pages, _cores,
    ]  # fmt: skip
    return [check() for check in checks]


def _kernel() -> Finding:
    release = platform.release()
    version = tuple(int(part) for part in release.split("-")[0].split(".")[:2])
    meaning = f"Linux {release}; 5.4 or newer can end a process without a race (pidfd)"
    return ("kernel", version >= (5, 4), meaning, f"a newer kernel, or {_CONTAINER}")


def _bubblewrap() -> Finding:
    path = shutil.which("bwrap")
    install = "install it: sudo apt install bubblewrap (Fedora: sudo dnf install bubblewrap)"
    if path is None:
        return ("bubblewrap", False, "the program that seals the rooms is not on PATH", install)
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return ("bubblewrap", said.returncode == 0, f"{said.stdout.strip()} at {path}", install)


def _user_namespaces() -> Finding:
    name = "user namespaces"
    if _read(_SWITCH) == "0":
        remedy = "sudo sysctl -w kernel.unprivileged_userns_clone=1"
        return (name, False, "switched off for ordinary users", remedy)
    if _read(_MAXIMUM) == "0":
        return (name, False, "none may be made", "sudo sysctl -w user.max_user_namespaces=10000")
    if _read(_APPARMOR) == "1" and os.getuid() != 0:
        return _apparmor(name)
    return (name, True, "ordinary users may make them", "")


def _apparmor(name: str) -> Finding:
    """Ubuntu 23.10 and later, GitHub's runners among them: only programs with a profile may."""
    bwrap = shutil.which("bwrap")
    works = bwrap is not None and _try(Sandbox(bwrap, None)) is None
    meaning = "AppArmor allows them to programs that have a profile"
    remedy = (
        "give bwrap a profile: `sudo apt install apparmor-profiles` and copy bwrap-userns-restrict "
        "from /usr/share/apparmor/extra-profiles to /etc/apparmor.d, or, on a machine of your own "
        "or a CI runner, sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
    )
    return (name, works, f"{meaning}; bwrap {'has' if works else 'has none'}", remedy)


def _system_calls() -> Finding:
    machine = platform.machine()
    meaning = f"the filter of system calls knows {machine}"
    if not seccomp.is_supported():
        meaning = f"the numbers of system calls on {machine} are not known to the filter"
    remedy = "grade on x86-64 or aarch64"
    return ("seccomp", seccomp.is_supported(), meaning, remedy)


def _sealing() -> Finding:
    """Everything at once: a program is started as the templates are."""
    bwrap = shutil.which("bwrap")
    remedy = f"mend the checks above; inside a container it needs more rights, so {_CONTAINER}"
    if bwrap is None:
        return ("sealing", False, "not tried without bubblewrap", remedy)
    reasons = [_try(Sandbox(bwrap, uid)) for uid in _users()]
    if None in reasons:
        return ("sealing", True, "a program was sealed and ran", "")
    return ("sealing", False, f"a trial failed: {reasons[0]}", remedy)


def _user() -> Finding:
    if os.getuid() != 0:
        return ("user", True, f"rooms run as you (uid {os.getuid()}), without your rights", "")
    bwrap = shutil.which("bwrap")
    dropped = bwrap is not None and _try(Sandbox(bwrap, SANDBOX_UID)) is None
    meaning = f"you are root; rooms run as uid {SANDBOX_UID}, to whom nothing belongs"
    if not dropped:
        folders = ", ".join(interpreter_folders())
        meaning = f"you are root, and rooms cannot become uid {SANDBOX_UID}: they run as root's uid"
        return ("user", False, meaning, f"let others read {folders}, or grade as another user")
    return ("user", True, meaning, "")


def _memory() -> Finding:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    meaning = f"{total:.1f} GB; the templates take 0.5 GB, a submission up to its limit (2 GB)"
    return ("memory", total >= 2, meaning, "fewer --workers, or a lower limit in autograder.toml")


def _huge_pages() -> Finding:
    """Slower without; a fork copies four times as much page table."""
    setting = _read(_HUGE_PAGES) or ""
    if "[never]" in setting or not setting:
        meaning = "off: grading takes about half as long again. To switch on: "
        return ("huge pages", True, f"{meaning}echo madvise | sudo tee {_HUGE_PAGES}", "")
    return ("huge pages", True, f"{setting}: a room is made in a few milliseconds", "")


def _cores() -> Finding:
    return ("cores", True, f"{len(os.sched_getaffinity(0))}: as many submissions at a time", "")


def _users() -> list[int | None]:
    return [SANDBOX_UID, None] if os.getuid() == 0 else [None]


def _try(sandbox: Sandbox) -> str | None:
    with tempfile.TemporaryDirectory(prefix="autograder-") as scratch:
        return why_not(sandbox, Path(scratch))


def _read(path: Path) -> str | None:
    try:
        return path.read_text().strip()
    except OSError:
        return None

"""The sandbox that a template runs in: what it sees, and the command that starts it."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from autograder.engine.places import FILES, HOME, ROOM
from autograder.errors import IsolationError

SANDBOX_UID = 61999  # a number that systemd leaves to users without a name; root becomes it

_PACKAGE = Path(__file__).resolve().parents[2]
_SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
_SYSTEM_FILES = [
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/localtime",
    "/sys/kernel/mm/transparent_hugepage",  # glibc reads it, or there are no huge pages
]
_OF_THE_COURSE = ("solutions", "book", ".git")  # beside the package, in a checkout
_DEVICES = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"]
HELP = "Run `autograder doctor`: it says what is missing and what to install."


@dataclass(frozen=True)
class Sandbox:
    """A way of starting bubblewrap that works on this machine."""

    bwrap: str
    uid: int | None  # the user to become first; None: stay who we are

    @property
    def description(self) -> str:
        """What is recorded with every result."""
        user = f"uid {self.uid}" if self.uid is not None else f"own uid {os.getuid()}"
        return f"bubblewrap, {user}; pid, mount and network namespace per room; seccomp; rlimits"

    def command(self, program: list[str], scratch: Path, sight: "Sight") -> list[str]:
        """The command line that starts `program` inside; `scratch` is an empty folder of ours."""
        plan = {
            "bwrap": self.bwrap,
            "uid": self.uid,
            "stage": str(_world_readable(scratch / "stage")),
            "binds": sight.binds(scratch),
            "before": [*_NAMESPACES, *_environment_flags(sight.environment), *_OWN_TMP],
            "after": [*sight.covers(), *_EMPTY_PLACES, "--chdir", str(ROOM), "--", *program],
        }
        launcher = str(Path(__file__).with_name("launch.py"))
        return [sys.executable, "-I", "-S", "-B", launcher, json.dumps(plan)]


# No --uid and no --dev: each makes bubblewrap add a second user namespace, and setns then fails.
_NAMESPACES = [
    *("--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"),
    *("--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"),
    *("--hostname", "room", "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN"),
]
# before the libraries are bound, which may stand below /tmp themselves
_OWN_TMP = ["--perms", "1777", "--size", str(64 * 2**20), "--tmpfs", "/tmp"]
_EMPTY_PLACES = [
    *("--proc", "/proc"),
    *("--dir", "/dev/shm"),
    *[word for device in _DEVICES for word in ("--dev-bind", device, device)],
    *("--remount-ro", "/"),
]


@dataclass(frozen=True)
class Sight:
    """What the processes of one sandbox can see of this machine; all of it read-only."""

    environment: dict[str, str]
    files: Path | None = None

    def binds(self, scratch: Path) -> list[tuple[str, str]]:
        """Pairs of a path here and the path in the sandbox."""
        engine = _PACKAGE / "engine"
        ours = [*sorted(engine.glob("*.py")), engine / "room"]  # and nothing of the host's half
        pairs = [(path, path) for path in [*_SYSTEM, *_SYSTEM_FILES, *interpreter_folders()]]
        pairs += [(str(path), str(ROOM / path.relative_to(_PACKAGE.parent))) for path in ours]
        pairs += [(str(path), f"/etc/{path.name}") for path in _accounts(scratch)]
        if self.files is not None:
            pairs.append((str(self.files.resolve()), str(FILES)))
        return [pair for pair in pairs if Path(pair[0]).exists()]

    def covers(self) -> list[str]:
        """Flags that hide answers, tests and checks where they stand among what is seen."""
        ours = [_PACKAGE, *(_PACKAGE.parent / name for name in _OF_THE_COURSE)]
        hidden = [path for path in ours if path.is_dir() and is_seen(path)]
        return [word for path in hidden for word in ("--tmpfs", str(path))]


def is_seen(folder: Path) -> bool:
    """Would a room see this folder, because it stands below the system's or Python's own?"""
    seen = [Path(path).resolve() for path in [*_SYSTEM, *interpreter_folders()]]
    return any(folder.resolve().is_relative_to(path) for path in seen)


def interpreter_folders() -> list[str]:
    """Where this Python, its standard library and its packages are, outermost only."""
    candidates = {sys.prefix, sys.base_prefix, sys.exec_prefix, sysconfig.get_path("purelib")}
    candidates |= {sysconfig.get_path("platlib"), str(Path(sys.executable).resolve().parent)}
    outermost: list[str] = []
    for folder in sorted(candidates, key=len):
        if not any(Path(folder).is_relative_to(other) for other in ["/usr", *outermost]):
            outermost.append(folder)
    return outermost


def room_environment() -> dict[str, str]:
    """The whole environment of a template: nothing of the teacher's."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(HOME),
        "USER": "learner",
        "LOGNAME": "learner",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOM),
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        # huge pages: a fork copies page tables, and those of huge pages are short
        "PYTHONMALLOC": "malloc",
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    }


def find_sandbox(scratch: Path) -> Sandbox:
    """The strongest way that works here. Raises IsolationError with what to do."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise IsolationError(f"bubblewrap is not installed (no `bwrap` on PATH). {HELP}")
    reasons = []
    for uid in [SANDBOX_UID, None] if os.getuid() == 0 else [None]:
        sandbox = Sandbox(bwrap, uid)
        reason = why_not(sandbox, scratch)
        if reason is None:
            return sandbox
        reasons.append(reason)
    raise IsolationError(f"bubblewrap cannot seal a process here: {reasons[0]}. {HELP}")


def why_not(sandbox: Sandbox, scratch: Path) -> str | None:
    """Why `sandbox` does not work here, or None if it does."""
    program = [sys.executable, "-I", "-S", "-c", "pass"]
    command = sandbox.command(program, scratch, Sight(room_environment()))
    try:
        trial = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if trial.returncode == 0:
        return None
    return trial.stderr.strip().rpartition("\n")[2] or f"exit code {trial.returncode}"


def _environment_flags(environment: dict[str, str]) -> list[str]:
    return [word for item in environment.items() for word in ("--setenv", *item)]


def _accounts(scratch: Path) -> list[Path]:
    """A passwd and a group file in which the sandbox's user has a name."""
    uid = SANDBOX_UID if os.getuid() == 0 else os.getuid()
    passwd, group = scratch / "passwd", scratch / "group"
    passwd.write_text(f"learner:x:{uid}:{uid}::{HOME}:/bin/sh\n")
    group.write_text(f"learner:x:{uid}:\n")
    for path in (passwd, group):
        path.chmod(0o644)
    return [passwd, group]


def _world_readable(folder: Path) -> Path:
    folder.mkdir(exist_ok=True, mode=0o755)
    folder.parent.chmod(0o755)
    return folder

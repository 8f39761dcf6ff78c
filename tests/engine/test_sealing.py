"""Where the engine refuses, what it leaves behind, and what a room can see of us."""

import ast
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from autograder.engine import Engine
from autograder.engine.host import bubblewrap, doctor, watch
from autograder.engine.host.bubblewrap import Sight, room_environment
from autograder.engine.room import seccomp
from autograder.errors import IsolationError
from engine.building import EXPORTS, RIGHT, exercise, notebook, run_all, story

HERE = Path(__file__).resolve().parent


def test_without_bubblewrap_the_engine_refuses_and_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(IsolationError, match=r"bubblewrap is not installed.*doctor"):
        Engine(workers=1).__enter__()


@pytest.fixture
def open_folder():
    """A folder that every user may enter, as the folder of a real bwrap."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_without_user_namespaces_the_engine_refuses_and_says_what_to_do(monkeypatch, open_folder):
    broken = open_folder / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{open_folder}:{os.environ['PATH']}")
    with pytest.raises(IsolationError, match=r"No permissions to create new namespace.*doctor"):
        Engine(workers=1).__enter__()


def test_a_room_that_cannot_be_sealed_runs_nothing(monkeypatch):
    """Without the right to make namespaces, which the template must pass on to its rooms."""
    flags = [flag for flag in bubblewrap._NAMESPACES if flag not in ("--cap-add", "CAP_SYS_ADMIN")]
    monkeypatch.setattr(bubblewrap, "_NAMESPACES", flags)
    with pytest.raises(IsolationError, match=r"a room could not be sealed(.|\n)*doctor"):
        Engine(workers=1).__enter__()


def test_an_override_is_recorded_with_every_result():
    with Engine(workers=1, isolation="none") as engine:
        run = engine.run(exercise(RIGHT), EXPORTS)
    assert {result.status for result in run.cells.values()} == {"ok"}
    assert run.isolation.startswith("NONE")


def test_doctor_finds_what_is_missing(monkeypatch, tmp_path):
    assert all(ok for _, ok, _, _ in doctor.doctor())
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = {name: remedy for name, ok, _, remedy in doctor.doctor() if not ok}
    assert "bubblewrap" in missing and "apt install bubblewrap" in missing["bubblewrap"]


def engines_processes():
    """Every process of an engine of ours on this machine that descends from this one."""
    return [pid for pid in watch.family(os.getpid()) if pid != os.getpid()]


def test_nothing_is_left_when_the_engine_ends():
    before = set(engines_processes())
    with Engine(workers=1) as engine:
        engine.run(exercise(RIGHT), EXPORTS)
        ours = set(engines_processes()) - before
        assert len(ours) >= 4
    assert not [pid for pid in ours if is_running(pid)]


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
from engine.building import notebook, story
from autograder.engine import Engine, Limits
with Engine(workers=1, limits=Limits(seconds=60)) as engine:
    print("warm", flush=True)
    engine.run(notebook(story("while True: pass", "hang")), {{}})
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_host_that_is_interrupted_or_killed_takes_its_rooms_with_it(number):
    script = SCRIPT.format(tests=str(HERE.parent))
    host = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert host.stdout.readline() == b"warm\n"
    time.sleep(1)
    rooms = [pid for pid in watch.family(host.pid) if pid != host.pid]
    assert len(rooms) >= 5
    host.send_signal(number)
    host.wait(20)
    host.stdout.close()
    deadline = time.monotonic() + 10
    while alive := [pid for pid in rooms if is_running(pid)]:
        assert time.monotonic() < deadline, f"still there: {alive}"
        time.sleep(0.1)


def is_running(pid):
    """Whether it exists and is more than a name that nobody has waited for."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_a_package_installed_beside_the_libraries_is_covered_for_the_learner(monkeypatch, tmp_path):
    library = tmp_path / "lib"
    installed, answers = library / "autograder", library / "solutions"
    installed.mkdir(parents=True)
    answers.mkdir()
    monkeypatch.setattr(bubblewrap, "_PACKAGE", installed)
    monkeypatch.setattr(bubblewrap, "_SYSTEM", [str(library)])
    sight = Sight(environment=room_environment())
    assert sight.covers() == ["--tmpfs", str(installed), "--tmpfs", str(answers)]
    targets = [target for _, target in sight.binds(tmp_path)]
    assert not [target for target in targets if target.endswith("/room/autograder")]


def test_the_learners_room_holds_only_the_engines_own_modules(engine):
    source = "import os\nsorted(n for _, f, ns in os.walk('/room') for n in [*f, *ns])"
    run = engine.run(notebook(story(source, "look")), {})
    seen = ast.literal_eval(run.notebook.cells[0].outputs[0].data["text/plain"])
    package = HERE.parents[1] / "autograder" / "engine"
    ours = [*package.glob("*.py"), *(package / "room").glob("*.py")]
    expected = {"autograder", "engine", "room", *(path.name for path in ours)}
    assert {name for name in seen if "pyc" not in name} == expected


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_within_what_the_kernel_takes(machine):
    lines = seccomp.program(machine)
    assert 100 < len(lines) < 4096
    for i, (code, yes, no, _) in enumerate(lines):
        assert i + max(yes, no) < len(lines) - 1 or code == seccomp._RETURN


def test_two_submissions_at_once_cannot_reach_each_other(engine):
    """They share a template: no common file, no abstract socket, no loopback."""
    listens = """
import socket, time
server = socket.socket(socket.AF_UNIX)
server.bind("\\0meeting")
server.listen()
open("/tmp/left", "w").write("x")
time.sleep(1)
"""
    calls = """
import os, socket, time
time.sleep(0.5)
try:
    socket.socket(socket.AF_UNIX).connect("\\0meeting")
    met = True
except OSError:
    met = False
(met, os.path.exists("/tmp/left"))
"""
    jobs = [("a", notebook(story(listens, "x")), {}), ("b", notebook(story(calls, "x")), {})]
    runs = run_all(engine, jobs)
    assert runs["a"].cells["x"].error is None
    assert runs["b"].notebook.cells[0].outputs[0].data["text/plain"] == "(False, False)"

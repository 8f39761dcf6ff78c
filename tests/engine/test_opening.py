"""What every submission begins with runs once, and nobody can tell the difference."""

import threading
import time

import pytest

from autograder.course.cells import exported_names, reference_answers
from autograder.course.notebooks import learner_notebook
from autograder.course.source import read_chapter
from autograder.engine import Engine, Limits
from autograder.engine.host import opening
from autograder.errors import EngineFault
from autograder.grading.merge import opening_of
from autograder.paths import chapter_sources
from engine.building import EXPORTS, RIGHT, answer, check, exercise, notebook, run_all, setup, story

COUNTS = """
import builtins
builtins.runs = getattr(builtins, "runs", 0) + 1
word, seen = "apple", []
word
"""
OPENING = ["setup", "counts"]


def counting(*cells):
    """Two leading cells of ours, then these."""
    return notebook(setup("import os"), story(COUNTS, "counts"), *cells)


def values(run, name):
    """What the cell of that name showed last."""
    (cell,) = [cell for cell in run.notebook.cells if cell.id == name]
    return cell.outputs[-1].data["text/plain"]


def visible(run):
    """All that a reader of the notebook sees."""
    code = [cell for cell in run.notebook.cells if cell.cell_type == "code"]
    return [(cell.id, cell.execution_count, cell.outputs) for cell in code]


@pytest.fixture
def fresh_engine():
    """An engine that has opened nothing."""
    with Engine(workers=2, limits=Limits(seconds=3, total_seconds=10)) as engine:
        yield engine


def opened(engine):
    """The openings that the engine keeps, those that did not fit left out."""
    return [s for s in engine._running_keeper().openings._starts.values() if s.reports]


def test_the_opening_runs_once_and_shows_in_every_submission(fresh_engine):
    looks = counting(answer("word, runs, os.getpid()", "looks"))
    jobs = [(i, looks, {}, OPENING) for i in range(6)]
    runs = run_all(fresh_engine, jobs)
    assert {values(run, "looks") for run in runs.values()} == {"('apple', 1, 1)"}
    assert {values(run, "counts") for run in runs.values()} == {"'apple'"}
    assert len(opened(fresh_engine)) == 1


def test_a_submission_leaves_nothing_in_the_next_ones_opening(fresh_engine):
    changes = counting(answer("seen.append(1); word = 'pear'; open('left', 'w'); seen", "a"))
    looks = counting(answer("seen, word, os.listdir()", "a"))
    assert values(fresh_engine.run(changes, {}, OPENING), "a") == "[1]"
    assert values(fresh_engine.run(looks, {}, OPENING), "a") == "([], 'apple', [])"


@pytest.mark.parametrize("stem", ["04_softmax", "09_multi_head"])
def test_a_chapter_is_the_same_with_and_without(engine, stem):
    (source,) = chapter_sources([stem])
    teacher = read_chapter(source)
    exports, opening = exported_names(teacher), opening_of(teacher, teacher)
    with_it, without = engine.run(teacher, exports, opening), engine.run(teacher, exports)
    assert visible(with_it) == visible(without)
    assert {name: cell.status for name, cell in with_it.cells.items()} == {
        name: cell.status for name, cell in without.cells.items()
    }


def test_the_opening_of_every_chapter_fits(engine, graded_chapter):
    teacher = read_chapter(graded_chapter)
    opening = opening_of(teacher, teacher)
    assert len(opening) > 3
    engine.run(teacher, exported_names(teacher), opening)
    assert any(set(start.reports) == set(opening) for start in opened(engine))


def test_a_room_that_died_begins_again_after_the_opening(fresh_engine):
    made = counting(
        answer("import os\ndef f(): os._exit(0)", "f"),
        check("f()", "f_test"),
        answer("word, runs", "after"),
    )
    run = fresh_engine.run(made, {"f": ["f"]}, OPENING)
    assert run.cells["f_test"].status == "killed"
    assert values(run, "after") == "('apple', 1)"


@pytest.mark.parametrize(
    "source",
    [
        "1 / 0",
        "open('notes', 'w').write('x')",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()",
        "import subprocess\nprogram = subprocess.Popen(['sleep', '60'])",
        "kept = open('/dev/null')",
        "import os\nos.chdir('/')",
        "import os\nos._exit(0)",
        "while True: pass",
    ],
)
def test_an_opening_that_a_fork_would_not_keep_runs_in_every_room(source):
    """The same result, more slowly: also where it ends the process, or never ends."""
    limits = Limits(seconds=1, total_seconds=2)
    made = notebook(story(source, "odd"), answer("41 + 1", "a"))
    with Engine(workers=1, limits=limits) as engine:
        with_it, without = engine.run(made, {}, ["odd"]), engine.run(made, {})
        assert not opened(engine)
    assert visible(with_it) == visible(without)
    assert with_it.cells["odd"].status == without.cells["odd"].status


def test_openings_that_nobody_uses_make_room_for_others(fresh_engine):
    for i in range(opening._MOST + 3):
        made = notebook(story(f"number = {i}", "number"), answer("number", "a"))
        assert values(fresh_engine.run(made, {}, ["number"]), "a") == str(i)
    assert len(opened(fresh_engine)) == opening._MOST


def test_after_a_fault_the_opening_is_opened_again(fresh_engine):
    looks = counting(answer("word", "looks"))
    fresh_engine.run(looks, {}, OPENING)
    (start,) = opened(fresh_engine)
    start.learner._control.close()
    with pytest.raises(EngineFault):
        fresh_engine.run(looks, {}, OPENING)
    assert values(fresh_engine.run(looks, {}, OPENING), "looks") == "'apple'"


def test_without_a_sandbox_nothing_is_opened():
    with Engine(workers=1, isolation="none") as engine:
        run = engine.run(exercise(RIGHT), EXPORTS, ["setup"])
        assert not opened(engine)
    assert {result.status for result in run.cells.values()} == {"ok"}


def changed(change):
    """The learner's notebook of chapter 4, right answers filled in, after a change to its cells."""
    (source,) = chapter_sources(["04_softmax"])
    teacher = read_chapter(source)
    made = learner_notebook(teacher)
    for cell in made.cells:
        cell.source = reference_answers(teacher).get(cell.id, cell.source)
    change([cell for cell in made.cells if cell.cell_type == "code"], made.cells)
    return made, teacher


def of_role(cells, tag):
    """The first code cell that has, or has not, the tag `demo`."""
    return next(c for c in cells[3:] if ("demo" in c.metadata.get("tags", [])) == tag)


def test_a_figure_that_a_learner_changed_does_not_matter():
    made, teacher = changed(lambda code, _: of_role(code, True).update(source="mine = 1"))
    assert opening_of(made, teacher) == opening_of(teacher, teacher) != []


@pytest.mark.parametrize(
    "change",
    [
        lambda code, _: of_role(code, False).update(source="mine = 1"),
        lambda code, _: code[0].update(source=code[0].source + " "),
        lambda _, cells: cells.insert(5, story("mine = 1", "extra-top-0")),
        lambda code, cells: cells.remove(code[4]) or cells.insert(2, story("x = 1", code[4].id)),
    ],
    ids=["story", "setup", "extra", "another cell under our id"],
)
def test_what_a_learner_wrote_is_never_part_of_an_opening(change):
    made, teacher = changed(change)
    assert opening_of(made, teacher) == []


def test_the_teachers_files_are_there_for_an_opening_too(tmp_path):
    (tmp_path / "words.txt").write_text("apple")
    made = notebook(
        story("word = open('words.txt').read()", "read"),
        answer("word, open('words.txt').read()", "a"),
    )
    with Engine(workers=1, files=tmp_path) as engine:
        run = engine.run(made, {}, ["read"])
        assert len(opened(engine)) == 1
    assert values(run, "a") == "('apple', 'apple')"


def test_ending_the_engine_does_not_wait_for_an_opening():
    made = notebook(story("import time\ntime.sleep(60)", "sleep"), answer("1", "a"))
    faults = []

    def work():
        try:
            engine.run(made, {}, ["sleep"])
        except EngineFault as fault:
            faults.append(fault)

    with Engine(workers=1, limits=Limits(seconds=60)) as engine:
        worker = threading.Thread(target=work)
        worker.start()
        while not engine._running_keeper().openings._lock.locked():
            time.sleep(0.05)
        time.sleep(0.5)
        began = time.monotonic()
    assert time.monotonic() - began < 10
    worker.join(10)
    assert len(faults) == 1

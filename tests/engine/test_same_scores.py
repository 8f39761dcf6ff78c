"""On honest work the scores, cell by cell, are those of stock nbgrader; so are the outputs."""

import itertools
import logging
import os
import re

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade, is_grade

from autograder.course.cells import answered, exported_names, reference_answers
from autograder.course.notebooks import learner_notebook, notebook_bytes
from autograder.course.source import read_chapter
from autograder.engine import Engine, Limits
from autograder.grading.corpus import stored_answers
from autograder.grading.merge import opening_of
from autograder.grading.release import Release
from autograder.grading.score import score_tests
from autograder.paths import chapter_sources
from engine.building import answer, check, notebook, setup, story

QUICK = ["04_softmax", "09_multi_head"]
SEED = 20261121


def read(stem):
    """The teacher's notebook of a chapter."""
    return read_chapter(next(p for p in chapter_sources() if p.stem == stem))


def stock_scores(merged):
    """What stock nbgrader's executor and rules give each test."""
    log = logging.getLogger("quiet")
    run, _ = Execute(kernel_name="python3").preprocess(nbformat.from_dict(merged), {})
    tests = [cell for cell in run.cells if is_grade(cell)]
    return {cell.metadata.nbgrader.grade_id: determine_grade(cell, log)[0] for cell in tests}


def library_of(stem, teacher):
    """What the hidden tests import."""
    text = notebook_bytes(teacher).decode()
    return Release.of(stem, text, text).library


def our_scores(engine, teacher, merged, library):
    """What we give each test."""
    names, opening = exported_names(teacher), opening_of(merged, teacher)
    run = engine.run(merged, names, opening, library=library)
    return {test.grade_id: test.score for test in score_tests(teacher, run)}


def honest_submissions(teacher):
    """The reference answers, the blank notebook, and every stored answer, wrong or right."""
    right, stubs = reference_answers(teacher), reference_answers(learner_notebook(teacher))
    yield "reference", right
    yield "blank", stubs
    for exercise in exported_names(teacher):
        for kind in ("wrong", "right"):
            for name, source in stored_answers(kind, exercise).items():
                yield name, {**right, exercise: source}


def without_demos(notebook):
    """Cells that only show something give no score, and some take their time."""
    notebook.cells = [c for c in notebook.cells if "demo" not in c.metadata.get("tags", [])]
    return notebook


def compare(engine, stem, at_most, monkeypatch):
    """Raises AssertionError naming every submission whose scores differ."""
    monkeypatch.setenv("AUTOGRADER_SEED", str(SEED))
    teacher = read(stem)
    library = library_of(stem, teacher)
    differing, count = {}, 0
    for name, answers in itertools.islice(honest_submissions(teacher), at_most):
        merged = without_demos(answered(teacher, answers))
        ours, stock = our_scores(engine, teacher, merged, library), stock_scores(merged)
        count += 1
        if ours != stock:
            differing[name] = {test: (ours[test], stock[test]) for test in stock}
    print(f"{stem}: {count} submissions compared with stock nbgrader")
    assert not differing


@pytest.mark.parametrize("stem", QUICK)
def test_honest_work_scores_as_in_stock_nbgrader(engine, stem, monkeypatch):
    compare(engine, stem, 3, monkeypatch)


def test_cells_that_only_show_change_no_score(engine, graded_chapter):
    stem = graded_chapter.stem
    teacher, limits = read(stem), Limits(seconds=120, total_seconds=240)
    exports, library = exported_names(teacher), library_of(stem, teacher)
    for name, answers in itertools.islice(honest_submissions(teacher), 3):
        merged = answered(teacher, answers)
        runs = [
            engine.run(merged, exports, library=library, demo=demo, limits=limits)
            for demo in (True, False)
        ]
        shown, hidden = (score_tests(teacher, run) for run in runs)
        assert [test.score for test in shown] == [test.score for test in hidden], name
        assert runs[0].cells.keys() == runs[1].cells.keys()
        assert "skipped" in {cell.status for cell in runs[1].cells.values()}


@pytest.mark.heavy
def test_all_honest_work_of_a_chapter_scores_as_in_stock_nbgrader(graded_chapter, monkeypatch):
    with Engine(seed=SEED) as engine:
        compare(engine, graded_chapter.stem, None, monkeypatch)


CELLS = {
    "nothing": "x = 1",
    "value": "41 + 1",
    "hidden_value": "42;",
    "array": "import numpy as np\nnp.arange(6).reshape(2, 3)",
    "tensor": "import torch\ntorch.ones(2)",
    "print": "print('a')\nprint('b', end='')",
    "both_streams": "import sys\nprint('o')\nprint('e', file=sys.stderr)\nprint('p')",
    "print_then_value": "print('a')\n'b'",
    "display": "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>x</b>'))\n1",
    "text_around_display": "print(1)\ndisplay(Markdown('*x*'))\nprint(2)",
    "updated": "h = display('a', display_id='k')\nh.update('b')",
    "cleared": "from IPython.display import clear_output\nprint(1)\nclear_output()\nprint(2)",
    "cleared_late": "print(1)\nclear_output(wait=True)\nprint(2)",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "figure_shown": "plt.plot([1, 2])\nplt.show()\nprint('after')",
    "figure_object": "fig, ax = plt.subplots()",
    "awaited": "import asyncio\nawait asyncio.sleep(0, 'w')",
    "shell": "!echo shell",
    "bash": "%%bash\necho cell",
    "capture": "%%capture kept\nprint(1)",
    "html_cell": "%%html\n<i>x</i>",
    "dict": "{'a': [1, 2], 'b': None}",
    "long_text": "print('x' * 1000)",
    "last_result": "_",
    "unicode": "print('√2 ≈ 1,41 🍎')",
}
ERRORS = {
    "division": "1 / 0",
    "own_error": "class E(Exception): pass\nraise E('why')",
    "assertion": "assert False, 'no'",
    "syntax": "x = (",
    "exit": "import sys\nsys.exit(2)",
    "input": "input('?')",
    "after_print": "print('a')\n{}['k']",
}


@pytest.fixture(scope="module")
def both(engine):
    """The same cells here and in a real kernel: dict cell name -> pair of outputs."""
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    made = notebook(*(story(source, name) for name, source in {**CELLS, **ERRORS}.items()))
    ours = engine.run(made, {}).notebook
    real = nbformat.from_dict(made)
    NotebookClient(real, kernel_name="python3", allow_errors=True).execute(env=environment)
    return {a.id: (a.outputs, b.outputs) for a, b in zip(ours.cells, real.cells, strict=True)}


def plain(output):
    """An output without what may differ: addresses, a picture's bytes, a terminal's line ends."""
    shown = {**output, "data": dict(output.get("data", {}))}
    if "image/png" in shown["data"]:
        shown["data"]["image/png"] = shown["data"]["image/png"][:16]
    return re.sub(r"0x[0-9a-f]+", "0x", repr(sorted(shown.items()))).replace(r"\r\n", r"\n")


@pytest.mark.parametrize("name", CELLS)
def test_outputs_are_those_of_a_real_kernel(both, name):
    ours, real = both[name]
    assert [plain(output) for output in ours] == [plain(output) for output in real]


@pytest.mark.parametrize("name", ERRORS)
def test_errors_are_those_of_a_real_kernel_but_for_the_traceback(both, name):
    ours, real = both[name]
    kinds = [
        [(o.output_type, o.get("ename"), o.get("text")) for o in side] for side in (ours, real)
    ]
    assert kinds[0] == kinds[1]


def test_a_warning_costs_nothing_where_stock_nbgrader_takes_the_point(engine):
    """The one difference on honest work that is wanted: stderr is no failure."""
    made = notebook(
        setup("import warnings"),
        answer("def f():\n    warnings.warn('so what')\n    return 1", "f"),
        check("assert f() == 1", "f_value"),
    )
    assert engine.run(made, {"f": ["f"]}).cells["f_value"].status == "ok"
    assert stock_scores(made) == {"f_value": 0}

"""Every recipe scores what its code deserves, ends, and leaves the machine as it was."""

import os
import re
from pathlib import Path

import pytest
from engine.building import EXPORTS, RIGHT, exercise, run_all

from autograder.engine.host import watch
from hostile.recipes import RECIPES

OPENING = ["setup"]  # as in a class: the rooms are forked after it


@pytest.fixture(scope="session")
def canaries(tmp_path_factory):
    """Folders of the teacher's that no recipe may write to."""
    folders = [tmp_path_factory.mktemp("class"), Path.home(), Path.cwd(), Path("/tmp")]
    return [str(folder) for folder in folders]


def processes_of(engine):
    """The processes of the engine's templates, their rooms included."""
    roots = [template._process.pid for template in engine._running_keeper().templates]
    return sorted(pid for root in roots for pid in watch.family(root))


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.name for recipe in RECIPES])
def test_the_recipe_gets_what_it_deserves(engine, recipe, canaries):
    engine.run(exercise(RIGHT), EXPORTS, OPENING)  # from here on its templates are open
    before = processes_of(engine)
    run = engine.run(exercise(f"CANARIES = {canaries}\n{recipe.source}"), EXPORTS, OPENING)
    answer, test = run.cells["softmax"], run.cells["softmax_value"]
    assert (test.status == "ok") == recipe.softmax, test
    if recipe.double is not None:
        assert (run.cells["double_value"].status == "ok") == recipe.double, run.cells
    assert answer.status == recipe.answer, answer
    assert run.cells["setup"].status == "ok"
    assert all(result.value is None for result in run.cells.values())
    if recipe.why:
        assert recipe.why in test.error or recipe.why in (test.status,), test
    if recipe.shows:
        assert recipe.shows in str(run.notebook.cells[1].outputs)[-2000:]
    assert len(str(run.notebook)) < 5 * 2**20
    assert processes_of(engine) == before, "a process survived"
    assert not [place for place in canaries if os.path.exists(os.path.join(place, "owned"))]
    assert run.seconds < 20


def test_the_next_learner_is_untouched_after_all_recipes(engine):
    hostile = [(recipe.name, exercise(recipe.source), EXPORTS) for recipe in RECIPES[:12]]
    honest = [(i, exercise(RIGHT), EXPORTS) for i in range(12)]
    jobs = [job for pair in zip(hostile, honest, strict=True) for job in pair]
    runs = run_all(engine, jobs)
    assert len(runs) == 24
    for i in range(12):
        assert {result.status for result in runs[i].cells.values()} == {"ok"}


def test_the_threat_model_names_tests_that_exist(root):
    tests = [path.read_text() for path in (root / "tests" / "engine").glob("test_*.py")]
    known = {recipe.name for recipe in RECIPES} | set(re.findall(r"def (test_\w+)", "".join(tests)))
    rows = [line for line in (root / "book" / "threat_model.md").read_text().splitlines()
            if line.startswith("| ") and "shown by" not in line]  # fmt: skip
    proofs = [re.findall(r"`([^`]+)`", row.split("|")[-2]) for row in rows]
    assert len(rows) > 20 and all(proofs), "each row names its test"
    named = {name for row in proofs for name in row}
    assert {name for name in named if "/" not in name} <= known
    assert all((root / name).exists() for name in named if "/" in name)


def test_every_recipe_has_a_name_of_its_own():
    names = [recipe.name for recipe in RECIPES]
    assert len(set(names)) == len(names) > 60

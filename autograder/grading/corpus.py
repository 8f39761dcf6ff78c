"""Stored answers as a learner would hand them in."""

import ast
import copy
import importlib
import inspect
from functools import cache

from autograder.course.cells import parse
from autograder.exercises import Kind, load_answers


def answer_source(kind: Kind, exercise: str, name: str) -> str:
    """The cell that a learner with this stored answer would hand in.

    name: the function in the exercise's `wrong.py` or `right.py`. It gets the exercise's name and
    loses its docstring, which is the diagnosis; the imports and constants of its file come with
    it, and the functions that it calls.
    """
    tree = _tree(kind, exercise)
    needed = _called_from(name, tree)
    body: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            if node.name in needed:
                body.append(_renamed(node, exercise) if node.name == name else node)
        elif not _is_docstring(node):
            body.append(node)
    return f"# exercise: {exercise}\n" + ast.unparse(ast.Module(body, []))


def stored_answers(kind: Kind, exercise: str) -> dict[str, str]:
    """Every stored answer of an exercise: its name -> the cell's source."""
    return {name: answer_source(kind, exercise, name) for name in load_answers(kind, exercise)}


@cache
def _tree(kind: Kind, exercise: str) -> ast.Module:
    module = importlib.import_module(f"autograder.exercises.{exercise}.{kind}")
    return parse(inspect.getsource(module))


def _called_from(name: str, tree: ast.Module) -> set[str]:
    """The functions of a file that one of them comes to call, itself among them."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    found, waiting = set(), [name]
    while waiting:
        found.add(called := waiting.pop())
        used = {node.id for node in ast.walk(functions[called]) if isinstance(node, ast.Name)}
        waiting += (used & functions.keys()) - found
    return found


def _renamed(function: ast.FunctionDef, name: str) -> ast.FunctionDef:
    """Under another name, also where it calls itself, and without its docstring."""
    function = copy.deepcopy(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == function.name:
            node.id = name
    function.name = name
    if _is_docstring(function.body[0]) and len(function.body) > 1:
        function.body = function.body[1:]
    return function


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)

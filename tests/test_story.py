"""The story gives no answer away: no cell outside an answer holds a graded expression.

Code is compared as Python reads it, so that white space, brackets and the names of variables
make no difference. The longer expressions of each reference answer are forbidden as they are.
What can be said in one breath stands in the exercise's folder, in `giveaways.txt`, if there is any:
an expression a line, in which a single capital letter is any expression, the same one each time.
"""

import ast
import builtins
import textwrap

import pytest

from autograder.course.cells import is_answer, is_test
from autograder.course.notebooks import learner_notebook
from autograder.course.source import read_chapter, read_text
from autograder.exercises import exercise_names
from autograder.paths import chapter_sources, project_root

LONG = 8  # an expression of an answer with so many parts is forbidden as it is
METHODS = {"sum", "max", "min", "mean", "swapaxes", "transpose", "reshape"}


class OneSpelling(ast.NodeTransformer):
    """`np.max(x, …)` becomes `x.max(…)`, −1 a number, and a name the same on both sides of =."""

    def visit_Call(self, node):
        self.generic_visit(node)
        library, _, name = ast.unparse(node.func).rpartition(".")
        if library in {"np", "torch"} and name in METHODS and node.args:
            method = ast.Attribute(node.args[0], name, ast.Load())
            return ast.Call(method, node.args[1:], node.keywords)
        return node

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        is_number = isinstance(node.operand, ast.Constant)
        minus = isinstance(node.op, ast.USub) and is_number
        return ast.Constant(-node.operand.value) if minus else node

    def visit_Name(self, node):
        return ast.Name(node.id, ast.Load())


def parsed(source):
    return OneSpelling().visit(ast.parse(source))


def giveaways(exercise):
    """What an exercise's own folder forbids, beside the longer expressions of its answer."""
    path = project_root() / "autograder" / "exercises" / exercise / "giveaways.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [parsed(line).body[0].value for line in lines]


def same(pattern, node, bound, is_any, exact=False):
    """Is the node of the pattern's shape? `bound` keeps what each free name stands for."""
    if isinstance(pattern, ast.Name) and is_any(pattern.id):
        number = isinstance(node, ast.Constant) and not is_letter(pattern.id)
        free = isinstance(node, ast.expr) and not number
        return free and bound.setdefault(pattern.id, ast.dump(node)) == ast.dump(node)
    if type(pattern) is not type(node):
        return False
    if isinstance(pattern, ast.Constant):
        numbers = {type(pattern.value), type(node.value)} <= {int, float}
        return (numbers and not exact) or pattern.value == node.value
    if isinstance(pattern, ast.AST):
        return all(
            same(value, getattr(node, name), bound, is_any, exact)
            for name, value in ast.iter_fields(pattern)
            if name not in {"ctx", "kind", "type_comment"}
        )
    if isinstance(pattern, list):
        if len(pattern) != len(node):
            return False
        pairs = zip(pattern, node, strict=True)
        return all(same(a, b, bound, is_any, exact) for a, b in pairs)
    return pattern == node


def holds(tree, pattern, is_any, exact=False):
    return any(same(pattern, node, {}, is_any, exact) for node in ast.walk(tree))


def is_one_row(node):
    """By the book's habits: `x`, `apple`, `X[1]`, `vectors["apple"]`; not `X`, `words`, `X[:2]`."""
    if isinstance(node, ast.Name):
        one = node.id[0].islower() and not node.id.endswith("s")
        return one or node.id[:2] in {"q_", "k_", "v_", "x_"}
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, ast.Slice | ast.Tuple | ast.List | ast.Compare)
    return False


def matrix_times_row(tree):
    """`K @ q`: what `score_row` comes down to."""
    return any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.MatMult)
        and isinstance(node.left, ast.Name)
        and not is_one_row(node.left)
        and is_one_row(node.right)
        for node in ast.walk(tree)
    )


def products(tree):
    """Every product of matrices that does not begin with one row."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.MatMult)
        and not is_one_row(node.left)
    ]


def three_projections(tree):
    """One sentence times W_Q, W_K and W_V, in one line, in three, or in a loop."""
    met: dict[str, set[str]] = {}
    for product in products(tree):
        met.setdefault(ast.dump(product.left), set()).add(ast.unparse(product.right)[:3])
    looped = {
        ast.dump(node.target)
        for node in ast.walk(tree)
        if isinstance(node, ast.comprehension | ast.For)
        and all(name in ast.unparse(node.iter) for name in ("W_Q", "W_K", "W_V"))
    }
    in_a_loop = any(ast.dump(product.right) in looped for product in products(tree))
    return in_a_loop or any({"W_Q", "W_K", "W_V"} <= names for names in met.values())


def solution(cell):
    return cell.source.partition("### BEGIN SOLUTION")[2].partition("### END SOLUTION")[0]


def parts_of(node):
    return [part for part in ast.walk(node) if isinstance(part, ast.expr)]


def long_expressions(cell):
    """The longer expressions of a reference answer, from the inside out."""
    function = parsed(cell.source).body[-1]
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.expr) and len(parts_of(node)) >= LONG
    ]


ANSWERS = {
    cell.id: cell
    for chapter in chapter_sources()
    for cell in read_chapter(chapter).cells
    if is_answer(cell)
}


PATTERNS = {exercise: giveaways(exercise) for exercise in ANSWERS}
PARTS = {exercise: long_expressions(cell) for exercise, cell in ANSWERS.items()}
KEPT = {"np", "math", "torch", "F", "nn", *exercise_names(), *dir(builtins)}


def is_letter(name):
    return len(name) == 1 and name.isupper() and name not in KEPT


def is_variable(name):
    return name not in KEPT


def leaks(source):
    """The exercises whose answers this code gives away."""
    tree = parsed(source)
    found = {
        exercise
        for exercise, patterns in PATTERNS.items()
        if any(holds(tree, one, is_letter, exact=True) for one in patterns)
        or any(holds(tree, part, is_variable) for part in PARTS[exercise])
    }
    if matrix_times_row(tree):
        found.add("score_row")
    if three_projections(tree):
        found.add("qkv_projections")
    return sorted(found)


def test_every_giveaway_belongs_to_an_exercise(root):
    folders = {path.parent.name for path in (root / "autograder").rglob("giveaways.txt")}

    assert folders
    assert folders <= set(ANSWERS)


def test_no_story_cell_holds_an_answer(chapter):
    found = {
        cell.source: leaks(cell.source)
        for cell in read_chapter(chapter).cells
        if cell.cell_type == "code" and not is_answer(cell) and not is_test(cell)
    }

    assert not [(names, source) for source, names in found.items() if names]


def test_no_visible_test_holds_an_answer(chapter):
    """But for `row_sums`: an assert may say that rows sum to 1."""
    visible = learner_notebook(read_chapter(chapter)).cells
    found = {cell.id: set(leaks(cell.source)) - {"row_sums"} for cell in visible if is_test(cell)}

    assert not {name: names for name, names in found.items() if names}


def test_no_page_that_opens_a_part_holds_an_answer():
    for page in sorted((project_root() / "book").glob("part_*.py")):
        code = [
            cell.source for cell in read_text(page.read_text()).cells if cell.cell_type == "code"
        ]
        assert [leaks(source) for source in code] == [[]] * len(code), page


class OtherNames(ast.NodeTransformer):
    def visit_Name(self, node):
        keep = node.id in KEPT | {"W_Q", "W_K", "W_V"}
        return node if keep else ast.Name(f"{node.id}_of_mine", node.ctx)


@pytest.mark.parametrize("exercise", exercise_names())
def test_a_planted_answer_is_found_under_other_names(exercise):
    body = textwrap.dedent(solution(ANSWERS[exercise]))
    inside = "def story():\n" + textwrap.indent(body, "    ")
    planted = ast.unparse(OtherNames().visit(ast.parse(inside)))

    assert exercise in leaks(planted), (
        f"the answer is so short that autograder/exercises/{exercise}/giveaways.txt should say "
        f"what no story cell may hold: {planted}"
    )


@pytest.mark.parametrize(
    ("exercise", "planted"),
    [
        ("embed", "rows = np.array( [\n  vectors[ word ]\n  for word in text.split() ] )"),
        ("qkv_projections", "Q, K, V = (X_juice@W_Q), X_juice  @ W_K, X_juice @ W_V"),
        ("qkv_projections", "Q = words @ W_Q\nK = words @ W_K\nV = words @ W_V"),
        ("qkv_projections", "Q, K, V = (torch.tensor(X @ W)[None] for W in (W_Q, W_K, W_V))"),
        ("softmax", "w = strengths / strengths.sum(axis = 1, keepdims = True)"),
        ("softmax", "strengths = np.exp(scores - np.max(scores))"),
        ("score_row", "scores = X @ X[1]"),
        ("causal_mask", "mask = torch.tril(torch.ones(n, n)).bool()"),
    ],
)
def test_a_planted_line_is_found(exercise, planted):
    assert exercise in leaks(planted)


@pytest.mark.parametrize(
    "fair",
    [
        "apple_new = 0.1 * love + 0.5 * apple + 0.4 * phones",
        "q = apple @ W_Q\nk = apple @ W_K\nv = apple @ W_V",
        "weights = np.exp(scores) / np.exp(scores).sum()",
        "weights = torch.softmax(scores, dim=-1)",
        "S = Q @ K.T",
    ],
)
def test_one_row_and_the_library_are_no_leak(fair):
    assert leaks(fair) == []

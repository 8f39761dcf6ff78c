"""Small notebooks made in code, in the shape that the release has."""

from concurrent.futures import ThreadPoolExecutor

from nbformat import v4

SETUP = {"locked": True, "grade": False, "solution": False}
ANSWER = {"locked": False, "grade": False, "solution": True}
TEST = {"locked": True, "grade": True, "solution": False, "points": 1}


def cell(source, name, marks=None, tags=None):
    """A code cell whose id and grade_id are `name`."""
    made = v4.new_code_cell(source, id=name)
    if marks is not None:
        made.metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, **marks}
    if tags:
        made.metadata["tags"] = tags
    return made


def setup(source, name="setup"):
    """A locked cell that is no test."""
    return cell(source, name, SETUP)


def answer(source, name):
    """A cell that the learner wrote, for an exercise."""
    return cell(source, name, ANSWER)


def check(source, name):
    """A test."""
    return cell(source, name, TEST)


def story(source, name, tags=None):
    """A cell that is not graded."""
    return cell(source, name, None, tags)


def notebook(*cells):
    """A notebook of these cells."""
    return v4.new_notebook(cells=list(cells))


RIGHT = """
def softmax(x, axis=-1):
    shares = np.exp(x - x.max(axis=axis, keepdims=True))
    return shares / shares.sum(axis=axis, keepdims=True)
"""
WRONG = """
def softmax(x, axis=-1):
    return x
"""
SOFTMAX_TEST = """
scores = np.array([[1.0, 3.0, 6.0], [-2.0, 8.0, 8.0]])
kept = scores.copy()
expected = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
weights = softmax(scores)
assert isinstance(weights, np.ndarray), "softmax returns an array"
assert np.allclose(weights, expected), "not the softmax of the scores"
assert np.array_equal(scores, kept), "the scores were changed"
"""


def exercise(softmax_source, *more):
    """Two exercises: the given answer to `softmax`, and a right answer to `double`."""
    return notebook(
        setup("import numpy as np"),
        answer(softmax_source, "softmax"),
        check(SOFTMAX_TEST, "softmax_value"),
        answer("def double(x):\n    return 2 * x", "double"),
        check("assert double(21) == 42", "double_value"),
        *more,
    )


EXPORTS = {"softmax": ["softmax"], "double": ["double"]}


def run_all(engine, jobs):
    """Run notebooks side by side, each under its key: (key, notebook, exports[, opening])."""
    with ThreadPoolExecutor(engine.workers) as pool:
        running = {key: pool.submit(engine.run, *work) for key, *work in jobs}
        return {key: future.result() for key, future in running.items()}

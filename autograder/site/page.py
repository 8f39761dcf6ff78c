"""The reader of Jupyter Book (`nb_custom_formats`): a chapter's script becomes its page."""

import copy

from nbformat.notebooknode import NotebookNode
from nbgrader import preprocessors

from autograder.course import stops
from autograder.course.cells import is_answer, is_test
from autograder.course.source import STYLE_IMPORT, read_text

DRAW_AS_SVG = """
from matplotlib_inline.backend_inline import set_matplotlib_formats

set_matplotlib_formats("svg", metadata={"Date": None})
plt.rcParams["svg.hashsalt"] = "apple"
""".strip()


def read(text: str) -> NotebookNode:
    """The page of a chapter: answers run but are not shown, hidden tests are left out."""
    notebook = read_text(text)
    cells = []
    for cell in notebook.cells:
        if is_answer(cell):
            cells += _answer_and_stub(cell)
        elif is_test(cell):
            cells += _visible_part(cell)
        else:
            cells.append(_shown(cell))
    notebook.cells = cells
    return notebook


def _answer_and_stub(cell: NotebookNode) -> list[NotebookNode]:
    """The answer, run and not rendered; then the stub, rendered and not run."""
    stub = copy.deepcopy(cell)
    preprocessors.ClearSolutions().preprocess_cell(stub, {"language": "python"}, 0)
    stub.id = f"{cell.id}-stub"
    stub.metadata["tags"] = ["skip-execution", "answer-stub"]
    cell.metadata["tags"] = ["remove-cell"]
    return [cell, stub]


def _visible_part(cell: NotebookNode) -> list[NotebookNode]:
    """A test cell as the learner sees it; a wholly hidden one has no place on the page."""
    preprocessors.ClearHiddenTests().preprocess_cell(cell, {}, 0)
    return [cell] if "assert" in cell.source else []


def _shown(cell: NotebookNode) -> NotebookNode:
    if cell.source.strip() == STYLE_IMPORT:
        cell.source = f"{STYLE_IMPORT}\n{DRAW_AS_SVG}"
        cell.metadata["tags"] = ["remove-cell"]
    if stops.IMPORT in cell.source:
        cell.source = cell.source.replace(stops.IMPORT, stops.written_out())
    alt = cell.metadata.pop("alt", None)
    if alt:
        cell.metadata["mystnb"] = {
            "image": {"alt": alt},
            "code_prompt_show": "Show the code of this figure",
            "code_prompt_hide": "Hide the code of this figure",
        }
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
    return cell

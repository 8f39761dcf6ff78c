"""The learner's notebooks on the libraries that Colab has: in environments of their own.

    make colab

Each environment takes gigabytes where PyTorch's CPU index cannot be reached; both are kept in
`_build/colab`. Colab itself cannot be asked from a test.
"""

import re
import shutil
import subprocess
from pathlib import Path

import nbclient
import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError

from autograder.course.cells import answered, is_answer, reference_answers
from autograder.course.notebooks import learner_notebook
from autograder.course.source import read_chapter
from autograder.paths import chapter_sources, project_root

HERE = Path(__file__).parent
CPU_INDEX = "https://download.pytorch.org/whl/cpu"

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module", params=["oldest", "newest"])
def python(request) -> Path:
    """The Python of an environment that holds the named versions, a kernel, and nothing of ours."""
    pins = HERE / f"{request.param}.txt"
    folder = project_root() / "_build" / "colab" / request.param
    stamp = folder / "installed.txt"
    if not stamp.is_file() or stamp.read_text() != pins.read_text():
        make_environment(folder, pins)
        stamp.write_text(pins.read_text())
    return folder / "bin" / "python"


def make_environment(folder: Path, pins: Path) -> None:
    """A virtual environment with these versions; PyTorch's CPU build where it can be had."""
    version = re.search(r"Python (3\.\d+)", pins.read_text())[1]
    program = shutil.which(f"python{version}")
    assert program, f"{pins.name} needs python{version} on PATH"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([program, "-m", "venv", folder], check=True)
    pip = [folder / "bin" / "pip", "install", "-q", "--disable-pip-version-check"]
    torch = re.search(r"^torch==.*$", pins.read_text(), re.M)[0]
    light = ["--no-deps", "--retries", "0", "--index-url", CPU_INDEX, torch]
    subprocess.run([*pip, *light], check=False, capture_output=True)
    subprocess.run([*pip, "-r", pins, "ipykernel"], check=True)


def run(notebook, python: Path, folder: Path) -> None:
    """Run all cells in a kernel of that Python. Raises CellExecutionError."""
    manager = AsyncKernelManager(kernel_name="python3")
    manager.kernel_spec.argv[0] = str(python)
    shutil.copytree(project_root() / "book" / "data", folder / "data")
    client = nbclient.NotebookClient(
        notebook, km=manager, timeout=1200, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()


@pytest.mark.parametrize("source", chapter_sources(), ids=lambda path: path.stem)
def test_a_solved_notebook_runs_to_its_end(source, python, tmp_path):
    teacher = read_chapter(source)
    run(answered(learner_notebook(teacher), reference_answers(teacher)), python, tmp_path)


def test_a_blank_notebook_stops_at_its_first_exercise_and_says_what_to_do(python, tmp_path):
    learner = learner_notebook(read_chapter(chapter_sources(["04_softmax"])[0]))
    first = next(cell for cell in learner.cells if is_answer(cell))
    with pytest.raises(CellExecutionError, match=f"NotImplementedError.*{first.id}"):
        run(learner, python, tmp_path)

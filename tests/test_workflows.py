"""What the workflows hand to each other, and the commands that they run."""

import re
import shutil
import subprocess
import sys
import zipfile

import pytest
import yaml

from autograder.paths import project_root

FOLDER = project_root() / ".github" / "workflows"
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text()) for path in FOLDER.glob("*.yml")}


def steps(workflow):
    return [step for job in WORKFLOWS[workflow]["jobs"].values() for step in job.get("steps", [])]


def artifacts(workflow, action):
    return [s["with"]["name"] for s in steps(workflow) if action in s.get("uses", "")]


@pytest.mark.parametrize("workflow", ["pages", "release"])
def test_a_site_that_is_published_is_one_that_was_tested(workflow):
    taken = artifacts(workflow, "download-artifact")
    assert taken == ["site"]
    assert set(taken) <= set(artifacts("test", "upload-artifact"))


def test_the_tests_run_before_the_site_is_kept():
    commands = [step.get("run") or step.get("with", {}).get("name") for step in steps("test")]
    assert commands.index("bash .ci/run") < commands.index("site")


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_every_make_target_that_a_workflow_runs_exists(workflow):
    targets = re.findall(r"^([a-z-]+):", (project_root() / "Makefile").read_text(), re.M)
    commands = " ".join(step.get("run", "") for step in steps(workflow))
    assert set(re.findall(r"\bmake ([a-z-]+)", commands)) <= set(targets)


def test_the_wheel_holds_every_file_of_the_package(tmp_path):
    command = ["git", "ls-files", "autograder", "pyproject.toml", "README.md"]
    listed = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=True)
    for name in listed.stdout.split():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(project_root() / name, tmp_path / name)

    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", tmp_path]
    subprocess.run([*build, tmp_path], check=True)

    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        held = set(wheel.namelist())
    assert {name for name in listed.stdout.split() if name.startswith("autograder/")} <= held

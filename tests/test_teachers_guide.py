"""The teacher's guide works as written: its commands are taken out of the page and run in order.

Stand-ins: `sudo` does nothing, `git clone` copies the course, `git push` only says so, `make`
looks its targets up, `jupyter` does not start. All else is the real thing.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder import cli, paths
from autograder.classroom.folder import Classroom
from autograder.classroom.received import read_received
from autograder.course.cells import answered, reference_answers
from autograder.course.notebooks import notebook_bytes
from autograder.lms.marks import read_marks
from autograder.lms.outcomes import OUTCOMES
from autograder.sheet import read_sheet

PAGE = paths.project_root() / "book" / "teachers_guide.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PEOPLE = {"ada": "42", "ben": "7", "cleo": "8"}
STAND_INS = {
    "sudo": "exit 0",
    "make": 'exec {make} -n "$@" >/dev/null',
    "jupyter": '[ "$1" = lab ]',
    "git": 'case "$*" in clone*) cp -r {course} "$(basename "$2")";; *push*) echo pushed;; '
    '*) exec {git} "$@";; esac',
}


def commands():
    """Every command of the page: a line, with what follows it in a here-document."""
    found = []
    for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        until = ""
        for line in block.splitlines():
            if until:
                found[-1] += f"\n{line}"
            else:
                found.append(line)
                until = "".join(re.findall(r"<<'(\w+)'", line))
            until = "" if line == until else until
    return found


@pytest.fixture
def machine(root, tmp_path, monkeypatch):
    """An empty folder, a course to clone, what a teacher has downloaded, and the stand-ins."""
    course = tmp_path / "course"
    course.mkdir()
    for name in (
        "_config.yml",
        "Makefile",
        "LICENSE",
        "LICENSE-TEXT",
        "requirements.txt",
        "constraints.txt",
        "pyproject.toml",
    ):
        shutil.copy(root / name, course)
    for name in ("notebooks", "solutions", ".binder"):
        shutil.copytree(root / name, course / name)
    (course / "book").mkdir()
    for source in paths.chapter_sources():
        shutil.copy(source, course / "book")
    write_downloads(root, course / "downloads")
    programs = tmp_path / "programs"
    programs.mkdir()
    known = {"make": shutil.which("make"), "git": shutil.which("git"), "course": course}
    for name, text in STAND_INS.items():
        (programs / name).write_text(f"#!/bin/sh\n{text.format(**known)}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("STAND_INS", str(programs))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "a teacher")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "teacher@school.edu")
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path / "home")
    yield tmp_path / "home"
    monkeypatch.undo()
    forget_the_course()


def forget_the_course():
    """The next question asks where the course is, from the working folder."""
    paths.project_root.cache_clear()
    paths.site_config.cache_clear()


def write_downloads(root, folder):
    """What three learners handed in for assignment 1, as Canvas, Moodle and a share give it."""
    (folder / "folder").mkdir(parents=True)
    (folder / "roster.csv").write_text(
        "id,lms_user_id,last_name,email\n"
        + "".join(f"{name},{number},{name}son,{name}@x.edu\n" for name, number in PEOPLE.items())
    )
    (folder / "gradebook.csv").write_text(
        "Student,ID,SIS Login ID,Section,Assignment 1 (9001),Current Score\n"
        "    Points Possible,,,,33.00,(read only)\n"
        + "".join(f'"{n}son, {n}",{i},{n},All,,\n' for n, i in PEOPLE.items())
    )
    (folder / "worksheet.csv").write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade),Feedback comments\n"
        + "".join(
            f"Participant {800 + place},{name},{name}@x.edu,Submitted for grading,,33.00,Yes,"
            f'"Tuesday, 20 October 2026, 10:05 PM",-,\n'
            for place, name in enumerate(PEOPLE)
        )
    )
    canvas = zipfile.ZipFile(folder / "canvas.zip", "w", zipfile.ZIP_DEFLATED)
    moodle = zipfile.ZipFile(folder / "moodle.zip", "w", zipfile.ZIP_DEFLATED)
    with canvas, moodle:
        for chapter in sorted(path.stem for path in (root / "solutions").glob("0[1-5]_*.ipynb")):
            for place, (name, number) in enumerate(PEOPLE.items()):
                content = hand_in(root, chapter, name)
                canvas.writestr(f"{name}son_{number}_{1000 + place}_{chapter}.ipynb", content)
                prefix = f"{name}_{800 + place}_assignsubmission_file_"
                moodle.writestr(f"{prefix}/{chapter}.ipynb", content)
                (folder / "folder" / name).mkdir(exist_ok=True)
                (folder / "folder" / name / f"{chapter}.ipynb").write_bytes(content)


def hand_in(root, chapter, name):
    """ada and ben know every answer, cleo has nothing; no two files are the same."""
    notebook = nbformat.read(root / "notebooks" / f"{chapter}.ipynb", as_version=4)
    teacher = nbformat.read(root / "solutions" / f"{chapter}.ipynb", as_version=4)
    if name != "cleo":
        notebook = answered(notebook, reference_answers(teacher))
    notebook.cells.append(nbformat.v4.new_markdown_cell(f"by {name}", id="own"))
    return notebook_bytes(notebook)


def run(line, monkeypatch):
    """One command of the page, as a shell in the working folder would run it; its exit code."""
    words = shlex.split(line) if "<<" not in line else []
    if words[:1] == ["cd"]:
        monkeypatch.chdir(words[1])
        return 0
    if line == ". .venv/bin/activate":
        return 0
    if words[:1] == ["autograder"]:
        forget_the_course()
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return stop.value.code
    search = {"PATH": f"{os.environ['STAND_INS']}:{os.environ['PATH']}"}
    return subprocess.run(["bash", "-c", line], env=os.environ | search, check=False).returncode


def run_all(lines, monkeypatch, capfd):
    for line in lines:
        code = run(line, monkeypatch)
        allowed = (0, 3) if line == "autograder doctor" else (0,)
        assert code in allowed, f"{line}\nended with {code}\n{capfd.readouterr()}"


def test_every_command_runs_as_written(machine, monkeypatch, capfd):
    """Canvas, Moodle and a folder are three ways: each starts from the class before step 6."""
    lines = commands()
    first = next(n for n, line in enumerate(lines) if line.startswith("autograder collect"))
    run_all(lines[:first], monkeypatch, capfd)
    for way, others in (
        ("folder", r" --as (?!folder)|export (canvas|moodle)"),
        ("moodle", r" --as (?!moodle)|export canvas|tar |report|status|cd |jupyter"),
        ("canvas", r" --as (?!canvas)|export moodle"),
    ):
        shutil.copytree("class", f"../{way}")
        rest = [line for line in lines[first:] if not re.search(others, line)]
        run_all(rest[:1] if way == "folder" else rest, monkeypatch, capfd)
        check(way)
        if way != "canvas":
            shutil.rmtree("class")
            shutil.move(f"../{way}", "class")
    public = Path("../attention-class")
    assert not [p for p in public.rglob("*") if "solutions" in p.parts or p.suffix == ".db"]
    log = subprocess.run(["git", "log", "--oneline"], cwd=public, capture_output=True, text=True)
    assert "The notebooks of our class" in log.stdout


def check(way):
    """What must have come of a way: files, marks, and the platform's own table."""
    classroom = Classroom.open(Path("class"))
    received = read_received(classroom)
    assert set(received) == set(classroom.chapters())
    assert {student for records in received.values() for student in records} == set(PEOPLE)
    if way == "folder":
        return
    marks, maximum = read_marks(classroom, classroom.chapters())
    assert maximum == 33
    # on Moodle, 20 October: chapters 1 and 2 eight days late, 3 and 4 a day, 5 in time
    expected = 33 if way == "canvas" else 0.9 * (6 + 8) + 8
    assert marks["ada"].score == marks["ben"].score == pytest.approx(expected)
    assert marks["cleo"].score == 0
    table, column = {
        "canvas": ("gradebook", "assignment 1 (9001)"),
        "moodle": ("worksheet", "grade"),
    }[way]
    sheet = read_sheet(Path(f"downloads/{table}.filled.csv"))
    cells = [cell for row in sheet.rows if (cell := sheet.cell(row, column)) != "33.00"]
    full = [f"{marks[name].score:.2f}" for name in PEOPLE]
    assert [cell for cell in full if cell != "33.00"] == cells
    assert zipfile.ZipFile(f"{way}-feedback.zip").namelist()


def test_the_page_names_every_outcome_and_its_star():
    text = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([a-z ]+?)( \*)? \|", text, re.MULTILINE))

    assert {word: bool(star) for word, star in rows.items() if word in OUTCOMES} == OUTCOMES


def test_the_syllabus_counts_the_points_as_they_are(root):
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"\[(\d\d)\]\(\S+\) to \[(\d\d)\]\(\S+\) \| (\d+) \|", text)
    points = {}
    for path in (root / "solutions").glob("*.ipynb"):
        cells = json.loads(path.read_text())["cells"]
        points[path.stem[:2]] = sum(
            c["metadata"].get("nbgrader", {}).get("points", 0) for c in cells
        )

    assert len(rows) == 3
    for first, last, total in rows:
        assert sum(p for number, p in points.items() if first <= number <= last) == int(total)


def hub_section():
    """What the page says of a JupyterHub, without the indent of its lists."""
    text = PAGE.read_text(encoding="utf-8").partition("## On a JupyterHub\n")[2]
    return re.sub("^   ", "", text.partition("\n## ")[0], flags=re.MULTILINE)


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", hub_section(), re.MULTILINE | re.DOTALL)


def test_the_hubs_settings_are_those_of_the_walk_in_a_hub(root):
    folder = root / "tests" / "hub" / "jupyter"
    (config,) = blocks("python")
    (left_out,) = blocks("json")

    ours = (folder / "nbgrader_config.py").read_text().replace("  # noqa: F821", "")
    assert ours.endswith(config)
    assert json.loads((folder / "labconfig" / "page_config.json").read_text()) == json.loads(
        left_out
    )


def test_what_a_teacher_types_on_a_hub_is_what_the_walk_types(root):
    walk = (root / "tests" / "hub" / "test_hub.py").read_text().replace("{CHAPTER}", "04_softmax")
    typed = "".join(blocks("bash")[:2]).splitlines()

    assert len(typed) == 4
    assert [line for line in typed if f'"{line}"' not in walk] == []


def test_the_hub_gets_the_nbgrader_that_the_course_pins():
    assert " -c constraints.txt nbgrader\n" in hub_section()

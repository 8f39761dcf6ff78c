"""What is published is what a class may see: no answer, no hidden test, no marker of one."""

import json
import shutil
import subprocess
import sys

import pytest

from autograder import cli, paths
from autograder.classroom import publish
from autograder.classroom.publish import LeakError, find_leaks
from autograder.classroom.publish import publish as run_publish
from autograder.course.cells import reference_answers
from autograder.course.notebooks import derive
from autograder.errors import UsageError
from autograder.paths import chapter_sources


@pytest.fixture
def course(root, tmp_path, monkeypatch):
    """A small copy of the course, with a built page of one chapter."""
    here = tmp_path / "course"
    (here / "book").mkdir(parents=True)
    needed = ("requirements.txt", "constraints.txt")
    for name in ("_config.yml", "LICENSE", "LICENSE-TEXT", *needed):
        shutil.copy(root / name, here)
    shutil.copytree(root / ".binder", here / ".binder")
    for source in chapter_sources()[3:6]:
        for path, content in derive(source).items():
            (here / path.parent.name).mkdir(exist_ok=True)
            (here / path.parent.name / path.name).write_bytes(content)
    (here / "_build" / "html").mkdir(parents=True)
    (here / "_build" / "html" / "index.html").write_text("<h1>Apple in Context</h1>")
    (here / "book" / "data").mkdir()
    (here / "book" / "data" / "numbers.npz").write_bytes(b"numbers")
    (here / "book" / "data" / "make.py").write_text("# not for learners")
    (here / "secret.txt").write_text("not yours")
    monkeypatch.chdir(here)
    for cached in (paths.project_root, paths.site_config):
        cached.cache_clear()
    yield here
    monkeypatch.undo()
    for cached in (paths.project_root, paths.site_config):
        cached.cache_clear()


def names(folder):
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_the_learners_files_are_published_and_nothing_else(course, tmp_path):
    run_publish(tmp_path / "public")
    published = names(tmp_path / "public")

    assert {name.split("/")[0] for name in published} == {
        *("notebooks", "docs", ".binder", "requirements.txt"),
        *("LICENSE", "LICENSE-TEXT", "README.md", ".published"),
    }
    assert len([name for name in published if name.endswith(".ipynb")]) == 3
    assert {name for name in published if "data" in name} == {"notebooks/data/numbers.npz"}


def test_the_requirements_stand_alone_with_the_courses_own_versions(course, tmp_path):
    """A class repository has neither the package nor the lock file."""
    run_publish(tmp_path / "public")
    lines = (tmp_path / "public" / "requirements.txt").read_text().splitlines()
    locked = (course / "constraints.txt").read_text().splitlines()

    pins = [line for line in lines if not line.startswith(("#", "--extra-index-url https://"))]
    assert [pin for pin in pins if pin not in locked] == []
    names = {pin.split("==")[0] for pin in pins}
    assert names == {"numpy", "torch", "matplotlib", "jupyterlab", "ipykernel"}
    image = (tmp_path / "public" / ".binder" / "requirements.txt").read_text()
    assert image == "-r ../requirements.txt\n"


def test_no_answer_no_hidden_test_and_no_marker_is_in_what_is_published(course, tmp_path):
    run_publish(tmp_path / "public")
    text = "".join(
        "".join(cell["source"]) + "\n"
        for path in (tmp_path / "public" / "notebooks").glob("*.ipynb")
        for cell in json.loads(path.read_text())["cells"]
    )
    text += (tmp_path / "public" / "docs" / "index.html").read_text()

    assert "YOUR CODE HERE" in text
    assert "BEGIN SOLUTION" not in text
    assert "HIDDEN TESTS" not in text
    import nbformat

    for path in (course / "solutions").glob("*.ipynb"):
        for answer in reference_answers(nbformat.read(path, as_version=4)).values():
            body = answer.split("### BEGIN SOLUTION\n")[1].split("\n    ### END")[0]
            assert body not in text


def test_the_whole_course_gives_nothing_away(root):
    """Every learner's notebook that is committed."""
    assert list(find_leaks(root / "notebooks")) == []


def answer_of(course):
    """A page with an answer in it, coloured as Sphinx does."""
    notebook = json.loads((course / "solutions" / "04_softmax.ipynb").read_text())
    source = next(
        "".join(c["source"]) for c in notebook["cells"] if "BEGIN SOLUTION" in "".join(c["source"])
    )
    body = source.split("### BEGIN SOLUTION\n")[1].split("### END")[0]
    return body.replace("&", "&amp;").replace("<", "&lt;").replace(" ", "<span> </span>")


@pytest.mark.parametrize(
    "leak",
    [
        lambda course: ("_build/html/page.html", f"<pre>{answer_of(course)}</pre>"),
        lambda course: ("_build/html/page.html", "<b>### BEGIN</b> SOLUTION"),
        lambda course: (
            "_build/html/_sources/x.ipynb",
            (course / "solutions" / "04_softmax.ipynb").read_text(),
        ),
        lambda course: (
            "notebooks/99_new.ipynb",
            (course / "solutions" / "05_first_attention.ipynb").read_text(),
        ),
    ],
    ids=["answer in a page", "marker", "teacher's notebook in the site", "among the learners'"],
)
def test_one_leak_and_nothing_is_published(course, tmp_path, leak):
    name, content = leak(course)
    (course / name).parent.mkdir(exist_ok=True)
    (course / name).write_text(content)

    with pytest.raises(LeakError, match="nothing was published"):
        run_publish(tmp_path / "public")
    assert not (tmp_path / "public").exists()


def test_a_folder_that_it_did_not_make_is_refused(course, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("x")

    with pytest.raises(UsageError, match=r"did not make \(thesis.tex\)"):
        run_publish(tmp_path / "mine")
    assert names(tmp_path / "mine") == {"thesis.tex"}
    with pytest.raises(UsageError, match="is a file"):
        run_publish(course / "secret.txt")


def test_publishing_again_renews_and_leaves_git_alone(course, tmp_path):
    folder = tmp_path / "public"
    run_publish(folder)
    subprocess.run(["git", "init", "-q", folder], check=True)
    before = names(folder)
    (course / "notebooks" / "04_softmax.ipynb").unlink()
    shutil.rmtree(course / "_build")
    run_publish(folder)

    gone = before - names(folder)
    assert gone == {"notebooks/04_softmax.ipynb", "docs/index.html", "docs/.nojekyll"}
    assert not (folder / "docs").exists()
    assert (folder / ".git" / "HEAD").is_file()


def test_a_manifest_cannot_lead_out_of_the_folder(course, tmp_path):
    folder = tmp_path / "public"
    run_publish(folder)
    (tmp_path / "precious").write_text("x")
    with (folder / publish.MANIFEST).open("a") as file:
        file.write("../precious\n")
    run_publish(folder)

    assert (tmp_path / "precious").exists()


def test_the_readme_points_to_the_courses_own_addresses(course, tmp_path):
    run_publish(tmp_path / "public")
    text = (tmp_path / "public" / "README.md").read_text()

    assert paths.site_address() in text
    assert "/notebooks)" in text


def test_the_command_says_what_it_wrote(course, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["autograder", "publish", str(tmp_path / "public")])
    with pytest.raises(SystemExit) as stop:
        cli.main()

    assert stop.value.code == 0
    assert "3 notebooks" in capsys.readouterr().out

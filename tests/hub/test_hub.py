"""nbgrader's exchange in a real JupyterHub: a teacher and two learners, each in a browser.

Each is an account of its own, on a machine of its own (machine.py). Pictures of what the learners
saw are kept in `_build/screenshots/hub`.
"""

import shutil

import pytest
from machine import EXCHANGE, running_hub
from playwright.sync_api import expect, sync_playwright
from session import PATIENCE, log_in

from autograder.grading.corpus import stored_answers
from autograder.paths import project_root

pytestmark = pytest.mark.heavy

CHAPTER, COURSE = "04_softmax", "apple_in_context"
NOTEBOOK = f"{COURSE}/{CHAPTER}/{CHAPTER}.ipynb"
INBOUND = f"{EXCHANGE}/{COURSE}/inbound"
SHOTS = project_root() / "_build" / "screenshots" / "hub"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
ANSWERS = {
    "ada": stored_answers("right", "softmax")["matrix_form"],
    "ben": stored_answers("wrong", "softmax")["axis_ignored"],
}
NOTEBOOK_SAYS = {
    "ada": "✓ softmax_good_manners",
    "ben": "Does every `max` and every `sum` get `axis=axis`?",
}
FEEDBACK_SAYS = {
    "ada": "8 of 8 points",
    "ben": "The shares always sum to 1 along the last axis",
}
PAIRS = [("ada", "ben"), ("ben", "ada")]

assert CHROMIUM, "no chromium: run `make browser-program`"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with running_hub(tmp_path_factory.mktemp("hub")) as hub:
        yield hub


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def teacher(hub, browser):
    """A teacher who has made a class and released a chapter to it."""
    teacher = log_in(browser, hub, "teacher")
    teacher.run(f"autograder release {CHAPTER}")
    teacher.run(f"cd class && nbgrader release_assignment {CHAPTER}")
    return teacher


@pytest.fixture(scope="module")
def learners(teacher, hub, browser):
    """Two learners who fetched the chapter, did their best, and submitted."""
    learners = {name: log_in(browser, hub, name) for name in ANSWERS}
    for learner in learners.values():
        fetch(learner)
        solve(learner)
        submit(learner)
    return learners


def fetch(learner):
    learner.menu("Nbgrader", "Assignment List")
    part(learner, "released").get_by_role("button", name="Fetch").click()
    expect(part(learner, "fetched")).to_contain_text(CHAPTER, timeout=PATIENCE)
    learner.page.screenshot(path=SHOTS / f"{learner.name}_fetched.png")


def solve(learner):
    """Open the notebook from the list, fill the answer cell, run all cells, save."""
    page, answer = learner.page, ANSWERS[learner.name]
    part(learner, "fetched").get_by_text(CHAPTER, exact=True).first.click()
    part(learner, "fetched").get_by_role("link", name=CHAPTER).last.click()
    cell = page.locator(".jp-CodeCell", has_text="# exercise: softmax")
    cell.locator(".cm-content").fill(answer)
    idle = page.get_by_role("button", name="Python 3 (ipykernel) | Idle")
    expect(idle).to_be_visible(timeout=PATIENCE)
    learner.menu("Run", "Run All Cells")
    outputs = page.locator(".jp-OutputArea-output", has_text=NOTEBOOK_SAYS[learner.name])
    expect(outputs.first).to_be_visible(timeout=PATIENCE)
    page.screenshot(path=SHOTS / f"{learner.name}_solved.png")
    learner.menu("File", "Save Notebook")
    assert answer in learner.run(f"jupyter nbconvert --to script --stdout {NOTEBOOK}")


def submit(learner):
    learner.page.get_by_role("tab", name="Assignments").click()
    part(learner, "fetched").get_by_role("button", name="Submit").click()
    expect(part(learner, "submitted")).to_contain_text(CHAPTER, timeout=PATIENCE)
    learner.page.screenshot(path=SHOTS / f"{learner.name}_submitted.png")


def part(learner, name):
    """A part of nbgrader's Assignment List: released, fetched or submitted."""
    return learner.page.locator(f"#{name}_assignments_list")


def read_feedback(learner):
    """Fetch it in the list, follow the link there, open the page; what it says."""
    page = learner.page
    page.locator("#refresh_assignments_list").click()
    part(learner, "submitted").get_by_role("button", name="Fetch Feedback").click()
    part(learner, "submitted").get_by_text("(view feedback)").click()
    page.screenshot(path=SHOTS / f"{learner.name}_fetched_feedback.png")
    page.locator(".jp-DirListing-item", has_text=f"{CHAPTER}.html").dblclick()
    body = page.frame_locator("iframe.jp-HTMLViewer, .jp-HTMLViewer iframe").locator("body")
    expect(body).to_contain_text(FEEDBACK_SAYS[learner.name])
    page.screenshot(path=SHOTS / f"{learner.name}_feedback.png")
    return body.inner_text()


def test_each_learner_reads_what_is_said_of_their_own_work(teacher, learners):
    said = teacher.run(f"cd class && nbgrader collect {CHAPTER} --update")
    assert "Processing 2 submissions" in said
    teacher.run("autograder grade && autograder feedback")
    teacher.run(f"cd class && nbgrader release_feedback {CHAPTER}")

    said = {name: read_feedback(learner) for name, learner in learners.items()}

    assert FEEDBACK_SAYS["ben"] not in said["ada"]
    assert "6 of 8 points" in said["ben"]
    isolation = "grep -ho 'bubblewrap, own uid [0-9]*' -r class/.autograder/results"
    assert teacher.run(isolation).split("\n")[:2] == ["bubblewrap, own uid 60001"] * 2


@pytest.mark.parametrize(("curious", "other"), PAIRS)
def test_the_hub_shows_a_learner_no_server_but_their_own(learners, curious, other):
    page = learners[curious].page.context.new_page()
    for path in (f"files/{NOTEBOOK}", "api/contents", "api/kernels", "api/terminals", "lab"):
        answer = page.goto(f"{learners[other].home}{path}")
        assert answer.status in (403, 404), (path, answer.status, page.url)
        assert "softmax" not in page.content()
    page.screenshot(path=SHOTS / f"{curious}_refused.png")
    page.close()


@pytest.mark.parametrize(("curious", "other"), PAIRS)
def test_the_others_server_answers_nobody_past_the_hub(learners, curious, other):
    address = learners[other].run("echo $JUPYTERHUB_SERVICE_URL").strip()
    ask = f"curl -s -o /dev/null -w '%{{http_code}}' {address}api/contents"

    assert learners[other].run(f'{ask} -H "Authorization: token $JUPYTERHUB_API_TOKEN"') == "200"
    assert learners[curious].run(ask) == "403"
    mine = f'{ask} -H "Authorization: token $JUPYTERHUB_API_TOKEN"'
    assert learners[curious].run(mine) == "403"


@pytest.mark.parametrize(("curious", "other"), PAIRS)
@pytest.mark.parametrize(
    "line",
    [
        "ls /home/{other}",
        "cat /home/{other}/{notebook}",
        "cp {notebook} /home/{other}/{notebook}",
        "cat /proc/$(pgrep -u {other} -f jupyterhub-singleuser | head -1)/environ",
        "kill $(pgrep -u {other} -f jupyterhub-singleuser | head -1)",
        "ls {inbound}",
        "ls {inbound}/../feedback",
        "touch {inbound}/../outbound/04_softmax/04_softmax.ipynb",
        "ls /home/teacher",
        "ls /home/teacher/class/source",
        "cat /home/teacher/course/autograder/exercises/softmax/right.py",
        "ls /srv",
    ],
)
def test_a_terminal_reaches_nothing_of_anybody_else(learners, curious, other, line):
    places = {"other": other, "notebook": NOTEBOOK, "inbound": INBOUND}

    code, said = learners[curious].type(line.format(**places))

    assert code != 0
    assert "ermi" in said, said  # "Permission denied", or "Operation not permitted"


@pytest.mark.parametrize(("curious", "other"), PAIRS)
def test_a_name_in_the_exchange_cannot_be_guessed(teacher, learners, curious, other):
    pattern = f"cat {INBOUND}/{other}+{CHAPTER}+*/*.ipynb"

    assert "# exercise: softmax" in teacher.run(pattern)
    code, said = learners[curious].type(pattern)
    assert code != 0 and "No such file" in said


def test_the_answers_are_not_installed_where_learners_work(learners):
    code, said = learners["ada"].type("python -c 'import autograder'")

    assert code == 1 and "No module named 'autograder'" in said


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_session_stays_below_the_limit_that_the_guide_sets(learners, name):
    total = "awk '/^Rss:/ {sum += $2} END {print sum}'"
    kilobytes = int(learners[name].run(f"cat /proc/[0-9]*/smaps_rollup 2>/dev/null | {total}"))

    assert 200_000 < kilobytes < 700_000  # the limit is 1 GB


def test_nobody_hands_in_for_somebody_else(teacher, learners):
    forged = f"{INBOUND}/ada+{CHAPTER}+2030-01-01 00:00:00 UTC+ben"
    learners["ben"].run(f"mkdir '{forged}' && cp {NOTEBOOK} '{forged}'")

    into = "--CourseDirectory.submitted_directory=forged"
    said = teacher.run(f"cd class && nbgrader collect {CHAPTER} {into}")

    assert "its owner is ben" in " ".join(said.split())
    theirs = f"sha256sum < /home/ada/{NOTEBOOK}"
    collected = teacher.run(f"sha256sum < class/forged/ada/{CHAPTER}/{CHAPTER}.ipynb")
    assert collected == learners["ada"].run(theirs)
    learners["ben"].run(f"rm -r '{forged}'")


def test_a_link_to_the_teachers_answers_is_not_followed(teacher, learners):
    mine = f"{INBOUND}/ben+{CHAPTER}+2030-01-01 00:00:00 UTC+ben"
    source = f"/home/teacher/class/source/{CHAPTER}/{CHAPTER}.ipynb"
    learners["ben"].run(f"mkdir '{mine}' && ln -s {source} '{mine}/{CHAPTER}.ipynb'")

    into = "--CourseDirectory.submitted_directory=linked"
    teacher.run(f"cd class && nbgrader collect {CHAPTER} {into}")

    assert teacher.run(f"test -f {source} && ls class/linked/ben/{CHAPTER}").split() in (
        ["timestamp.txt"],
        [f"{CHAPTER}.ipynb", "submission_secret.txt", "timestamp.txt"],
    )
    assert "### BEGIN HIDDEN TESTS" not in teacher.run("cat class/linked/ben/*/*")
    learners["ben"].run(f"rm -r '{mine}'")

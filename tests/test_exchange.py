"""nbgrader's exchange, by its own classes and our settings: out, back, graded, given back.

The same walk in a JupyterHub, with browsers and an account for each: tests/hub.
"""

import getpass
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_class import CHAPTER, grade, reference, running, submit, wrong

from autograder.classroom.folder import Classroom
from autograder.classroom.grader import Grader
from autograder.classroom.received import read_received
from autograder.reports.feedback import write_feedback

HUB = Path(__file__).parent / "hub"
ME = getpass.getuser()
COURSE = "apple_in_context"


@pytest.fixture
def places(classroom, tmp_path):
    """A class whose exchange is a folder of this test, and a learner's empty home."""
    exchange, home = tmp_path / "exchange", tmp_path / "home"
    exchange.mkdir()
    exchange.chmod(0o777)
    home.mkdir()
    settings = classroom.settings_file.read_text()
    classroom.settings_file.write_text(f'exchange = "{exchange}"\n{settings}')
    return Classroom.open(classroom.folder), exchange, home


def config_of(folder: Path, **exchange: object):
    """What stock commands read in a folder, and what a command line would add."""
    from traitlets.config import Config, PyFileConfigLoader

    config = Config(PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config())
    config.CourseDirectory.assignment_id = CHAPTER
    config.Exchange.merge(exchange)
    return config


def step(verb: str, config):
    """A command of nbgrader's exchange with these settings, ready to start."""
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeFactory

    chosen = getattr(ExchangeFactory(config=config), verb)
    parts = {"coursedir": CourseDirectory(config=config), "config": config}
    return chosen(authenticator=Authenticator(config=config), **parts)


def hand_in(exchange: Path, content: bytes, student=ME, time="2026-10-05 12:00:00 UTC") -> Path:
    """What `nbgrader submit` leaves in the exchange."""
    folder = exchange / COURSE / "inbound" / f"{student}+{CHAPTER}+{time}+rand"
    folder.mkdir(parents=True)
    (folder / f"{CHAPTER}.ipynb").write_bytes(content)
    (folder / "timestamp.txt").write_text(time)
    (folder / "submission_secret.txt").write_text("0a" * 64)
    return folder


def test_a_chapter_goes_out_comes_back_and_its_feedback_reaches_its_author(places, engine):
    classroom, exchange, home = places
    teacher = config_of(classroom.folder)
    learner = config_of(
        HUB / "jupyter", root=str(exchange), assignment_dir=str(home), cache=str(home / ".cache")
    )

    step("ReleaseAssignment", teacher).start()
    step("FetchAssignment", learner).start()
    mine = home / COURSE / CHAPTER / f"{CHAPTER}.ipynb"
    assert mine.read_bytes() == classroom.notebook("release", CHAPTER).read_bytes()
    mine.write_bytes(wrong(classroom, "axis_ignored"))
    step("Submit", learner).start()
    step("Collect", teacher).start()
    grade(Grader(classroom, engine.limits, lambda: running(engine)))
    write_feedback(classroom, [CHAPTER], [])
    step("ReleaseFeedback", teacher).start()
    step("FetchFeedback", learner).start()

    (page,) = home.glob(f"{COURSE}/{CHAPTER}/feedback/*/{CHAPTER}.html")
    text = page.read_text()
    assert "The shares always sum to 1 along the last axis, whatever" in text
    # whoever does not know a secret cannot even list what was given back
    assert (exchange / COURSE / "feedback").stat().st_mode & 0o777 == 0o711


def test_who_handed_in_by_another_way_does_not_stop_the_others_feedback(places, engine):
    classroom, exchange, _ = places
    hand_in(exchange, wrong(classroom, "axis_ignored"))
    submit(classroom, "ada", reference(classroom))

    teacher = config_of(classroom.folder)
    step("Collect", teacher).start()
    grade(Grader(classroom, engine.limits, lambda: running(engine)))
    write_feedback(classroom, [CHAPTER], [])
    step("ReleaseFeedback", teacher).start()

    given = [page.read_text() for page in (exchange / COURSE / "feedback").iterdir()]
    assert len(given) == 1 and "along the last axis" in given[0]


def test_the_disk_says_when_a_hand_in_came_not_its_name(places):
    classroom, exchange, _ = places
    hand_in(exchange, reference(classroom), time="2001-01-01 12:00:00 UTC")

    step("Collect", config_of(classroom.folder)).start()

    record = read_received(classroom)[CHAPTER][ME]
    came = datetime.fromisoformat(record.time)
    assert timedelta(0) <= datetime.now(UTC) - came < timedelta(minutes=5)
    stamp = classroom.notebook("submitted", CHAPTER, ME).with_name("timestamp.txt")
    assert stamp.read_text() == f"{record.timestamp} UTC\n"


def test_a_newer_hand_in_replaces_an_older_one_only_when_asked(places):
    classroom, exchange, _ = places
    collected = classroom.notebook("submitted", CHAPTER, ME)
    hand_in(exchange, b"older", time="2026-10-05 12:00:00 UTC")
    step("Collect", config_of(classroom.folder)).start()
    hand_in(exchange, b"newer", time="2026-10-04 12:00:00 UTC")

    step("Collect", config_of(classroom.folder)).start()
    assert collected.read_bytes() == b"older"
    teacher = config_of(classroom.folder)
    teacher.ExchangeCollect.update = True
    step("Collect", teacher).start()
    assert collected.read_bytes() == b"newer"


def test_work_in_the_name_of_somebody_else_is_not_collected(places):
    classroom, exchange, _ = places
    hand_in(exchange, reference(classroom), student="ada")
    hand_in(exchange, reference(classroom))

    step("Collect", config_of(classroom.folder)).start()

    assert classroom.students(CHAPTER) == [ME]
    assert list(read_received(classroom)[CHAPTER]) == [ME]


def test_a_link_to_the_teachers_own_files_brings_nothing(places):
    classroom, exchange, _ = places
    folder = hand_in(exchange, b"")
    (folder / f"{CHAPTER}.ipynb").unlink()
    (folder / f"{CHAPTER}.ipynb").symlink_to(classroom.notebook("source", CHAPTER))
    (folder / "more.ipynb").symlink_to(classroom.settings_file)
    os.mkfifo(folder / "pipe.ipynb")

    step("Collect", config_of(classroom.folder)).start()

    collected = classroom.notebook("submitted", CHAPTER, ME).parent
    assert sorted(p.name for p in collected.iterdir()) == ["submission_secret.txt", "timestamp.txt"]


@pytest.mark.parametrize(
    "name", [f"ada+{CHAPTER}+tomorrow+x", f"ada+{CHAPTER}+2026-13-45 99:99:99 UTC+x", "..+{}++"]
)
def test_a_name_that_cannot_be_read_stops_nobody_else(places, name):
    classroom, exchange, _ = places
    hand_in(exchange, reference(classroom))
    odd = exchange / COURSE / "inbound" / name.format(CHAPTER)
    odd.mkdir()
    (odd.with_name(f"{ME}+{CHAPTER}+2027-01-01 12:00:00 UTC+x")).write_text("a file, no folder")

    step("Collect", config_of(classroom.folder)).start()

    assert classroom.students(CHAPTER) == [ME]
    assert classroom.notebook("submitted", CHAPTER, ME).read_bytes() == reference(classroom)


def test_a_hand_in_above_the_limit_is_left_out(places):
    classroom, exchange, _ = places
    hand_in(exchange, reference(classroom) + b" " * 2000)
    teacher = config_of(classroom.folder)
    teacher.CourseDirectory.max_file_size = 1

    step("Collect", teacher).start()

    assert not classroom.notebook("submitted", CHAPTER, ME).exists()


@pytest.mark.parametrize("secret", [b"", b"../../etc/passwd", b"\xff\xfe", b"0a" * 500_000])
def test_a_secret_that_nbgrader_did_not_write_is_left_out(places, secret):
    classroom, exchange, _ = places
    folder = hand_in(exchange, reference(classroom))
    (folder / "submission_secret.txt").write_bytes(secret)

    step("Collect", config_of(classroom.folder)).start()

    collected = classroom.notebook("submitted", CHAPTER, ME)
    assert collected.is_file()
    assert not collected.with_name("submission_secret.txt").exists()

"""On a cluster of this machine's own: the same scores, whoever is lost on the way."""

import os
import signal

import pytest
from small_class import CHAPTER, grade, hand_in_all_kinds, reference, rows, submit
from test_grading import run

from autograder import extras
from autograder.classroom.grader import Grader
from autograder.classroom.settings import limits_of
from autograder.errors import MachineError, UsageError
from autograder.grading import cluster
from autograder.grading.cluster import Cluster, Rooms, fingerprint, refuse_open_road


def scores(results):
    return {
        result.student: (result.outcome, [(test.grade_id, test.score) for test in result.tests])
        for result in results
    }


class Losing(Cluster):
    """A cluster that loses a worker, and its rooms with it, when the second result is there."""

    lost = None

    def grade(self, tasks):
        """As Cluster.grade."""
        for number, done in enumerate(super().grade(tasks)):
            if number == 1:
                workers = self._client.run(os.getpid)
                self.lost = min(workers.values())
                os.kill(self.lost, signal.SIGKILL)
            yield done


def test_a_lost_worker_costs_no_submission_and_blames_no_learner(classroom, grader):
    hand_in_all_kinds(classroom)
    for number in range(8):
        submit(classroom, f"more{number}", reference(classroom))
    alone = scores(grade(grader).values())
    limits = limits_of(classroom)
    losing = Losing("local", workers=2, limits=limits, seed=classroom.seed)
    elsewhere = Grader(classroom, limits, lambda: losing)

    assert scores(elsewhere.grade(elsewhere.jobs([CHAPTER], [], again=True))) == alone
    assert losing.lost is not None
    with pytest.raises(ProcessLookupError):
        os.kill(losing.lost, 0)


def test_the_command_grades_on_a_cluster_that_it_starts(classroom, grader, monkeypatch):
    hand_in_all_kinds(classroom)
    options = ["--dask", "local", "--workers", "1", "--class", classroom.folder]

    assert run(monkeypatch, "grade", *options) == 1  # hal's broken file
    assert len(rows(classroom)) == 7 * 5
    assert grader.ledger.get(CHAPTER, "cleo").score == 6
    assert grader.ledger.get(CHAPTER, "cleo").isolation.startswith("bubblewrap")


@pytest.mark.parametrize("address", ["tcp://grader.example:8786", "grader.example:8786"])
def test_an_open_connection_to_another_machine_is_refused(address):
    with pytest.raises(UsageError, match="not sealed"):
        refuse_open_road(address)


@pytest.mark.parametrize("address", ["tls://grader.example:8786", "tcp://127.0.0.1:8786"])
def test_a_sealed_connection_or_this_machine_is_taken(address):
    refuse_open_road(address)


def test_without_dask_the_command_says_what_to_install(classroom, monkeypatch, capsys):
    def find_spec(name):
        return None if name == "distributed" else real(name)

    real = extras.find_spec
    submit(classroom, "ada", reference(classroom))
    monkeypatch.setattr(extras, "find_spec", find_spec)

    assert run(monkeypatch, "grade", "--dask", "local", "--class", classroom.folder) == 2
    assert "apple-in-context[cluster]" in " ".join(capsys.readouterr().err.split())


def test_a_scheduler_that_does_not_answer_is_said_in_words(classroom, monkeypatch, capsys):
    submit(classroom, "ada", reference(classroom))
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    address = "tcp://127.0.0.1:9"  # the port of `discard`, where nobody listens

    assert run(monkeypatch, "grade", "--dask", address, "--class", classroom.folder) == 3
    assert f"no scheduler answers at {address}" in " ".join(capsys.readouterr().err.split())


def test_a_worker_with_other_programs_refuses_to_grade():
    settings = {"fingerprint": fingerprint() | {"autograder": "another"}, "engine": {}}
    rooms = Rooms(settings)
    rooms._start()

    class Finished:
        status = "finished"

        def result(self):
            return rooms.run(b"{}", b"[]")

    with pytest.raises(MachineError, match="a worker cannot grade: it has"):
        cluster._outcome(Finished(), release=None)

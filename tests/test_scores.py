"""The scores that `grade` and `demo` print can be read on a terminal of 80 columns."""

import io

from rich.console import Console

from autograder.paths import chapter_sources
from autograder.reports.scores import MANY, score_lines
from autograder.results import Result
from autograder.results import TestResult as OneTest

CHAPTERS = [source.stem for source in chapter_sources()]


def printed(results, says=None):
    console = Console(file=io.StringIO(), width=80)
    for line in score_lines(results, says):
        console.print(line)
    return console.file.getvalue()


def result(student, chapter, score, outcome="graded"):
    test = OneTest("softmax_values", "softmax", points=13.0, score=score)
    return Result(student, chapter, outcome, max_score=13.0, tests=[test])


def test_a_learners_score_in_every_chapter_stands_in_one_line():
    results = [result("cleo", chapter, 12.0) for chapter in CHAPTERS]
    text = printed([*results, result("gil", CHAPTERS[0], 0.0, "no_response")])

    line = next(line for line in text.splitlines() if line.startswith("cleo"))
    assert line.split() == ["cleo", *["12"] * len(CHAPTERS), str(12 * len(CHAPTERS))]
    assert "0·" in text and "· nothing was answered" in text
    assert "not a notebook" not in text, "a sign that is not there is not explained"


def test_a_remark_stands_beside_each_learner():
    assert "ada   knows every answer" in printed(
        [result("ada", CHAPTERS[0], 1.0)], {"ada": "knows every answer"}
    )


def test_a_large_class_is_summed_up_by_chapter():
    results = [result(f"learner{n}", CHAPTERS[0], float(n % 3)) for n in range(MANY)]
    odd = result("one_more", CHAPTERS[0], 0.0, "invalid_submission")
    assert "learner7" in printed(results)
    text = printed([*results, odd])
    assert "learner7" not in text
    assert f"{MANY} graded, 1 invalid_submission" in text

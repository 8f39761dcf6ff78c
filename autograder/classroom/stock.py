"""Grade with nbgrader's own executor and rules, unsealed: `grade --compat stock`, to compare."""

import logging
import os
from collections.abc import Iterator
from typing import Any

from autograder.classroom.folder import Classroom, use_own_programs
from autograder.classroom.gradebook import open_gradebook, stored_scores
from autograder.classroom.releases import Shelf
from autograder.classroom.releasing import nbgrader_api
from autograder.grading.release import Release
from autograder.results import Result

STOCK_ISOLATION = "NONE: nbgrader's own executor, with your rights"


def grade_stock(classroom: Classroom, chapters: list[str], students: list[str]) -> Iterator[Result]:
    """Grade every submission again, one after the other; scores go to the gradebook at once."""
    use_own_programs()
    os.environ["AUTOGRADER_SEED"] = str(classroom.seed)
    api = nbgrader_api(classroom)
    api.log.setLevel(logging.CRITICAL)
    for chapter in chapters:
        release = Shelf(classroom, chapter).current
        for student in classroom.students(chapter):
            if not students or student in students:
                done = api.autograde(chapter, student, force=True, create=True)
                result = _result(classroom, release, student, done)
                result.student, result.chapter = student, chapter
                yield result


def _result(classroom: Classroom, release: Release, student: str, done: dict[str, Any]) -> Result:
    if not done["success"]:
        reason = f"nbgrader could not grade it: {str(done.get('error') or done.get('log'))[-300:]}"
        return release.result("invalid_submission", reason)
    result = release.result("graded", isolation=STOCK_ISOLATION)
    with open_gradebook(classroom) as gradebook:
        scores = stored_scores(gradebook, {release.chapter})[student, release.chapter]
    for test in result.tests:
        test.score = scores[test.grade_id] or 0.0
        test.status = "ok" if test.passed else "error"
    return result

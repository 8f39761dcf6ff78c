"""Grade with nbgrader's own executor and rules, unsealed: `grade --compat stock`, to compare."""

import logging
import os
from collections.abc import Iterator

from autograder.classroom.folder import Classroom, use_own_programs
from autograder.classroom.gradebook import open_gradebook, stored_scores
from autograder.classroom.release import nbgrader_api
from autograder.grading.grader import Assignment
from autograder.grading.results import Result

STOCK_ISOLATION = "NONE: nbgrader's own executor, with your rights"


def grade_stock(classroom: Classroom, chapters: list[str], students: list[str]) -> Iterator[Result]:
    """Grade every submission again, one after the other; scores go to the gradebook at once."""
    use_own_programs()
    os.environ["AUTOGRADER_SEED"] = str(classroom.seed)
    api = nbgrader_api(classroom)
    api.log.setLevel(logging.CRITICAL)
    for chapter in chapters:
        assignment = Assignment(classroom, chapter)
        for student in classroom.students(chapter):
            if not students or student in students:
                done = api.autograde(chapter, student, force=True, create=True)
                yield _result(classroom, assignment, student, done)


def _result(classroom: Classroom, assignment: Assignment, student: str, done: dict) -> Result:
    if not done["success"]:
        reason = f"nbgrader could not grade it: {str(done.get('error') or done.get('log'))[-300:]}"
        return assignment.result(student, "invalid_submission", reason)
    result = assignment.result(student, "graded", isolation=STOCK_ISOLATION)
    with open_gradebook(classroom) as gradebook:
        scores = stored_scores(gradebook, {assignment.chapter})[student, assignment.chapter]
    for test in result.tests:
        test.score = scores[test.grade_id] or 0.0
        test.status = "ok" if test.score == test.points else "error"
    return result

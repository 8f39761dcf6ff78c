"""The marks of a class, as the gradebook holds them: with overrides, with penalties."""

from dataclasses import dataclass

from autograder.classroom.folder import Classroom
from autograder.classroom.gradebook import open_gradebook, stored_scores


@dataclass(frozen=True)
class Mark:
    """What a learner has of how much."""

    score: float
    maximum: float


def read_marks(classroom: Classroom, chapters: list[str]) -> tuple[dict[str, Mark], float]:
    """Each learner's mark over these chapters together, and the most that can be had.

    Who has handed in some of them has 0 for the others; who has handed in nothing has no mark.
    """
    marks: dict[str, Mark] = {}
    with open_gradebook(classroom) as gradebook:
        graded = stored_scores(gradebook, set(chapters))
        assignments = [gradebook.find_assignment(chapter) for chapter in chapters]
        maximum = float(sum(assignment.max_score for assignment in assignments))
        for assignment in assignments:
            for submission in assignment.submissions:
                if not _is_graded(graded.get((submission.student_id, assignment.name), {})):
                    continue
                score = max(0.0, submission.score - submission.late_submission_penalty)
                before = marks.get(submission.student_id, Mark(0.0, maximum))
                marks[submission.student_id] = Mark(before.score + score, maximum)
    return marks, maximum


def _is_graded(scores: dict[str, float | None]) -> bool:
    return any(score is not None for score in scores.values())

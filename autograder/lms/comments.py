"""What there is to say on a learner's chapters, as a comment in a learning platform."""

from autograder.classroom.folder import Classroom
from autograder.classroom.ledger import Ledger
from autograder.grading.words import as_comment


def read_comments(classroom: Classroom, chapters: list[str]) -> dict[str, str]:
    """learner -> what there is to say on these chapters, as HTML."""
    words: dict[str, str] = {}
    for chapter in chapters:
        for result in Ledger(classroom).results(chapter):
            if not result.is_fault:
                words[result.student] = words.get(result.student, "") + as_comment(result)
    return words

"""A visible assert, `autograder check` and the feedback speak of a mistake in the same words.

A message may say what is expected of its own example, with the example's numbers. Every other
message names a mistake, and then the words are those of the diagnosis.
"""

import ast
import re

import pytest

from autograder.course.cells import is_test
from autograder.course.notebooks import learner_notebook
from autograder.course.source import read_chapter
from autograder.exercises import exercise_names, load_answers, load_exercise
from autograder.grading.score import blank_tests
from autograder.kit import call
from autograder.kit.compare import Returned, describe, inputs_untouched
from autograder.kit.exercise import title_and_hint as words_of
from autograder.paths import chapter_sources

OF_ITS_EXAMPLE = re.compile(r"\d|\{|[Ee]xpected|should|asked for")
CHANGED = inputs_untouched(None, call([1.0]), Returned(None, ([2.0],), {})).sentence


def visible_asserts():
    """(exercise, message with {…} for its values) of every visible assert."""
    for source in chapter_sources():
        teacher = read_chapter(source)
        exercise_of = {test.grade_id: test.exercise for test in blank_tests(teacher)}
        for cell in filter(is_test, learner_notebook(teacher).cells):
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Assert):
                    yield exercise_of[cell.metadata.nbgrader.grade_id], text_of(node.msg)


def text_of(message):
    parts = message.values if isinstance(message, ast.JoinedStr) else [message]
    return "".join(part.value if isinstance(part, ast.Constant) else "{…}" for part in parts)


def words_of_diagnosis(exercise):
    """All that the diagnosis of an exercise may say: titles, hints, and sentences for all."""
    properties = [one.make_cases for one in load_exercise(exercise).properties.values()]
    mistakes = load_answers("wrong", exercise).values()
    stored = [words for function in [*properties, *mistakes] for words in words_of(function)]
    return [words.lower() for words in [*stored, CHANGED, describe(None)]]


ASSERTS = list(visible_asserts())


@pytest.mark.parametrize("exercise", exercise_names())
def test_an_assert_that_names_a_mistake_does_so_in_the_words_of_diagnosis(exercise):
    messages = [message for name, message in ASSERTS if name == exercise]
    stored = words_of_diagnosis(exercise)

    def is_stored(message):
        clauses = [clause.strip().lower() for clause in re.split("[:;]", message)]
        return any(clause in words for clause in clauses for words in stored)

    assert messages
    assert not [m for m in messages if not OF_ITS_EXAMPLE.search(m) and not is_stored(m)]


def test_many_asserts_name_a_mistake():
    """So that the rule above is not empty."""
    naming = [message for _, message in ASSERTS if not OF_ITS_EXAMPLE.search(message)]

    assert len(naming) > len(ASSERTS) / 3

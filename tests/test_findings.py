"""Words as data: a finding crosses and is kept as data, and reads alike in every place."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_class import CHAPTER, filled, grade, submit

from autograder.classroom.ledger import Ledger
from autograder.course.cells import answered, reference_answers
from autograder.course.notebooks import notebook_bytes
from autograder.findings import LONGEST, Finding, shortened
from autograder.grading.check import course_release
from autograder.grading.corpus import stored_answers
from autograder.grading.grade import grade_one
from autograder.grading.parse import parse_submission
from autograder.grading.words import as_comment, as_markdown, as_terminal, view
from autograder.reports.feedback import write_feedback
from autograder.results import Result

OURS = re.compile(r"RemoteObject|AssertionError|CheckFailed|LearnerGone|Traceback")
TEXT = st.text(max_size=50)
ODD_RETURNS = {
    "nothing": "None",
    "generator": "(number for number in x)",
    "module": "np",
    "function": "softmax",
    "class": "int",
    "object": "object()",
    "file": "open('/dev/null')",
    "dict": "{'shares': x}",
    "objects": "np.array([object()], dtype=object)",
    "text": "'0.5'",
    "tensor": "__import__('torch').tensor(x)",
    "sparse": "iter([x])",
}


@given(st.builds(Finding, TEXT.filter(bool), *[TEXT] * 7, st.tuples(TEXT), st.tuples(TEXT)))
def test_a_finding_is_the_same_after_it_crossed(finding):
    assert Finding.from_json(finding.to_json()) == finding


@pytest.mark.parametrize(
    "record", [{}, {"sentence": ""}, {"sentence": 3}, {"sentence": "so", "failed": [3]}]
)
def test_what_is_no_finding_is_refused(record):
    with pytest.raises((TypeError, ValueError)):
        Finding.from_json(record)


def test_a_finding_of_another_version_keeps_what_is_known():
    assert Finding.from_json({"sentence": "so", "mood": "bad"}) == Finding("so")


@given(st.text(max_size=400), st.integers(10, 200))
def test_a_long_text_ends_where_a_sentence_or_a_word_does(text, most):
    short = shortened(text, most)

    assert len(short) <= most
    assert short == text or short.endswith(" …")


def test_a_long_text_is_not_cut_within_a_sentence():
    text = "One sentence. " * 300
    assert shortened(text).removesuffix(" …").endswith("sentence.")
    assert len(shortened("word " * 1000)) <= LONGEST
    assert shortened("word " * 1000).removesuffix(" …").endswith("word")


@pytest.mark.parametrize("value", ODD_RETURNS.values(), ids=ODD_RETURNS.keys())
def test_no_word_of_ours_is_in_what_a_learner_reads(value, engine):
    release = course_release(CHAPTER)
    answer = f"# exercise: softmax\ndef softmax(x, axis=-1):\n    return {value}"
    content = notebook_bytes(answered(release.learner, {"softmax": answer}))
    result = grade_one(release, parse_submission(content), engine)
    said = [as_markdown(result), as_comment(result), *(line for _, line in as_terminal(result))]

    assert result.score < result.max_score
    assert not OURS.search("\n".join(said)), said


def multi_head(**answers):
    """Chapter 9's result for the reference with some other answers."""
    release = course_release("09_multi_head")
    answers = reference_answers(release.teacher) | answers
    return release, parse_submission(notebook_bytes(answered(release.learner, answers)))


def test_a_wrong_piece_is_named_as_the_cause_of_what_is_made_of_it(engine):
    reshape = stored_answers("wrong", "split_heads")["reshape_without_transpose"]
    result = grade_one(*multi_head(split_heads=reshape), engine)
    whole = result.findings["multi_head_attention"]

    assert whole.follows_from == ("split_heads",)
    assert result.findings["split_heads"].follows_from == ()
    (shown,) = [e for e in view(result).exercises if e.name == "multi_head_attention"]
    assert "follows from `split_heads`" in shown.lines[0]
    assert not any(test.lines for test in shown.tests)


def test_a_piece_that_is_right_is_no_cause(engine):
    wrong = stored_answers("wrong", "multi_head_attention")
    name = next(name for name in wrong if "split" not in name and "heads" not in name)
    result = grade_one(*multi_head(multi_head_attention=wrong[name]), engine)

    assert set(result.findings) == {"multi_head_attention"}
    assert result.findings["multi_head_attention"].follows_from == ()


def test_where_both_are_wrong_by_themselves_neither_is_blamed_on_the_other(engine):
    reshape = stored_answers("wrong", "split_heads")["reshape_without_transpose"]
    wrong = stored_answers("wrong", "multi_head_attention")["input_added"]
    both = multi_head(split_heads=reshape, multi_head_attention=wrong)
    result = grade_one(*both, engine)

    assert set(result.findings) == {"split_heads", "multi_head_attention"}
    assert result.findings["multi_head_attention"].follows_from == ()


PRIVATE_SPLIT = """\
# exercise: multi_head_attention
def _mine(X, h):
    return X.reshape(*X.shape[:-2], h, X.shape[-2], X.shape[-1] // h)

def multi_head_attention(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    Q, K, V = (_mine(X @ W, n_heads) for W in (W_Q, W_K, W_V))
    scores = Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask[..., None, :, :], scores, -np.inf)
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = strengths / strengths.sum(axis=-1, keepdims=True)
    return concat_heads(weights @ V) @ W_O, weights
"""
ZEROES_ITS_INPUT = """\
# exercise: concat_heads
def concat_heads(H):
    merged = np.concatenate([H[..., i, :, :] for i in range(H.shape[-3])], axis=-1)
    H[...] = 0
    return merged
"""


def test_a_piece_that_the_answer_does_not_use_is_no_cause(engine):
    reshape = stored_answers("wrong", "split_heads")["reshape_without_transpose"]
    same_inside = multi_head(split_heads=reshape, multi_head_attention=PRIVATE_SPLIT)
    result = grade_one(*same_inside, engine)

    assert result.findings["multi_head_attention"].follows_from == ()


def test_a_piece_whose_fault_changes_nothing_here_is_no_cause(engine):
    reshape = stored_answers("wrong", "split_heads")["reshape_without_transpose"]
    both = multi_head(split_heads=reshape, concat_heads=ZEROES_ITS_INPUT)
    result = grade_one(*both, engine)

    assert "concat_heads" in result.findings
    assert result.findings["multi_head_attention"].follows_from == ("split_heads",)


@pytest.mark.parametrize("message", ["", ", 'only five axes'"])
def test_an_assert_of_the_learners_own_is_quoted_once(message, engine):
    release = course_release(CHAPTER)
    answer = f"# exercise: softmax\ndef softmax(x, axis=-1):\n    assert x.ndim == 5{message}"
    content = notebook_bytes(answered(release.learner, {"softmax": answer}))
    said = as_markdown(grade_one(release, parse_submission(content), engine))

    assert said.count("An `assert` in your code failed") == 1
    assert not OURS.search(said)


def test_the_places_say_the_same(classroom, grader):
    mistake = stored_answers("wrong", "softmax")["plain_shares"]
    submit(classroom, "ada", filled(classroom, mistake))
    result = grade(grader)["ada"]
    write_feedback(classroom, [CHAPTER], [])
    page = classroom.notebook("feedback", CHAPTER, "ada").with_suffix(".html").read_text()
    finding = result.findings["softmax"]
    places = [page, as_markdown(result), as_comment(result)]
    places.append("\n".join(line for _, line in as_terminal(result)))

    for place in places:
        plain = place.replace("&#39;", "'").replace("&#x27;", "'").replace("&gt;", ">")
        assert plain.count(finding.sentence) == 1, "said once"
        assert plain.count(finding.hint) == 1
        for test in view(result).exercises[0].tests:
            assert test.title in plain
    assert Ledger(classroom).get(CHAPTER, "ada") == result


def test_a_result_is_the_same_after_it_was_kept():
    finding = Finding("so", hint="look", failed=("one",))
    made = Result("ada", CHAPTER, "graded", 8.0, findings={"softmax": finding}, flags=["odd"])

    assert Result.from_json(made.to_json()) == made


def test_no_module_renders_findings_by_itself(root):
    """One view model: whoever wants a finding's parts asks `words`."""
    parts = re.compile(r"\.(sentence|hint|detail|actual)\b")
    allowed = {"findings.py", "words.py", "score.py", "grade.py"}
    found = {
        path.name
        for folder in ("grading", "reports", "lms", "cli", "classroom")
        for path in Path(root, "autograder", folder).glob("*.py")
        if parts.search(path.read_text(encoding="utf-8"))
    }
    assert found <= allowed

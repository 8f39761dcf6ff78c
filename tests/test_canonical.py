"""Any bytes become a notebook or a rejection with a reason that a learner can read."""

import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grading.parse import MAX_FILE, Rejected, parse_submission, read_submission


def notebook(*sources, **facts):
    cells = [{"cell_type": "code", "source": source, "metadata": {}} for source in sources]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | facts


def encoded(value):
    return json.dumps(value).encode()


VALID = encoded(notebook("x = 1"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (VALID[: len(VALID) // 2], "breaks off or is damaged"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"PK\x03\x04rest", "a zip archive"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"\xff\xfe\xff", "not text"),
        (b"\x80\x81\x82", "not text"),
        (b"[1, 2]", "not a notebook"),
        (b'"text"', "not a notebook"),
        (b"print('hello')", "not a notebook"),
        (b"{}", "not a notebook"),
        (encoded(notebook()), "no cells"),
        (encoded(notebook(cells="many")), "no cells"),
        (encoded(notebook(cells=[3, None])), "no code cell"),
        (encoded(notebook("x", nbformat=5)), "version 5"),
        (encoded(notebook("x", nbformat="four" * 99)), "versions 3 and 4"),
        (b'{"nbformat": 4, "cells": ' + b"[" * 5000 + b"]" * 5000 + b"}", "nested deeper"),
        (encoded(notebook(*["x"] * 2001)), "2001 cells"),
        (encoded(notebook("x" * 3_000_000)), "larger than 2 MB"),
    ],
)
def test_what_is_no_notebook_is_rejected_with_a_reason(content, words):
    with pytest.raises(Rejected) as caught:
        parse_submission(content)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        VALID,
        b"\xef\xbb\xbf" + VALID,
        VALID.decode().encode("utf-16"),
        VALID.decode().encode("utf-16-le"),
        VALID.decode().encode("utf-16-be"),
        VALID.replace(b"\n", b"\r\n"),
        b"\n\n" + VALID,
    ],
)
def test_usual_encodings_are_read(content):
    assert [cell.source for cell in parse_submission(content).code] == ["x = 1"]


def test_nbformat_3_is_read():
    cells = [{"cell_type": "code", "input": ["x = 1\n", "y = 2"], "outputs": []}]
    old = {"nbformat": 3, "worksheets": [{"cells": cells}], "metadata": {}}

    assert parse_submission(encoded(old)).code[0].source == "x = 1\ny = 2"


def test_line_ends_and_nul_characters_are_cleaned():
    assert parse_submission(encoded(notebook("a\r\nb\rc\0"))).code[0].source == "a\nb\nc"


def test_large_outputs_are_no_reason_to_reject():
    cell = nbformat.v4.new_code_cell("x = 1")
    cell.outputs = [nbformat.v4.new_output("stream", text="y" * 30_000_000)]
    content = nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()

    assert parse_submission(content).code[0].source == "x = 1"


def test_a_file_over_200_mb_is_rejected_before_it_is_read(tmp_path):
    path = tmp_path / "big.ipynb"
    with path.open("wb") as file:
        file.truncate(MAX_FILE + 1)

    with pytest.raises(Rejected, match="at most 200 MB"):
        read_submission(path)


def test_a_file_that_cannot_be_read_is_rejected(tmp_path):
    with pytest.raises(Rejected, match="could not be read"):
        read_submission(tmp_path / "absent.ipynb")


def test_deep_nesting_inside_a_string_is_no_nesting():
    assert parse_submission(encoded(notebook("x = '" + "[" * 500 + "'"))).code


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_random_bytes_are_read_or_rejected(content):
    try:
        assert parse_submission(content).code
    except Rejected as rejected:
        assert str(rejected).endswith((".", "?"))


@given(
    cells=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "cell_type": JSON,
                "source": JSON,
                "input": JSON,
                "metadata": JSON,
                "id": JSON,
            },
        )
        | JSON,
        max_size=5,
    ),
    version=JSON | st.sampled_from([3, 4]),
)
@settings(max_examples=200, deadline=None)
def test_notebooks_with_anything_in_any_place_are_read_or_rejected(cells, version):
    try:
        submission = parse_submission(encoded(notebook(cells=cells, nbformat=version)))
    except Rejected:
        return
    assert all(isinstance(cell.source, str) for cell in submission.cells)

"""The benchmark of a whole class, in its quick form: its own claims must hold."""

import importlib.util
import sys

import pytest
from small_class import Classroom

from autograder.classroom.releasing import release


@pytest.fixture(scope="module")
def benchmark(root):
    """benchmarks/class.py; its name is a keyword."""
    spec = importlib.util.spec_from_file_location("class_benchmark", root / "benchmarks/class.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["class_benchmark"] = module
    spec.loader.exec_module(module)
    return module


def test_twenty_submissions_with_hostile_ones_among_them_score_as_they_do_alone(
    benchmark, tmp_path, monkeypatch
):
    monkeypatch.setattr(benchmark, "HOSTILE_EVERY", 5)
    template = Classroom.create(tmp_path / "empty")
    release(template, [benchmark.CHAPTER])
    benchmark.make_class(template, tmp_path / "class", 20, with_hostile=True)
    row = benchmark.grade_class(tmp_path / "class", "hostile", workers=2)

    assert (row.submissions, row.honest, row.differing, row.faults) == (20, 16, 0, 0)
    assert row.peak_mb < 1024
    assert 0 < row.coordinator_cpu < row.cpu
    table = benchmark.markdown([row], 2)
    assert "| hostile | 20 |" in table
    assert len(set(line.count("|") for line in table.splitlines() if "|" in line)) == 1

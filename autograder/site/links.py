"""Links between pages: `errata.md` finds the page also where its source is `errata.py`.

`[the code](repository:README.md)` leads to that file in the repository."""

import re
from pathlib import Path

from sphinx.application import Sphinx

from autograder.paths import repository_address, site_config

LINK = re.compile(r"(?<=\]\()(?P<stem>[\w-]+)\.(?P<suffix>md|py)(?=[#)])")

REPOSITORY = re.compile(r"(?<=\])\(repository:(?P<path>[^)\s]*)\)")


def find_renamed_pages(app: Sphinx, docname: str, source: list[str]) -> None:
    """A link names a page; whether its source is Markdown or a script is no reader's matter."""
    folder = Path(app.srcdir)

    def resolve(match: re.Match) -> str:
        if (folder / match[0]).exists():
            return match[0]
        other = f"{match['stem']}.{'py' if match['suffix'] == 'md' else 'md'}"
        return other if (folder / other).exists() else match[0]

    source[0] = LINK.sub(resolve, source[0])
    source[0] = REPOSITORY.sub(lambda match: f"({repository_file(match['path'])})", source[0])


def repository_file(path: str) -> str:
    """The web address of a file of the repository, or of the repository itself."""
    branch = site_config()["repository"]["branch"]
    return repository_address() + (f"/blob/{branch}/{path}" if path else "")

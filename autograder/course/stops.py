"""The stops on chapter 0's map of the book: every chapter's title and question, and its part.

Chapter 0 says `from figures.stops import parts, stops`. In its notebooks and on its page the same
stands written out, because a notebook is read without the other chapters.
"""

import json
import re
from fnmatch import fnmatch

from autograder.errors import SourceError
from autograder.paths import chapter_sources, project_root

HEAD = re.compile(r"^# # \d+\. (.+)\n#\n# \*\*((?:.|\n)+?)\*\*$", re.MULTILINE)
IMPORT = "from figures.stops import parts, stops"


def find_stops() -> dict[int, tuple[str, str]]:
    """A chapter's number -> its title and its question, from the first cell of its source.

    Raises SourceError where there is none.
    """
    found = {}
    for source in chapter_sources():
        head = HEAD.search(source.read_text(encoding="utf-8"))
        if head is None:
            raise SourceError(source, 1, "no title and question in the first cell")
        title, question = head.groups()
        found[int(source.stem[:2])] = title, _plain(question)
    return found


def find_parts() -> dict[int, str]:
    """The number of a part's first chapter -> the part's caption, from `_toc.yml`."""
    import yaml

    contents = yaml.safe_load((project_root() / "book" / "_toc.yml").read_text(encoding="utf-8"))
    stems = [source.stem for source in chapter_sources()]
    found: dict[int, str] = {}
    for part in contents["parts"]:
        globs = [entry["glob"] for entry in part["chapters"] if "glob" in entry]
        own = [stem for stem in stems if any(fnmatch(stem, glob) for glob in globs)]
        found |= {int(stem[:2]): part["caption"] for stem in own[:1]}
    return found


def written_out() -> str:
    """What the import brings, as code that needs no other file."""
    lines = ["stops = {  # number: (title, question)"]
    lines += [f"    {n}: ({_text(title)}, {_text(q)})," for n, (title, q) in find_stops().items()]
    lines += ["}", "parts = {  # number of its first chapter: part"]
    lines += [f"    {n}: {_text(caption)}," for n, caption in find_parts().items()]
    return "\n".join([*lines, "}"])


def _plain(question: str) -> str:
    """A question on one line, without Markdown: it stands in a picture."""
    return question.replace("\n# ", " ").replace("*", "").replace(r"$\sqrt{d_k}$", "√dₖ")


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)

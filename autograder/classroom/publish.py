"""What a class may see, and nothing else, in a folder that is ready to be a public repository.

Everything that goes in is searched for answers and hidden tests first; one find, and nothing is
written.
"""

import html
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import AutograderError, UsageError
from autograder.paths import project_root, repository_address, site_address, site_config

MANIFEST = ".published"
PLACES = {  # in the course: in the published folder
    "notebooks": "notebooks",
    ".binder": ".binder",
    "LICENSE": "LICENSE",
    "LICENSE-TEXT": "LICENSE-TEXT",
}
SITE = ("_build/html", "docs")  # GitHub Pages serves a folder of this name
MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
SECRET = re.compile(
    r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(?P<body>.*?)\n\s*### END \1", re.DOTALL | re.MULTILINE
)
SHORT = 30  # characters without spaces; a shorter answer can stand in any text
PICTURES = {".png", ".jpg", ".gif", ".ico", ".woff2", ".woff", ".ttf", ".inv", ".npz", ".wasm"}
README = """\
# {title}

The notebooks of a course on self-attention that follows one word.

- Read it: {site}
- Open a notebook on [Colab]({colab}), on [Binder]({binder}), or on a laptop:
  `pip install -r requirements.txt`, then `jupyter lab notebooks`

Text and figures: CC BY 4.0 (`LICENSE-TEXT`). Code: MIT (`LICENSE`).
"""


class LeakError(AutograderError):
    """A file that was to be published holds an answer or a hidden test; nothing was written."""

    exit_code = 1


def publish(folder: Path, *, site: bool = True) -> list[str]:
    """Write or renew a folder of published files; returns their names.

    Raises UsageError for a folder with files that are not ours, LeakError where a file would
    give something away. A `.git` in the folder is left alone.
    """
    old = _old_files(folder)
    with tempfile.TemporaryDirectory() as draft:
        new = _gather(Path(draft), site=site)
        if leaks := list(find_leaks(Path(draft))):
            raise LeakError("nothing was published\n" + "\n".join(leaks))
        for name in old - set(new):
            (folder / name).unlink(missing_ok=True)
        for name in new:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(draft) / name, folder / name)
            shutil.copymode(Path(draft) / name, folder / name)
    _drop_empty_folders(folder)
    (folder / MANIFEST).write_text("\n".join(new) + "\n", encoding="utf-8")
    return new


def find_leaks(folder: Path) -> Iterator[str]:
    """Each file below a folder that holds an answer, a hidden test, or a marker of one."""
    secrets = _secrets()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix in PICTURES:
            continue
        text = _all_text(path)
        found = [f"the marker {marker!r}" for marker in MARKERS if _bare(marker) in text]
        found += [what for secret, what in secrets.items() if secret in text]
        yield from (f"{path.relative_to(folder)}: {what}" for what in found)


def _secrets() -> dict[str, str]:
    """Every answer and every hidden test of the course, without spaces: what it is."""
    found = {}
    for path in sorted((project_root() / "solutions").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            for match in SECRET.finditer("".join(cell["source"])):
                body = _bare(match["body"])
                if len(body) >= SHORT:
                    kind = "answer" if match[1] == "SOLUTION" else "hidden test"
                    found[body] = f"the {kind} of {grade_id} ({path.stem})"
    return found


def _all_text(path: Path) -> str:
    """What a file says, as it is and with markup taken off, without spaces."""
    raw = path.read_text(encoding="utf-8", errors="replace")
    texts = [raw]
    if path.suffix in (".html", ".svg"):
        texts.append(html.unescape(re.sub(r"<[^>]*>", "", raw)))
    if path.suffix in (".ipynb", ".json"):
        texts += list(_strings(json.loads(raw)))
    return "\0".join(_bare(text) for text in texts)


def _strings(value: object) -> Iterator[str]:
    """Every text in a JSON value; a list of lines as one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield "".join(value)
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _bare(text: str) -> str:
    return re.sub(r"\s+|\\n", "", text)


def _gather(draft: Path, *, site: bool) -> list[str]:
    """Copy what is to be published into an empty folder; returns the names."""
    root = project_root()
    if not list((root / "notebooks").glob("*.ipynb")):
        raise UsageError("no notebooks to publish: run `autograder notebooks` first")
    places = PLACES | ({SITE[0]: SITE[1]} if site and (root / SITE[0]).is_dir() else {})
    for source, target in places.items():
        if (root / source).is_dir():
            ignored = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", ".buildinfo")
            shutil.copytree(root / source, draft / target, ignore=ignored)
        else:
            shutil.copyfile(root / source, draft / target)
    for path in (root / "book" / "data").glob("*.npz"):  # numbers that a notebook looks for
        (draft / "notebooks" / "data").mkdir(exist_ok=True)
        shutil.copyfile(path, draft / "notebooks" / "data" / path.name)
    if site and (draft / SITE[1]).is_dir():
        (draft / SITE[1] / ".nojekyll").touch()
    (draft / "requirements.txt").write_text(_requirements(), encoding="utf-8")
    (draft / "README.md").write_text(_readme(), encoding="utf-8")
    return sorted(str(p.relative_to(draft)) for p in draft.rglob("*") if p.is_file())


def _requirements() -> str:
    """The course's own requirements for a folder without the course: versions, no command."""
    root, lines = project_root(), ["# What the notebooks need.\n"]
    pins = (root / "constraints.txt").read_text(encoding="utf-8")
    version = dict(re.findall(r"^([\w.-]+)==(.+)$", pins, re.MULTILINE))
    for line in (root / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("--extra-index-url"):
            lines.append(f"{line}\n")
        elif name := re.fullmatch(r"[\w.-]*\w", line):
            lines.append(f"{line}=={version[name[0]]}\n")
    return "".join(lines)


def _readme() -> str:
    config, repository = site_config(), repository_address()
    slug, branch = "/".join(repository.split("/")[-2:]), config["repository"]["branch"]
    services = config["launch_buttons"]
    return README.format(
        title=config["title"],
        site=site_address(),
        colab=f"{services['colab_url']}/github/{slug}/tree/{branch}/notebooks",
        binder=f"{services['binderhub_url']}/v2/gh/{slug}/{branch}?urlpath=lab/tree/notebooks",
    )


def _old_files(folder: Path) -> set[str]:
    """The files of an earlier run. Raises UsageError if there are others."""
    if not folder.exists():
        return set()
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder")
    present = {name for name in os.listdir(folder) if name != ".git"}
    manifest = folder / MANIFEST
    if present and not manifest.is_file():
        raise UsageError(
            f"{folder} holds files that `autograder publish` did not make ({sorted(present)[0]}); "
            "name an empty folder"
        )
    text = manifest.read_text(encoding="utf-8", errors="replace") if present else ""
    names = text.replace("\0", "").splitlines()
    return {name for name in names if not Path(name).is_absolute() and ".." not in Path(name).parts}


def _drop_empty_folders(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and ".git" not in path.parts and not any(path.iterdir()):
            path.rmdir()

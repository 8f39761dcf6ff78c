"""Where things are, found from the tree itself; every other module asks here."""

from functools import cache
from pathlib import Path
from typing import Any

from autograder.errors import UsageError


@cache
def project_root() -> Path:
    """The folder that holds `_config.yml` and `book/`: above the working folder, or above us."""
    starts = [Path.cwd(), Path(__file__).resolve().parent.parent]
    for start in starts:
        for folder in [start, *start.parents]:
            if (folder / "_config.yml").is_file() and (folder / "book").is_dir():
                return folder
    raise UsageError(
        "no course here: run this inside a checkout (a folder with _config.yml and book/)"
    )


@cache
def site_config() -> dict[str, Any]:
    """What `_config.yml` says; the one place of the course's addresses."""
    import yaml  # here, so that a learner's check goes without

    text = (project_root() / "_config.yml").read_text(encoding="utf-8")
    config: dict[str, Any] = yaml.safe_load(text)
    return config


def chapter_sources(names: list[str] | None = None) -> list[Path]:
    """The chapter scripts in book order, or only those whose stems are named."""
    every = {path.stem: path for path in sorted((project_root() / "book").glob("[0-9][0-9]_*.py"))}
    if not names:
        return list(every.values())
    unknown = [name for name in names if name not in every]
    if unknown:
        raise UsageError(f"no chapter {', '.join(unknown)}; there are: {', '.join(every)}")
    return [every[name] for name in every if name in names]


def repository_address() -> str:
    """The repository's web address, without a trailing slash."""
    address: str = site_config()["repository"]["url"]
    return address.rstrip("/")


def site_address() -> str:
    """Where GitHub Pages serves the site: it follows from the repository's address."""
    owner, name = repository_address().split("/")[-2:]
    return f"https://{owner}.github.io/{name}"

"""Lists of the whole site: what the search looks in, the site map, the page of lost addresses."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.application import Sphinx

from autograder.paths import project_root
from autograder.site.launch_buttons import notebook_of
from autograder.site.meta import canonical

NOT_SEARCHED = (
    "script, style, svg, .highlight, .definitions, .your-turn, .launch, annotation, h1, h2"
)


def extra_pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Pages that have no source: the search, what asks before Python is loaded, lost addresses."""
    yield "search", {"title": "Search"}, "search.html"
    yield "run", {"title": "Run a chapter in your browser"}, "run.html"
    yield "404", {"title": "Page not found"}, "404.html"


def write_listings(app: Sphinx, exception: Exception | None) -> None:
    """Read the finished pages, and write what follows from all of them."""
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    names = [name for name in _names_in_order(app) if (site / f"{name}.html").is_file()]
    entries = [entry for name in names for entry in _searchable(site / f"{name}.html")]
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    (site / "_static" / "search.json").write_text(text, encoding="utf-8")
    addresses = [canonical(name, app.config.root_doc) for name in names]
    (site / "sitemap.xml").write_text(_site_map(addresses), encoding="utf-8")
    robots = f"User-agent: *\nAllow: /\nSitemap: {canonical('sitemap', '')[:-5]}.xml\n"
    (site / "robots.txt").write_text(robots, encoding="utf-8")
    (site / ".nojekyll").touch()
    _copy_notebooks(names, site / "notebooks")
    for left_over in ["objects.inv", ".buildinfo"]:
        (site / left_over).unlink(missing_ok=True)


def _names_in_order(app: Sphinx) -> list[str]:
    """All pages, in the order in which one reads them."""
    parts = app.apple_outline
    return [app.config.root_doc, *(page.name for part in parts for page in part.pages)]


def _copy_notebooks(names: list[str], target: Path) -> None:
    """The learner's notebooks, for the download buttons."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name in names:
        notebook = notebook_of(name)
        if notebook and (project_root() / notebook).is_file():
            shutil.copyfile(project_root() / notebook, target / notebook.name)


def _searchable(path: Path) -> list[dict]:
    """One entry per section of a page: address, page title, heading, words."""
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    article = soup.find("article")
    page = soup.find("h1").get_text(" ", strip=True)
    sections = article.find_all("section")
    entries = []
    for section in sections:
        heading = section.find(["h2", "h3", "h4"], recursive=False)
        headline = heading.get_text(" ", strip=True) if heading else ""
        words = _own_words(section)
        address = path.name + (f"#{section['id']}" if headline else "")
        entries.append({"a": address, "p": page, "h": headline, "w": words})
    return entries


def _own_words(section) -> str:
    """The words of a section without those of its subsections."""
    copy = BeautifulSoup(str(section), "html.parser").find("section")
    for inner in copy.find_all("section"):
        inner.decompose()
    for skipped in copy.select(NOT_SEARCHED):
        skipped.decompose()
    return re.sub(r"\s+", " ", copy.get_text(" ")).strip()


def _site_map(addresses: list[str]) -> str:
    lines = "".join(f"<url><loc>{address}</loc></url>\n" for address in addresses)
    schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return f'{head}<urlset xmlns="{schema}">\n{lines}</urlset>\n'

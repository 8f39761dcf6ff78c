"""Old addresses of renamed chapters: small pages that lead to the new ones.

They are no pages of the book: the search, the site map and the contents do not know them.
"""

import html
import json
import re
from pathlib import Path

from sphinx.application import Sphinx

from autograder.course.stems import RENAMED
from autograder.site.meta import canonical

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Moved: {title}</title>
<link rel="canonical" href="{canonical}">
<script>
(places => {{
const place = location.hash.slice(1);
location.replace((places[place] || "{target}") + location.hash);
}})({places})
</script>
<meta http-equiv="refresh" content="0; url={target}">
<link rel="icon" href="_static/favicon.svg" type="image/svg+xml">
</head>
<body>
<h1>This chapter has moved</h1>
{links}
</body>
</html>
"""
ANCHOR = re.compile(r'<section[^>]* id="([\w-]+)"')


def write_redirects(app: Sphinx, exception: Exception | None) -> None:
    """Write a page at each old address. A place within it leads to the page that has it now."""
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for old, new in RENAMED.items():
        there = [stem for stem in new if (site / f"{stem}.html").is_file()]
        if there:
            page = _redirect(app, there, site)
            (site / f"{old}.html").write_text(page, encoding="utf-8")


def _redirect(app: Sphinx, stems: list[str], site: Path) -> str:
    first, *others = stems
    titles = {stem: html.escape(app.env.titles[stem].astext()) for stem in stems}
    links = [f'<p>It is now <a href="{first}.html">{titles[first]}</a>.</p>']
    links += [f'<p>A part of it is now <a href="{s}.html">{titles[s]}</a>.</p>' for s in others]
    known, places = _anchors(site, first), {}
    for stem in others:
        places |= {anchor: f"{stem}.html" for anchor in _anchors(site, stem) - known}
    return PAGE.format(
        title=titles[first],
        canonical=canonical(first, app.config.root_doc),
        target=f"{first}.html",
        places=json.dumps(dict(sorted(places.items()))),
        links="\n".join(links),
    )


def _anchors(site: Path, stem: str) -> set[str]:
    """The ids of a page's sections."""
    return set(ANCHOR.findall((site / f"{stem}.html").read_text(encoding="utf-8")))

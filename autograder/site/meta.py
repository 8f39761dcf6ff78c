"""What search engines, chats and browsers are told of a page."""

import re

from bs4 import BeautifulSoup
from sphinx.application import Sphinx

from autograder.paths import repository_address, site_address
from autograder.site.launch_buttons import launch_links
from autograder.site.preview import preview_image

COURSE = "A free course on self-attention that follows one word, apple, from three numbers to BERT."


def set_addresses(app: Sphinx, config) -> None:
    """All addresses follow from the repository's, and our theme takes no options of others."""
    config.html_baseurl = site_address() + "/"
    config.html_theme_options = {}


def add_meta(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Description, canonical address, preview image and launch buttons of one page."""
    name = BeautifulSoup(context.get("title", ""), "html.parser").get_text()
    is_home = pagename == app.config.root_doc
    context["is_home"] = is_home
    context["plain_title"] = app.config.html_title if is_home else name
    context["page_title"] = (
        f"{app.config.html_title}: self-attention through one word"
        if is_home
        else f"{name} · {app.config.html_title}"
    )
    context["description"] = _description(context)
    context["canonical"] = canonical(pagename, app.config.root_doc)
    context["site"] = site_address()
    context["repository"] = repository_address()
    context["launch"] = launch_links(pagename)
    if pagename in app.env.found_docs:
        context["preview"] = preview_image(app, context)


def canonical(name: str, root: str) -> str:
    """The one address of a page."""
    return f"{site_address()}/" + ("" if name == root else f"{name}.html")


def _description(context: dict) -> str:
    """The page's question and its first words, at most about 155 characters."""
    if context["is_home"] or not context.get("body"):
        return COURSE
    soup = BeautifulSoup(context["body"], "html.parser")
    for part in soup.select(".math, script, style, .cell, h1"):
        part.decompose()
    words = " ".join(p.get_text(" ", strip=True) for p in soup.find_all(["p", "li"])[:12])
    words = re.sub(r"\s+([,.:;?])", r"\1", re.sub(r"\s+", " ", words))
    words = re.sub(r"Time: \d+ minutes\. Difficulty: \d of 5\. ?", "", words)
    return words if len(words) <= 155 else words[:154].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"

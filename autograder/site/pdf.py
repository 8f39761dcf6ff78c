"""The whole book on paper: the built pages in one document, printed by Chromium."""

import re
import shutil
import sys
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from autograder.errors import MachineError
from autograder.paths import site_address, site_config

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FOOTER = (
    '<div style="width:100%;text-align:center;font:8pt serif;color:#555">'
    '<span class="pageNumber"></span></div>'
)
LEFT_OUT = ".launch, .done, .definitions, script, noscript, .facts a, .your-turn"


def print_book(output: str = ".") -> int:
    """Write `_build/apple-in-context.pdf` from the site in `_build/html`."""
    build = Path(output).resolve() / "_build"
    if not (build / "html" / "index.html").is_file():
        print("no site in _build/html: run make book first", file=sys.stderr)
        return 2
    whole = build / "print.html"
    whole.write_text(one_document(build / "html"), encoding="utf-8")
    target = build / "apple-in-context.pdf"
    _print(whole, target)
    print(f"{target} ({target.stat().st_size / 1e6:.1f} MB)")
    return 0


def one_document(site: Path) -> str:
    """Title page, contents, and every page of the site in reading order."""
    names = [name for name in reading_order(site) if name != "index"]
    pages = {
        name: BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        for name in names
    }
    articles = "\n".join(_article(name, soup, pages) for name, soup in pages.items())
    title = escape(site_config()["title"])
    return (
        f'<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{title}</title>"
        '<link rel="stylesheet" href="html/_static/book.css">'
        '<link rel="stylesheet" href="html/_static/maths.css"></head><body class="paper">'
        f"<header><h1>{title}</h1><p>Self-attention, through one word</p>"
        f"<p>{escape(site_config()['copyright'])} · CC BY 4.0 · {site_address()}</p></header>"
        f"{_contents(pages)}<main>{articles}</main></body></html>"
    )


def reading_order(site: Path) -> list[str]:
    """The names of the pages, from the site map."""
    text = (site / "sitemap.xml").read_text(encoding="utf-8")
    addresses = re.findall(r"<loc>(.*?)</loc>", text)
    return [address.rsplit("/", 1)[1].removesuffix(".html") or "index" for address in addresses]


def _contents(pages: dict[str, BeautifulSoup]) -> str:
    lines = "".join(
        f'<li><a href="#{name}">{escape(soup.h1.get_text(" ", strip=True))}</a></li>'
        for name, soup in pages.items()
    )
    return f'<nav class="paper-contents"><h2>Contents</h2><ol>{lines}</ol></nav>'


def _article(name: str, soup: BeautifulSoup, pages: dict) -> str:
    """One page of the site, its ids made unique, its links led within the document."""
    article = soup.find("article")
    for tag in article.select(LEFT_OUT):
        tag.decompose()
    for hint in article.select("details.hint, details:not([class])"):
        hint["open"] = ""
    _list_answers(soup, article)
    for tag in article.find_all(id=True):
        tag["id"] = f"{name}--{tag['id']}"
    for tag in article.find_all(True):
        for key in ["clip-path", "style", "aria-labelledby", "aria-describedby"]:
            if key in tag.attrs:
                tag[key] = re.sub(r"url\(#", f"url(#{name}--", tag[key])
        if tag.name in {"a", "use"} and tag.get("href"):
            tag["href"] = _within(tag["href"], name, pages)
    article["id"] = name
    return str(article)


def _within(address: str, name: str, pages: dict) -> str:
    """Where a link of a page leads inside the document, or on the web."""
    if address.startswith("#"):
        return f"#{name}--{address[1:]}"
    match = re.fullmatch(r"([\w-]+)\.html(?:#(.*))?", address)
    if match and match[1] in pages:
        return f"#{match[1]}--{match[2]}" if match[2] else f"#{match[1]}"
    return address if "//" in address else f"{site_address()}/{address}"


def _list_answers(soup: BeautifulSoup, article: Tag) -> None:
    """Under the last question, the letters of the right choices, in small type."""
    questions = article.select(".question")
    letters = [
        f"{number} {right.select_one('.letter').get_text(strip=True)}"
        for number, question in enumerate(questions, start=1)
        if (right := question.select_one(".choice.right"))
    ]
    if letters:
        line = soup.new_tag("p", attrs={"class": "small answers"})
        line.string = "Right: " + ", ".join(letters) + ". The site says why."
        questions[-1].insert_after(line)


def _print(source: Path, target: Path) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise MachineError("printing needs chromium; on Debian or Ubuntu: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        page.goto(source.as_uri(), wait_until="load")
        page.evaluate("document.fonts.ready")
        page.pdf(
            path=target,
            format="A4",
            prefer_css_page_size=True,
            print_background=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            tagged=True,
            outline=True,
        )
        browser.close()

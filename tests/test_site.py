"""The built site, read from its files: nothing given away, nothing foreign, nothing broken."""

import gzip
import html
import json
import os
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup

from autograder.course.source import has_exercise
from autograder.course.stems import RENAMED
from autograder.paths import chapter_sources, project_root, repository_address, site_address
from autograder.site import figures, fonts, links, outline, recall
from autograder.site.outline import source_text

SITE = Path(os.environ.get("SITE", project_root() / "_build" / "html"))
BUDGET = 200_000  # bytes of a chapter after gzip
SECRET = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)### END \1", re.DOTALL)
PAGES = sorted(page for page in SITE.glob("*.html") if page.stem not in RENAMED)
WRITTEN = [page for page in PAGES if page.stem not in {"404", "run", "search"}]
BINARY = {".eot", ".ico", ".npz", ".png", ".ttf", ".wasm", ".whl", ".woff", ".woff2", ".zip"}
CHAPTERS = [path.stem for path in chapter_sources()]
WITH_EXERCISE = {path.stem for path in chapter_sources() if has_exercise(path)}

assert PAGES, "no site: run `make book`"
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
each_chapter = pytest.mark.parametrize("stem", CHAPTERS)


@cache
def soup_of(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def squeezed(text: str) -> str:
    """A text without tags, entities and space: markup cannot hide a line in it."""
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]*>", "", text)))


def secret_lines() -> set[str]:
    """Lines of answers and hidden tests that stand nowhere else in the sources."""
    secret, public = set(), ""
    for path in chapter_sources():
        text = path.read_text(encoding="utf-8").replace("    ### ", "### ")
        secret |= {line for match in SECRET.finditer(text) for line in match[2].splitlines()}
        public += SECRET.sub("", text)
    public = squeezed(public)
    telling = {line for line in map(squeezed, secret) if len(line) > 15 and re.search("[=(]", line)}
    return {line for line in telling if line not in public}


def test_no_published_file_holds_an_answer_a_hidden_test_or_a_marker():
    secrets = secret_lines()
    assert len(secrets) > 5, "the test itself finds no answers"
    for path in SITE.rglob("*"):
        if not path.is_file() or path.suffix in BINARY:
            continue
        raw = path.read_text(encoding="utf-8")
        assert "BEGIN SOLUTION" not in raw, path
        assert "BEGIN HIDDEN" not in raw, path
        text = raw.replace("\\n", "").replace('\\"', '"') if path.suffix == ".ipynb" else raw
        text = squeezed(text)
        leaked = [line for line in secrets if line in text]
        assert not leaked, f"{path.name} gives away {leaked[:2]}"


def test_a_leak_would_be_noticed():
    line = sorted(secret_lines())[0]
    marked_up = "".join(f"<span>{html.escape(sign)}</span> " for sign in line)
    assert line in squeezed(marked_up)


@each_page
def test_every_picture_says_what_it_shows(page):
    words = [
        (picture.get("alt") or picture.get("aria-label") or "").strip()
        for picture in soup_of(page).select("img, svg")
        if picture.get("aria-hidden") != "true" and not picture.find_parent(class_="katex")
    ]
    for text in words:
        assert len(text) > 30, f"too short to say what it shows: {text!r}"
        assert not re.search(r"\.(svg|png)$|^[0-9a-f]{16,}", text), text
    assert len(set(words)) == len(words), "two pictures with one description"


@each_page
def test_a_page_loads_nothing_from_another_host(page):
    for tag in soup_of(page).select("link[href], script[src], img[src], iframe, object, source"):
        address = tag.get("href") or tag.get("src") or "//"
        if set(tag.get("rel", [])) & {"canonical", "license", "prev", "next"}:
            continue
        assert not urlsplit(address).netloc, f"{tag.name} asks {address}"


def test_no_style_loads_from_another_host():
    for path in SITE.rglob("*.css"):
        addresses = re.findall(r"url\(['\"]?([^)'\"]+)", path.read_text(encoding="utf-8"))
        assert all(a.startswith("data:") or not urlsplit(a).netloc for a in addresses), path
        local = [a for a in addresses if not a.startswith("data:")]
        assert all((path.parent / a).is_file() for a in local), path


@each_page
def test_every_link_within_the_site_leads_somewhere(page):
    for link in soup_of(page).select("a[href]"):
        parts = urlsplit(link["href"])
        if parts.scheme or parts.netloc:
            continue
        target = SITE / unquote(parts.path) if parts.path else page
        assert target.is_file(), f"{link['href']} leads nowhere"
        if parts.fragment:
            found = soup_of(target).find(id=unquote(parts.fragment))
            assert found is not None, f"{link['href']}: no such place"


@each_chapter
def test_the_buttons_open_the_learners_notebook(stem):
    soup = soup_of(SITE / f"{stem}.html")
    notebook = f"notebooks/{stem}.ipynb"
    slug = "/".join(repository_address().split("/")[-2:])
    buttons = {link.get_text(): link["href"] for link in soup.select(".facts a")}
    assert buttons["Colab"].endswith(f"/github/{slug}/blob/main/{notebook}")
    assert unquote(buttons["Binder"]).endswith(f"/gh/{slug}/main?urlpath=lab/tree/{notebook}")
    assert buttons["Download"] == notebook
    assert (SITE / notebook).is_file()


@each_chapter
def test_a_chapter_has_all_its_parts(stem):
    soup = soup_of(SITE / f"{stem}.html")
    assert soup.select_one(".question-of-chapter").get_text().endswith("?")
    assert re.search(r"\d+ minutes", soup.select_one(".facts").get_text())
    assert "of 5" in soup.select_one(".facts .dots")["aria-label"]
    for part in [".goals li", ".box.predict", ".box.mistake"]:
        assert soup.select_one(part), f"no {part}"
    assert bool(soup.select("section.exercise .answer-stub")) == (stem in WITH_EXERCISE)
    assert soup.select_one("section.recap li"), "no recap"
    assert soup.select_one("figure figcaption b").get_text().startswith("Figure ")


@pytest.mark.parametrize("page", sorted(SITE.glob("part_*.html")), ids=lambda path: path.stem)
def test_a_page_that_opens_a_part_lists_its_chapters_their_functions_and_their_time(page):
    parts = yaml.safe_load((project_root() / "book" / "_toc.yml").read_text("utf-8"))["parts"]
    entries = next(p["chapters"] for p in parts if p["chapters"][0].get("file") == page.stem)
    chapters = sorted((project_root() / "book").glob(entries[1]["glob"]))
    listed = soup_of(page).select("#the-chapters li")
    texts = [source_text(path) for path in chapters]
    minutes = sum(int(outline.MINUTES.search(text)["minutes"]) for text in texts)
    assert [row.a["href"] for row in listed] == [f"{path.stem}.html" for path in chapters]
    for row, text in zip(listed, texts, strict=True):
        functions = outline.FUNCTION.findall(text)
        assert [code.get_text() for code in row.select("code")] == functions
        assert bool(functions) == (row.a["href"].removesuffix(".html") in WITH_EXERCISE)
    facts = [fact.get_text() for fact in soup_of(page).select(".facts li")]
    assert facts == [f"{len(chapters)} chapters", f"{minutes / 60:.1f} hours"]
    assert soup_of(page).select_one("figure figcaption b").get_text().startswith("Figure ")


@each_chapter
def test_the_first_page_asks_the_chapters_own_question(stem):
    link = soup_of(SITE / "index.html").select_one(f'.all-parts a[href="{stem}.html"]')
    asked = link.select_one(".ask").get_text()
    question = soup_of(SITE / f"{stem}.html").select_one(".question-of-chapter").get_text()
    assert question.startswith(asked.partition("√")[0])
    assert not re.search(r"[*$\\]", asked)


def test_the_first_page_starts_with_the_first_chapter_and_leads_to_each_part():
    soup = soup_of(SITE / "index.html")
    openings = [page.name for page in sorted(SITE.glob("part_*.html"))]
    assert soup.select_one("a.start")["href"] == f"{CHAPTERS[0]}.html"
    assert sorted(link["href"] for link in soup.select(".all-parts h3 a")) == openings != []
    assert sorted(link["href"] for link in soup.select(".contents .part a")) == openings


@each_chapter
def test_every_recall_question_has_one_right_choice(stem):
    questions = soup_of(SITE / f"{stem}.html").select("section.recall .question")
    assert 3 <= len(questions) <= 6
    for question in questions:
        verdicts = [choice["class"][1] for choice in question.select("details.choice")]
        assert verdicts.count("right") == 1, question.get_text()[:80]
        assert verdicts.count("wrong") == len(verdicts) - 1


@each_chapter
def test_a_chapter_is_light(stem):
    page = SITE / f"{stem}.html"
    files = {page, SITE / "_static" / "favicon.svg"}
    for tag in soup_of(page).select("link[rel=stylesheet], script[src]"):
        files.add(SITE / urlsplit(tag.get("href") or tag["src"]).path)
    files |= {SITE / "_static" / f"{name}.mjs" for name in ["recall", "terms"]}
    files |= {SITE / image["src"] for image in soup_of(page).select("img[src]")}
    weights = {path.name: len(gzip.compress(path.read_bytes())) for path in files}
    assert sum(weights.values()) < BUDGET, weights


@each_page
def test_a_page_introduces_itself(page):
    soup = soup_of(page)
    assert len(soup.find_all("h1")) == 1
    assert soup.html["lang"] == "en"
    description = soup.find("meta", attrs={"name": "description"})["content"]
    assert 40 <= len(description) <= 160, description
    canonical = soup.find("link", rel="canonical")["href"]
    assert canonical.startswith(site_address())
    if page in WRITTEN:
        picture = soup.find("meta", property="og:image")["content"]
        assert (SITE / picture.removeprefix(site_address() + "/")).is_file()


def test_titles_and_descriptions_differ():
    soups = [soup_of(page) for page in WRITTEN]
    assert len({soup.title.get_text() for soup in soups}) == len(soups)
    meta = [soup.find("meta", attrs={"name": "description"})["content"] for soup in soups]
    assert len(set(meta)) == len(meta)


def test_the_site_map_lists_every_page():
    listed = re.findall(r"<loc>(.*?)</loc>", (SITE / "sitemap.xml").read_text(encoding="utf-8"))
    expected = {soup_of(page).find("link", rel="canonical")["href"] for page in WRITTEN}
    assert set(listed) == expected
    assert (SITE / ".nojekyll").is_file()


@each_page
def test_formulas_are_set_and_none_is_left_raw(page):
    soup = soup_of(page)
    assert not soup.select(".katex-error")
    assert not soup.find("script", src=re.compile("mathjax|katex", re.IGNORECASE))
    for code in soup.select("code, pre, annotation, svg"):
        assert "\\(" not in code.get_text() or code.name in {"code", "pre"}
    prose = " ".join(p.get_text() for p in soup.select("p") if not p.select(".katex, code"))
    assert "$" not in prose, "a formula that Markdown did not see"


def test_no_choice_holds_markup_that_a_summary_cannot_show():
    for page in WRITTEN:
        for summary in soup_of(page).select("summary"):
            assert not re.search(r"[`$]", summary.get_text()), (page.name, summary.get_text())


def test_our_faces_hold_every_letter_of_the_prose():
    known = set(fonts.LETTERS) | set("\n\u200b\u2060↗⋯⟨⟩∥ᵀ")
    missing: dict[str, str] = {}
    for page in WRITTEN:
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        for maths in soup.select(".katex, svg, pre, script"):
            maths.decompose()
        missing |= {sign: page.name for sign in soup.body.get_text() if sign not in known}
    assert missing == {}, "add them to autograder/site/fonts.py and run its command"


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_an_old_address_leads_to_the_chapters_that_took_its_place(old, new):
    soup = soup_of(SITE / f"{old}.html")
    assert [link["href"] for link in soup.select("a")] == [f"{stem}.html" for stem in new]
    assert soup.find("link", rel="canonical")["href"] == f"{site_address()}/{new[0]}.html"
    refresh = soup.find("meta", attrs={"http-equiv": "refresh"})["content"]
    assert refresh == f"0; url={new[0]}.html"
    for place in re.findall(r'"([\w-]+)": "([\w-]+)\.html"', soup.script.get_text()):
        assert soup_of(SITE / f"{place[1]}.html").find(id=place[0]) is not None


def test_a_place_that_moved_to_another_chapter_is_found_from_its_old_address():
    script = soup_of(SITE / "12_learning.html").script.get_text()
    assert '"exercise-attention-backward": "12_gradient.html"' in script
    assert '"twins"' not in script


def test_no_page_of_the_book_knows_an_old_address():
    for path in [*PAGES, SITE / "_static" / "search.json", SITE / "sitemap.xml"]:
        text = path.read_text(encoding="utf-8")
        assert [old for old in RENAMED if f"{old}.html" in text or f"{old}.ipynb" in text] == []


def test_the_search_knows_every_chapter_and_term():
    entries = json.loads((SITE / "_static" / "search.json").read_text(encoding="utf-8"))
    addresses = {entry["a"].split("#")[0] for entry in entries}
    assert {f"{stem}.html" for stem in CHAPTERS} <= addresses
    softmax = [entry for entry in entries if entry["a"] == "04_softmax.html#recap"]
    assert "exponentials" in softmax[0]["w"]


@each_page
def test_a_picture_keeps_its_text(page):
    for drawing in soup_of(page).select(".cell_output svg[role=img]"):
        assert drawing.get("width") and drawing.get("height"), "no size: the page would jump"
        assert drawing.find("text"), "a drawing whose words are outlines"
        assert "DejaVu" not in str(drawing)


def test_a_drawing_in_a_page_has_ids_of_its_own():
    svg = '<svg width="72pt" height="36pt" viewBox="0 0 72 36"><clipPath id="p1"/>'
    svg += '<g id="axes_1"><path clip-path="url(#p1)" d="M 1.23456 2"/></g>'
    svg += '<use xlink:href="#p1"/></svg>'
    drawing = figures.inline_drawing(svg, 'a "small" map', "f3-")
    assert 'id="f3-p1"' in drawing
    assert "url(#f3-p1)" in drawing
    assert 'href="#f3-p1"' in drawing
    assert "axes_1" not in drawing
    assert "M 1.23 2" in drawing
    assert 'aria-label="a &quot;small&quot; map" width="96" height="48"' in drawing


def test_letters_of_a_formula_flow_and_a_gap_keeps_its_place():
    letter = '<tspan x="{}" y="0" style="font-size: 11px">{}</tspan>'
    signs = [(0, "a"), (7, "t"), (30, "m")]
    drawn = figures._join_letters("".join(letter.format(x, sign) for x, sign in signs))
    assert re.findall(r'x="([^"]*)"[^>]*>(\w+)<', drawn) == [("0", "at"), ("30", "m")]


def test_a_link_finds_the_page_whatever_its_source_is_called(tmp_path):
    (tmp_path / "errata.py").touch()
    source = ["[a](errata.md#x) [b](errata.py) [c](nowhere.md)"]

    class App:
        srcdir = tmp_path

    links.find_renamed_pages(App, "any", source)
    assert source == ["[a](errata.py#x) [b](errata.py) [c](nowhere.md)"]


def test_a_question_without_choices_is_left_alone():
    soup = BeautifulSoup("<p><strong>1. Why?</strong></p><p>Because.</p>", "html.parser")
    recall.mark_questions(soup)
    assert not soup.select(".question")


def test_time_and_difficulty_stand_in_every_source():
    for path in chapter_sources():
        assert re.search(r"\*Time:\* \d+ minutes\. \*Difficulty:\* [1-5] of 5", source_text(path))

"""Every page of the built site in a real browser: quiet, accessible, still, and all our own."""

import pytest
from site_page import SITE, findings, keep_shot

from autograder.course.stems import RENAMED

QUICK = {"index", "04_softmax", "glossary", "run", "search"}
LOOKS = {"desktop": (1440, 900, "light"), "phone": (360, 740, "dark")}
OTHER_LOOKS = {"desktop": "dark", "phone": "light"}
SHIFT = """new Promise(done => { let sum = 0; new PerformanceObserver(list => { for (const entry of
list.getEntries()) if (!entry.hadRecentInput) sum += entry.value; }).observe({type: "layout-shift",
buffered: true}); setTimeout(() => done(sum), 250); })"""

CUT_EQUATIONS = """[...document.querySelectorAll("div.math")]
.filter(box => box.scrollWidth > box.clientWidth + 4).map(box => box.textContent.slice(0, 60))"""

assert (SITE / "index.html").is_file(), "no site: run `make book`"
PAGES = sorted({path.stem for path in SITE.glob("*.html")} - set(RENAMED))


def each(names):
    """The names as parameters; those outside the quick form are marked heavy."""
    return [pytest.param(n, marks=[] if n in QUICK else [pytest.mark.heavy]) for n in names]


@pytest.fixture
def open_page(browser, address):
    """Open a page by name; what went wrong while it loaded is in `page.noises`."""
    contexts = []

    def opened(name, width=1440, height=900, theme="light", **more):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, **more
        )
        contexts.append(context)
        page = context.new_page()
        page.noises, page.addresses = [], []
        page.on("console", lambda message: _note(page, f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: page.noises.append(f"error: {error}"))
        page.on("request", lambda request: page.addresses.append(request.url))
        page.on("requestfailed", lambda request: page.noises.append(f"failed: {request.url}"))
        page.goto(f"{address}/{name}", wait_until="networkidle")
        page.evaluate("document.fonts.ready")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", each(PAGES))
def test_a_page_is_quiet_still_accessible_and_asks_nobody_else(open_page, axe, name, look, address):
    width, height, theme = LOOKS[look]
    page = open_page(f"{name}.html", width, height, theme)
    shift = page.evaluate(SHIFT)
    keep_shot(page, f"{name}-{look}-{theme}")
    assert page.noises == []
    foreign = [url for url in page.addresses if not url.startswith((address, "data:"))]
    assert foreign == [], "a page asks another host"
    assert shift == 0, f"the layout moved by {shift}"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "scrolls sideways"
    assert page.evaluate(CUT_EQUATIONS) == [], "an equation is wider than the page"
    assert findings(page, axe) == []
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", OTHER_LOOKS[look])
    keep_shot(page, f"{name}-{look}-{OTHER_LOOKS[look]}")
    assert findings(page, axe) == [], f"after switching to {OTHER_LOOKS[look]}"


def test_the_first_tab_stop_skips_to_the_text(open_page):
    page = open_page("04_softmax.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"


def test_the_keyboard_walks_from_chapter_to_chapter(open_page):
    page = open_page("04_softmax.html")
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.getAttribute('href') ?? ''"))
        if "03_dot_product.html" in seen[-1]:
            break
    assert "03_dot_product.html" in seen[-1], f"never reached: {seen}"
    page.keyboard.press("Enter")
    page.wait_for_url("**/03_dot_product.html")
    current = page.locator("nav[aria-label='Book'] [aria-current=page]")
    assert "Dot product" in current.inner_text()


def test_the_contents_open_and_close_on_a_phone(open_page, axe):
    page = open_page("04_softmax.html", 360, 740)
    contents = page.locator("#contents")
    assert not contents.is_visible()
    page.get_by_role("button", name="Contents").press("Enter")
    assert contents.is_visible()
    assert findings(page, axe) == []
    page.keyboard.press("Escape")
    assert not contents.is_visible()


def test_a_recall_choice_explains_itself_and_is_counted(open_page, axe):
    page = open_page("04_softmax.html")
    question = page.locator(".question").first
    choices = question.locator("details.choice")
    choices.nth(0).locator("summary").press("Enter")
    assert "Doubling doubles" in choices.nth(0).inner_text()
    status = page.locator(".question ~ [role=status]")
    assert status.inner_text().startswith("No.")
    choices.nth(0).locator("summary").press("ArrowDown")
    page.keyboard.press("Space")
    assert "Yes." in choices.nth(1).inner_text()
    assert choices.nth(0).get_attribute("open") is None, "one explanation at a time"
    assert "1 of 4 answered, 0 right" in page.locator(".tally").inner_text()
    assert findings(page, axe) == []
    page.get_by_role("button", name="Ask me again").click()
    assert not page.locator(".tally").is_visible()


def test_answers_fold_out_without_javascript(open_page):
    page = open_page("04_softmax.html", java_script_enabled=False)
    choice = page.locator("details.choice").nth(1)
    assert not choice.locator("p").is_visible()
    choice.locator("summary").click()
    assert choice.locator("p").is_visible()


def test_progress_is_kept_shown_and_forgotten(open_page):
    page = open_page("04_softmax.html")
    assert page.evaluate("localStorage.length") == 0, "nothing is kept before the reader says so"
    page.get_by_role("button", name="I have finished this chapter").click()
    page.reload(wait_until="networkidle")
    assert page.locator(".contents li.is-done").count() == 1
    page.get_by_role("button", name="Forget my progress").click()
    assert page.locator(".contents li.is-done").count() == 0
    assert page.evaluate("localStorage.length") == 0


def test_the_theme_is_remembered(open_page):
    page = open_page("index.html")
    page.get_by_role("button", name="Dark").click()
    page.reload(wait_until="networkidle")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize(
    ("query", "expected"),
    [("softmax", "Softmax"), ("causal mask", "asks"), ("temperature", "Softmax: Temperature")],
)
def test_the_search_finds_a_term_on_the_right_page(open_page, query, expected):
    page = open_page(f"search.html?q={query}")
    first = page.locator(".results a").first
    first.wait_for()
    assert expected in first.inner_text()
    assert page.locator(".results mark").count() > 0


def test_a_glossary_term_shows_its_definition_on_focus(open_page):
    page = open_page("06_query_key_value.html")
    term = page.locator("a.term").first
    note = term.get_attribute("aria-describedby")
    words = page.locator(f"#{note}").text_content()
    term.focus()
    assert page.locator(".tip").inner_text().strip() == words.strip()
    page.keyboard.press("Escape")
    assert page.locator(".tip").count() == 0


def test_code_is_copied_as_it_is_written(open_page, browser):
    page = open_page("04_softmax.html", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy this code").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines() == [
        "import math",
        "",
        "import numpy as np",
        "",
        "rng = np.random.default_rng(0)",
    ]


def test_the_apple_moves_on_choosing_and_is_still_where_motion_is_unwanted(open_page):
    place = "() => document.querySelector('.two-apples g.apple').getBoundingClientRect().x"
    page = open_page("index.html", reduced_motion="reduce")
    start = page.evaluate(place)
    page.wait_for_timeout(300)
    assert page.evaluate(place) == start
    page.get_by_label("apple phones").check()
    assert page.evaluate(place) > start
    page.get_by_label("apple juice").check()
    assert page.evaluate(place) < start


def test_python_is_loaded_only_after_a_yes(open_page, axe, address):
    page = open_page("run.html?chapter=04_softmax", 360, 740, "dark")
    links = page.locator(".opens a:visible")
    assert links.all_inner_texts() == [
        "Load Python and open chapter 4: Softmax",
        "No, back to the chapter",
    ]
    assert findings(page, axe) == []
    assert not [url for url in page.addresses if "/lite/" in url]
    links.nth(1).press("Enter")
    page.wait_for_url("**/04_softmax.html")


def test_an_unknown_chapter_is_answered_with_all_of_them(open_page):
    page = open_page("run.html?chapter=<b>")
    assert page.locator(".opens a.start:visible").count() > 10


def test_a_lost_address_is_answered_with_a_way_back(open_page):
    page = open_page("404.html")
    assert page.get_by_role("link", name="To the first page").is_visible()


def _note(page, words: str) -> None:
    """Remember what the console says; that software draws slowly is the browser's own matter."""
    if "GL Driver Message" not in words:
        page.noises.append(words)

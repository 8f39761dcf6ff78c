"""Every live figure in a real browser, driven by keyboard alone through the act of its chapter."""

import json
import re

import pytest
from figure_page import serve, write_pages
from playwright import sync_api
from site_page import CHROMIUM, FLAGS, findings, keep_shot

from autograder.paths import project_root
from autograder.site import bundle

SOURCE = project_root() / "book" / "figures"
WITH_WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WITHOUT_WEBGL = ["--disable-gpu", "--disable-3d-apis"]
NAMES = sorted(path.stem for path in (SOURCE / "start").glob("*.json"))
LOOKS = [(width, theme) for width in (1000, 360) for theme in ("light", "dark")]
ACTIVE = """() => { let at = document.activeElement;
while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
const label = at?.getAttribute("aria-label") ?? at?.closest("label")?.innerText ?? at?.innerText;
return (label ?? "").trim(); }"""
SHIFT = """() => new Promise(done => { let sum = 0; new PerformanceObserver(list => {
for (const entry of list.getEntries()) sum += entry.value; })
.observe({type: "layout-shift", buffered: true}); setTimeout(() => done(sum), 100); })"""


@pytest.fixture(scope="module")
def fixtures():
    return json.loads((SOURCE / "fixtures.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    write_pages(folder, bundle.build(tmp_path_factory.mktemp("bundle") / "figures"), NAMES)
    server = serve(folder)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def playwright():
    with sync_api.sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright):
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS + WITH_WEBGL)
    yield running
    running.close()


@pytest.fixture
def open_figure(browser, address):
    """Open a figure's page; at the end it must have been quiet and have asked nobody else."""
    opened, with_webgl = [], browser

    def open_it(name, width=1000, theme="light", browser=browser, wait=".is-live", **more):
        context = browser.new_context(viewport={"width": width, "height": 800}, **more)
        page = context.new_page()
        page.noises, page.addresses = [], []
        page.on("console", lambda message: page.noises.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: page.noises.append(f"error: {error}"))
        page.on("request", lambda request: page.addresses.append(request.url))
        page.goto(f"{address}/{name}-{theme}.html")
        if wait:
            page.wait_for_selector(wait)
        if wait and name == "explorer" and browser is with_webgl:
            page.mouse.move(3, 3)  # the third dimension comes when the reader first stirs
            page.wait_for_selector(".room canvas")
        opened.append((context, page))
        return page

    yield open_it
    for context, page in opened:
        noises, addresses = page.noises, page.addresses
        context.close()
        assert noises == []
        foreign = [url for url in addresses if not url.startswith((address, "data:"))]
        assert foreign == []


def tab_to(page, label, limit=60):
    """Press Tab until the focus is on what a reader hears as `label`."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if label in page.evaluate(ACTIVE):
            return
    raise AssertionError(f"Tab never reached {label!r}; it is on {page.evaluate(ACTIVE)!r}")


def press(page, key, times=1):
    for _ in range(times):
        page.keyboard.press(key)


def told(page) -> str:
    """The sentence under the figure, once a screen reader has been told the same."""
    page.wait_for_function(
        """() => { const root = document.querySelector(".live-figure .live").shadowRoot;
        const text = place => root.querySelector(place).textContent;
        return text("[role=status]").endsWith(text(".said")); }"""
    )
    return page.locator(".said").inner_text()


def numbers(text) -> list[float]:
    """The numbers of a sentence, in order."""
    return [float(n.replace("−", "-")) for n in re.findall(r"−?\d+(?:\.\d+)?", text)]


def state_of(states, **wanted):
    """The one checked state with these values."""
    found = [s for s in states if all(s[key] == value for key, value in wanted.items())]
    assert len(found) == 1, wanted
    return found[0]


def holds(text, *values, digits=2):
    """Every value stands in the text, rounded as the figure rounds."""
    shown = numbers(text)
    for value in values:
        close = [x for x in shown if abs(x - value) <= 0.5 * 10**-digits + 1e-9]
        assert close, f"{value} is not in {text!r}"


def shoot(page, name):
    keep_shot(page, f"figures/{name}", full_page=True)


def test_mixing_phones_takes_the_whole_budget(open_figure, fixtures):
    page = open_figure("mixing")
    start = page.locator(".said").inner_text()
    holds(start, 1.30, 0.50, 0.10)
    tab_to(page, "share of phones")
    press(page, "End")
    expected = state_of(fixtures["mixing"], third="phones", chosen=2, share=1)
    holds(told(page), *expected["apple"], *expected["weights"])
    tab_to(page, "Reset")
    press(page, "Enter")
    assert told(page) == start


def test_mixing_the_same_shares_make_another_apple_beside_juice(open_figure, fixtures):
    page = open_figure("mixing")
    tab_to(page, "love apple phones")
    press(page, "ArrowRight")
    assert numbers(told(page))[:3] == [0.10, 0.50, 0.40]
    holds(told(page), 0.50, 1.30, 0.10)


def test_mixing_the_dot_can_be_dragged_and_never_leaves_the_triangle(open_figure):
    page = open_figure("mixing")
    box = page.locator("[data-drag]").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 300, y - 200, steps=5)  # far outside
    page.mouse.up()
    shares = numbers(told(page))[:3]
    assert sum(shares) == pytest.approx(1, abs=0.02)
    assert min(shares) >= 0
    assert shares != [0.10, 0.50, 0.40]


def test_arrows_stretching_changes_the_dot_product_and_not_the_cosine(open_figure, fixtures):
    page = open_figure("arrows")
    holds(page.locator(".said").inner_text(), 8)
    tab_to(page, "length of phones")
    press(page, "ArrowRight", 2)
    expected = state_of(fixtures["arrows"], apple=[2, 2], other=[5, 0])
    holds(told(page), expected["dot"], *expected["lengths"][:1], expected["shadow"])
    holds(told(page), expected["cosine"], digits=3)


def test_arrows_turning_changes_both(open_figure, fixtures):
    page = open_figure("arrows")
    tab_to(page, "direction of phones")
    press(page, "End")
    press(page, "ArrowLeft", 17)  # from 355 to 270 degrees
    expected = state_of(fixtures["arrows"], apple=[2, 2], other=[0, -4])
    holds(told(page), expected["dot"])
    holds(told(page), expected["cosine"], digits=3)
    assert "negative" in told(page)


def test_temperature_warms_until_phones_keeps_half_and_cools_without_a_zero(open_figure, fixtures):
    page = open_figure("temperature")
    tab_to(page, "temperature")
    press(page, "ArrowRight", 6)
    assert told(page).startswith("T = 5.5:")
    expected = state_of(fixtures["temperature"], row="story", T=5.5)
    holds(told(page), expected["weights"][2], expected["weights"][0], digits=3)
    assert 0.48 < expected["weights"][2] < 0.52
    press(page, "Home")
    coldest = state_of(fixtures["temperature"], row="story", T=0.2)["weights"][0]
    assert f"{coldest:.1e}".startswith("1.4e-11")
    assert "“love” 1.4 × 10⁻¹¹" in told(page)


def test_temperature_plain_division_cannot_draw_a_negative_share(open_figure):
    page = open_figure("temperature")
    tab_to(page, "1, 3, 6")
    press(page, "ArrowRight")
    tab_to(page, "Mark score")
    press(page, "Space")
    assert "negative share" in told(page)


def test_swap_keys_changes_the_weights_and_no_value(open_figure, fixtures):
    page = open_figure("swap_keys")
    tab_to(page, "product")
    press(page, "ArrowRight")
    expected = state_of(fixtures["swap_keys"], keys="feeling", values="as they are")
    holds(told(page), *expected["weights"], *expected["output"], digits=3)
    assert "The weights changed; no value did." in told(page)
    tab_to(page, "as they are")
    press(page, "ArrowRight")
    assert "Both changed" in told(page)


def test_scaling_one_key_takes_everything_only_without_the_root(open_figure, fixtures):
    page = open_figure("scaling")
    tab_to(page, "numbers in a vector")
    press(page, "End")
    expected = state_of(fixtures["scaling"], d=1024)
    holds(told(page), max(expected["weights"]), max(expected["scaledWeights"]))
    assert max(expected["weights"]) > 0.9 > 0.5 > max(expected["scaledWeights"])


def test_merge_reshape_alone_mixes_the_words_except_with_one_head(open_figure, fixtures):
    page = open_figure("merge")
    tab_to(page, "apart")
    press(page, "ArrowRight", 2)
    state = state_of(fixtures["merge"], heads=2, tokens=3, size=2)
    words = ["love", "apple", "phones"]
    row = [f"{words[cell % 6 // 2]} {cell // 6 + 1}" for cell in state["wrong"][1]]
    assert ", ".join(row) in told(page)
    assert "Only 0 of its 4 numbers are apple's own." in told(page)
    tab_to(page, "number of heads")
    press(page, "Home")
    assert "All of it is apple's own." in told(page)


def test_encoder_decoder_the_two_apples_become_one(open_figure, fixtures):
    page = open_figure("encoder_decoder")
    both = [
        state_of(fixtures["encoder_decoder"], third=t, causal=False) for t in ("phones", "juice")
    ]
    holds(
        page.locator(".said").inner_text(), *both[0]["output"][1], *both[1]["output"][1], digits=3
    )
    tab_to(page, "both ways")
    press(page, "ArrowRight")
    masked = state_of(fixtures["encoder_decoder"], third="phones", causal=True)
    holds(told(page), *masked["output"][1], *masked["output"][2], digits=3)
    assert "the same to the last bit" in told(page)
    assert page.locator("td.out").count() == 6


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_learning_path_trains_until_the_apples_have_parted(open_figure, fixtures, motion):
    page = open_figure("learning_path", reduced_motion=motion)
    assert "They lie together." in page.locator(".said").inner_text()
    tab_to(page, "Train")
    press(page, "Enter")
    page.get_by_role("button", name="Train again").wait_for(timeout=15000)
    last = max(state["k"] for state in fixtures["learning_path"])
    for twin in (0, 1):
        expected = state_of(fixtures["learning_path"], seed=9, k=last, twin=twin)
        holds(told(page), *expected["apple"][:2])
    assert "They have parted." in told(page)


def test_explorer_every_score_says_which_row_and_column_made_it(open_figure, fixtures):
    page = open_figure("explorer")
    tab_to(page, "Next")
    press(page, "Enter", 4)
    assert "Scores" in page.locator(".step .title").inner_text()
    page.keyboard.press("Shift+Tab")  # the step list
    page.keyboard.press("Shift+Tab")  # Back
    page.keyboard.press("Shift+Tab")  # the view
    assert page.evaluate(ACTIVE).startswith("Solid view")
    press(page, "ArrowDown")  # the first key chooses a cell in the framed row
    press(page, "ArrowRight", 2)
    state = state_of(fixtures["explorer"]["states"], story="phones", n_heads=2, causal=False)
    assert "scores[apple, phones], head 1 is 2.000: 1 × 2" in told(page)
    holds(told(page), state["heads"][0]["scores"][1][2], digits=3)
    press(page, "PageDown")
    assert told(page).startswith("scores[love, love], head 2")


def test_explorer_turns_by_keyboard_and_rests_otherwise(open_figure):
    page = open_figure("explorer", reduced_motion="reduce")
    room = page.locator(".room")
    room.focus()
    page.wait_for_timeout(300)
    before = room.screenshot()
    page.wait_for_timeout(400)
    assert room.screenshot() == before, "it moves by itself"
    press(page, "Shift+ArrowRight")
    page.wait_for_timeout(300)
    turned = room.screenshot()
    assert turned != before
    page.get_by_role("button", name="Face the step again").press("Enter")
    page.get_by_role("button", name="Nearer").press("Enter")
    page.wait_for_timeout(300)
    assert room.screenshot() not in (before, turned)


def test_explorer_lies_flat_until_the_reader_stirs(open_figure):
    page = open_figure("explorer", wait=None)
    page.wait_for_selector(".is-live")
    page.wait_for_load_state("networkidle")
    assert page.locator(".flat-room [data-slab=X]").is_visible()
    assert not any("solid-" in url for url in page.addresses)
    page.mouse.wheel(0, 50)
    page.wait_for_selector(".room canvas")
    assert any("solid-" in url for url in page.addresses)


@pytest.mark.parametrize("story", ["phones", "juice", "making", "tired", "wide"])
def test_explorer_shows_every_number_of_every_story(open_figure, fixtures, story):
    page = open_figure("explorer", reduced_motion="reduce")
    page.get_by_label("Sentence").select_option(story)
    for causal in (False, True):
        page.get_by_label("Causal mask").set_checked(causal)
        page.get_by_label("Step", exact=True).select_option("10")
        rows = page.evaluate(
            """() => [...document.querySelector("live-explorer").shadowRoot
            .querySelectorAll("details tbody tr")].map(tr => [...tr.querySelectorAll("td")]
            .map(td => Number(td.textContent.replace("−", "-"))))"""
        )
        state = state_of(fixtures["explorer"]["states"], story=story, n_heads=2, causal=causal)
        flat = [x for row in rows for x in row]
        expected = [x for row in state["output"] for x in row]
        assert flat == pytest.approx(expected, abs=5.1e-5)


def test_explorer_a_cell_can_be_tapped(open_figure):
    page = open_figure("explorer", width=360, has_touch=True, reduced_motion="reduce")
    page.wait_for_timeout(300)
    box = page.locator(".room canvas").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.55, box["y"] + box["height"] * 0.55)
    assert told(page).startswith("X[")


def test_explorer_takes_own_words_and_says_that_they_are_toys(open_figure):
    page = open_figure("explorer", reduced_motion="reduce")
    page.get_by_label("Sentence").select_option("own")
    field = page.get_by_label("Your words, ten at most")
    field.fill("Ten <b>times</b> I love apple pie and tea, and more, and yet more")
    field.press("Enter")
    assert "mean nothing" in page.locator(".settings").inner_text()
    page.locator("summary").press("Enter")
    words = page.locator("details tbody th").all_inner_texts()
    assert words == ["ten", "b", "times", "b", "i", "love", "apple", "pie", "and", "tea"]


def test_explorer_lies_flat_without_webgl_and_has_the_same_numbers(
    playwright, open_figure, fixtures, axe
):
    plain = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS + WITHOUT_WEBGL)
    try:
        page = open_figure("explorer", browser=plain, width=360)
        page.mouse.move(3, 3)
        page.get_by_text("This browser has no WebGL").wait_for()
        assert not any("solid-" in url for url in page.addresses), "three.js was fetched in vain"
        tab_to(page, "Next")
        press(page, "Enter", 7)
        page.locator('[data-slab="weights.0"] [data-cell="0,0"]').focus()
        press(page, "ArrowDown")
        press(page, "ArrowDown")
        press(page, "ArrowRight", 2)
        state = state_of(fixtures["explorer"]["states"], story="phones", n_heads=2, causal=False)
        assert told(page).startswith("weights[apple, phones], head 1")
        holds(told(page), state["heads"][0]["weights"][1][2], digits=3)
        assert page.locator("td.source").count() == 3, "the row of masked scores is pointed out"
        assert findings(page, axe) == []
        shoot(page, "explorer-no-webgl-360")
    finally:
        plain.close()


ACTS = {
    "mixing": ("share of phones", ["End"]),
    "arrows": ("direction of phones", ["End"] + ["ArrowLeft"] * 40),
    "temperature": ("1, 3, 6", ["ArrowRight", "ArrowRight"]),
    "swap_keys": ("product", ["ArrowRight"]),
    "scaling": ("numbers in a vector", ["End"]),
    "merge": ("apart", ["ArrowRight", "ArrowRight"]),
    "encoder_decoder": ("both ways", ["ArrowRight"]),
    "learning_path": ("step of training", ["End"]),
    "explorer": ("Next", ["Enter"] * 4),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_a_figure_is_accessible_still_and_fits(open_figure, axe, name, width, theme):
    page = open_figure(name, width, theme, reduced_motion="reduce")
    look = f"{name}-{width}-{theme}"
    assert page.evaluate(SHIFT) == 0, "the page jumped when the figure came"
    shoot(page, f"{look}-1-start")
    assert findings(page, axe) == []
    label, keys = ACTS[name]
    tab_to(page, label)
    for key in keys:
        page.keyboard.press(key)
    told(page)
    page.wait_for_timeout(300)
    shoot(page, f"{look}-2-act")
    assert findings(page, axe) == []
    page.locator("summary").press("Enter")
    shoot(page, f"{look}-3-numbers")
    assert findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "it scrolls sideways"


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_stays_without_javascript_and_on_paper(open_figure, name):
    page = open_figure(name, wait=None, java_script_enabled=False)
    assert page.locator("figure > svg").is_visible()
    page = open_figure(name)
    assert not page.locator("figure > svg").is_visible()
    page.emulate_media(media="print")
    assert page.locator("figure > svg").is_visible()
    assert not page.locator(f"live-{name.replace('_', '-')}").is_visible()


def test_a_figure_far_below_is_fetched_when_it_comes_near(open_figure):
    page = open_figure("far", wait=None)
    page.wait_for_load_state("networkidle")
    assert not any("/mixing-" in url for url in page.addresses)
    assert any("/live.mjs" in url for url in page.addresses)
    page.keyboard.press("End")
    page.wait_for_selector(".is-live")
    assert any("/mixing-" in url for url in page.addresses)

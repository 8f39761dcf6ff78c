"""Python in the page, in a real browser: it asks, runs, says where PyTorch is, and keeps work."""

import gzip
import hashlib
import io
import json
import re
import zipfile
from urllib.parse import urlsplit

import nbformat
import pytest
from site_page import SITE, keep_shot

from autograder.paths import site_address

CDN = "https://cdn.jsdelivr.net/pyodide/"
PATIENCE = 90_000  # Python starts in 10 s on a free machine
NUMPY = """
__version__ = "of the test"
def arange(n):
    return list(range(n))
"""

assert (SITE / "lite" / "index.html").is_file(), "no Python in the page: run `make book`"
pytestmark = pytest.mark.heavy


@pytest.fixture
def page(browser, address):
    """A browser with nothing kept; every request is in `page.addresses`, foreign ones fail."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.addresses = []
    context.on("request", lambda made: opened.addresses.append(made.url))
    context.route(lambda url: not url.startswith((address, "data:", "blob:")), _refuse)
    opened.set_default_timeout(PATIENCE)
    yield opened
    context.close()


def _refuse(route) -> None:
    """This machine's network is not asked; but the worker's heartbeat has the bare host."""
    if urlsplit(route.request.url).hostname == "127.0.0.1":
        route.continue_()
    else:
        route.abort()


def stub_numpy(context) -> None:
    """Answer for the CDN with a small wheel, whose hash the lock then names."""
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("numpy/__init__.py", NUMPY)
        made.writestr("numpy-2.4.6.dist-info/METADATA", "Name: numpy\nVersion: 2.4.6\n")
        made.writestr("numpy-2.4.6.dist-info/WHEEL", "Wheel-Version: 1.0\n")
    content = wheel.getvalue()
    lock = json.loads((SITE / "lite/static/pyodide/pyodide-lock.json").read_text("utf-8"))
    lock["packages"]["numpy"]["sha256"] = hashlib.sha256(content).hexdigest()
    context.route("**/pyodide-lock.json", lambda route: route.fulfill(json=lock))
    headers = {"Access-Control-Allow-Origin": "*"}
    context.route(
        f"{CDN}**/numpy-*.whl", lambda route: route.fulfill(body=content, headers=headers)
    )


def foreign(page, address) -> set[str]:
    """What was asked of other hosts."""
    own = urlsplit(address).netloc
    urls = [url for url in page.addresses if url.startswith("http")]
    return {url for url in urls if urlsplit(url).netloc != own}


def open_notebook(page, address, name: str) -> None:
    """Open a chapter as a reader does who said yes."""
    page.goto(f"{address}/run.html?chapter={name}")
    page.get_by_role("link", name="Load Python").click()
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")


def run_code(page, code: str) -> None:
    """Put a new cell below the title and run it."""
    page.locator(".jp-Notebook .jp-MarkdownCell").first.click()
    for key in ["Escape", "b", "Enter"]:
        page.keyboard.press(key)
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")


def output(page, words: str):
    """Wait for words among what cells printed; returns their place on the page."""
    place = page.locator(".jp-OutputArea-output").filter(has_text=words).first
    place.wait_for()
    return place


def test_python_runs_once_the_reader_said_yes_and_asks_no_other_host(page, address):
    page.goto(f"{address}/04_softmax.html", wait_until="networkidle")
    page.locator(".facts").get_by_role("link", name="In your browser").click()
    page.wait_for_url("**/run.html?chapter=04_softmax")
    assert "cdn.jsdelivr.net" in page.locator("article").inner_text()
    assert not [url for url in page.addresses if "/lite/" in url], "loaded before it asked"
    page.get_by_role("link", name="Load Python and open chapter 4: Softmax").press("Enter")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    run_code(page, "print('the sum is', sum([2, 3]))")
    output(page, "the sum is 5")
    assert foreign(page, address) == set()
    keep_shot(page, "lite-executed")


def test_as_much_is_loaded_as_the_page_said(page, address):
    page.goto(f"{address}/run.html?chapter=04_softmax")
    said = int(re.search(r"About (\d+) MB from this site", page.inner_text("article"))[1])
    stub_numpy(page.context)
    open_notebook(page, address, "04_softmax")
    run_code(page, "import matplotlib")  # its compiled wheels are refused, its pure ones come
    output(page, "ModuleNotFoundError")
    paths = {url.split("?")[0].removeprefix(address + "/") for url in page.addresses}
    files = [SITE / path for path in paths if path.startswith("lite/")]
    sent = sum(len(gzip.compress(file.read_bytes())) for file in files if file.is_file())
    assert said == pytest.approx(sent / 1e6, rel=0.1)


def test_numpy_comes_from_the_cdn_alone_and_pytorch_says_where_it_runs(page, address):
    stub_numpy(page.context)
    open_notebook(page, address, "04_softmax")
    run_code(page, "import torch.nn.functional as F")
    message = output(page, "PyTorch does not run in a browser.").inner_text()
    assert "Colab or Binder" in message
    assert f"{site_address()}/" in message
    run_code(page, "import numpy as np\nprint('numpy', np.__version__, np.arange(3))")
    output(page, "numpy of the test [0, 1, 2]")
    asked = foreign(page, address)
    assert len(asked) == 1, asked
    assert re.fullmatch(re.escape(CDN) + r"v[\d.]+/full/numpy-[\w.-]+\.whl", asked.pop())
    keep_shot(page, "lite-torch")


def test_a_changed_file_of_the_cdn_is_refused(page, address):
    stub_numpy(page.context)
    page.context.unroute("**/pyodide-lock.json")  # the true lock, with the true hash
    open_notebook(page, address, "04_softmax")
    run_code(page, "import numpy as np\nprint(np.__version__)")
    output(page, "ModuleNotFoundError")


def test_work_is_kept_in_the_browser_and_can_be_downloaded(page, address, tmp_path):
    open_notebook(page, address, "04_softmax")
    run_code(page, "open('note.txt', 'w').write('kept')\nprint('I was here')")
    output(page, "I was here")
    page.keyboard.press("Control+s")
    page.wait_for_function(
        "document.querySelector('.jp-NotebookCheckpoint')?.innerText.match(/now|second/)"
    )
    page.reload()
    output(page, "I was here")
    run_code(page, "print('still', open('note.txt').read())")
    output(page, "still kept")
    page.get_by_role("menuitem", name="File", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="Download", exact=True).click()
    waiting.value.save_as(tmp_path / "downloaded.ipynb")
    assert waiting.value.suggested_filename == "04_softmax.ipynb"
    cells = nbformat.read(tmp_path / "downloaded.ipynb", as_version=4).cells
    original = nbformat.read(SITE / "notebooks" / "04_softmax.ipynb", as_version=4).cells
    kept = {cell.id: (cell.source, cell.metadata.get("nbgrader")) for cell in cells}
    assert len(kept) == len(original) + 2
    for cell in original:
        assert kept[cell.id] == (cell.source, cell.metadata.get("nbgrader"))
    assert foreign(page, address) == set()

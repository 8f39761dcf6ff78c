"""Python in the page, read from its files: the learner's notebooks, and no host but the CDN."""

import hashlib
import json
import os
import re
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from autograder.paths import chapter_sources, project_root, site_address
from autograder.site import lite
from autograder.site.launch_buttons import launch_links

SITE = Path(os.environ.get("SITE", project_root() / "_build" / "html"))
FOLDER = SITE / "lite"
PYODIDE = FOLDER / "static" / "pyodide"
COMPILED = {"numpy", "matplotlib", "contourpy", "kiwisolver", "pillow"}
CHAPTERS = [path.stem for path in chapter_sources()]

assert FOLDER.is_dir(), "no Python in the page: run `make book`"


def packages() -> dict:
    """What the site's own lock offers to Pyodide."""
    return json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]


def run_page() -> BeautifulSoup:
    return BeautifulSoup((SITE / "run.html").read_text(encoding="utf-8"), "html.parser")


def test_it_holds_the_learners_notebooks_byte_for_byte():
    notebooks = {path.name: path for path in (project_root() / "notebooks").glob("*.ipynb")}
    served = {path.name: path for path in (FOLDER / "files").glob("*.ipynb")}
    assert served.keys() == notebooks.keys()
    for name, path in notebooks.items():
        assert served[name].read_bytes() == path.read_bytes(), f"stale: {name}; run `make lite`"
    listed = json.loads((FOLDER / "api/contents/all.json").read_text(encoding="utf-8"))
    assert notebooks.keys() <= {entry["name"] for entry in listed["content"]}


def test_no_setting_names_another_host():
    paths = [*FOLDER.rglob("jupyter-lite.json"), *FOLDER.rglob("overrides.json")]
    assert len(paths) >= 3
    for path in paths:
        assert "//" not in path.read_text(encoding="utf-8"), path
    for path in FOLDER.rglob("index.html"):
        for tag in BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select(
            "script[src], link[href], img[src], iframe"
        ):
            assert not urlsplit(tag.get("src") or tag.get("href")).netloc, (path, tag)


def test_the_kernel_is_ours_and_never_asks_pypi():
    config = json.loads((FOLDER / "jupyter-lite.json").read_text(encoding="utf-8"))
    kernel = config["jupyter-config-data"]["litePluginSettings"][f"{lite.KERNEL}:kernel"]
    assert (FOLDER / kernel["pyodideUrl"]).is_file()
    assert kernel["disablePyPIFallback"] is True
    assert set(kernel["loadPyodideOptions"]["packages"]) <= packages().keys()


def test_all_packages_are_here_but_the_compiled_ones_of_the_cdn():
    elsewhere = {}
    for name, entry in packages().items():
        if urlsplit(entry["file_name"]).netloc:
            elsewhere[name] = entry["file_name"]
        else:
            content = (PYODIDE / entry["file_name"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == entry["sha256"], name
        assert set(map(lite.canonicalize_name, entry["depends"])) <= packages().keys(), name
    assert elsewhere.keys() == COMPILED
    pattern = r"https://cdn\.jsdelivr\.net/pyodide/v314\.\d+\.\d+/full/[\w.-]+_wasm32\.whl"
    for name, address in elsewhere.items():
        assert re.fullmatch(pattern, address), address
        assert re.fullmatch("[0-9a-f]{64}", packages()[name]["sha256"])


def test_the_cdns_version_is_that_of_the_core():
    pinned = json.loads((lite.source_folder() / "package.json").read_bytes())["dependencies"]
    assert f"/v{pinned['pyodide']}/" in packages()["numpy"]["file_name"]


def test_numpy_is_the_courses_own_version():
    pins = (project_root() / "constraints.txt").read_text(encoding="utf-8")
    assert f"numpy=={packages()['numpy']['version']}\n" in pins


def test_torch_says_where_it_runs():
    entry = packages()["torch"]
    assert entry["imports"] == ["torch"]
    with zipfile.ZipFile(PYODIDE / entry["file_name"]) as wheel:
        code = wheel.read("torch.py").decode()
    with pytest.raises(ModuleNotFoundError) as caught:
        exec(compile(code, "torch.py", "exec"), {"__name__": "torch"})
    words = "\n".join(caught.value._render_traceback_())
    for part in ["does not run in a browser", "NumPy cells do", "Colab or Binder", site_address()]:
        assert part in words


@pytest.mark.parametrize("stem", CHAPTERS)
def test_a_chapters_button_asks_before_it_opens_the_chapter(stem):
    address = {link["label"]: link["address"] for link in launch_links(stem)}["In your browser"]
    parts = urlsplit(address)
    assert (SITE / parts.path).is_file()
    assert parse_qs(parts.query) == {"chapter": [stem]}
    choice = run_page().select_one(f".opens li[data-chapter='{stem}']")
    assert choice.select_one("a.start")["href"] == f"lite/notebooks/index.html?path={stem}.ipynb"
    assert (FOLDER / "files" / f"{stem}.ipynb").is_file()


def test_the_page_that_asks_names_every_host_and_how_much_comes_from_it():
    hosts = {urlsplit(e["file_name"]).netloc for e in packages().values()} - {""}
    text = run_page().article.get_text()
    assert hosts and all(host in text for host in hosts)
    assert re.search(r"About \d+ MB from this site", text)
    assert "PyTorch cells do not" in text

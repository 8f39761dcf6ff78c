"""The built site, served, and a browser to look at it with."""

import pytest
from figure_page import serve
from playwright import sync_api
from site_page import CHROMIUM, FLAGS, SITE

from autograder.paths import site_address
from autograder.site import bundle


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The site below the path that it has on the web, as its 404 page needs."""
    folder = tmp_path_factory.mktemp("web")
    path = site_address().split("/", 3)[3]
    (folder / path).symlink_to(SITE)
    server = serve(folder)
    yield f"http://127.0.0.1:{server.server_port}/{path}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, "--disable-gpu"]
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, to be run in a page."""
    bundle.install()
    return (bundle.source_folder() / "node_modules/axe-core/axe.min.js").read_text("utf-8")

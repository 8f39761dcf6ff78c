"""The Sphinx extension of the book: addresses from one place, buttons that open the notebook."""

from pathlib import Path

from sphinx.application import Sphinx

from autograder.paths import site_address


def setup(app: Sphinx) -> dict:
    """Called by Sphinx; see `sphinx.local_extensions` in `_config.yml`."""
    app.connect("config-inited", _set_addresses)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "version": "1"}


def _set_addresses(app: Sphinx, config) -> None:
    config.html_baseurl = site_address() + "/"

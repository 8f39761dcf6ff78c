"""The Sphinx extension of the book: our theme, and what turns Sphinx's HTML into our pages.

One module per concern; `setup` only says when Sphinx calls which.
"""

from sphinx.application import Sphinx

from autograder.site import assets, dress, glossary, links, listing, meta, moved, outline
from autograder.site.maths import use_our_node


def setup(app: Sphinx) -> dict:
    """Called by Sphinx; see `sphinx.config.extensions` in `_config.yml`."""
    app.add_config_value("comments_config", None, "")  # Jupyter Book always sets it
    use_our_node()
    app.add_html_theme("apple", str(assets.theme_folder()))
    app.connect("config-inited", meta.set_addresses)
    app.connect("builder-inited", assets.write_assets)
    app.connect("source-read", links.find_renamed_pages)
    app.connect("doctree-read", glossary.name_terms)
    app.connect("html-page-context", outline.add_outline)
    app.connect("html-page-context", meta.add_meta)
    app.connect("html-page-context", dress.dress_body, priority=600)
    app.connect("html-page-context", glossary.add_definitions, priority=650)
    app.connect("html-page-context", assets.choose_assets, priority=900)
    app.connect("html-collect-pages", listing.extra_pages)
    app.connect("build-finished", listing.write_listings)
    app.connect("build-finished", moved.write_redirects)
    return {"parallel_read_safe": True, "parallel_write_safe": False, "version": "1"}

"""Where a chapter's notebook opens: Colab, Binder, the reader's own browser, or a download;
always the learner's copy."""

from pathlib import Path
from urllib.parse import quote

from autograder.paths import project_root, repository_address, site_config


def notebook_of(name: str) -> Path | None:
    """The learner's notebook of a page, relative to the repository; None where it has none."""
    path = Path("notebooks") / f"{name}.ipynb"
    has_one = (project_root() / "book" / f"{name}.py").is_file() and name[:2].isdigit()
    return path if has_one else None


def launch_links(name: str) -> list[dict]:
    """The buttons of a page, `[{label, address, title}]`; empty where it has no notebook."""
    notebook = notebook_of(name)
    if notebook is None:
        return []
    repository, branch = repository_address(), site_config()["repository"]["branch"]
    services = site_config()["launch_buttons"]
    slug = "/".join(repository.split("/")[-2:])
    tree = quote(notebook.as_posix(), safe="")
    return [
        {
            "label": "Colab",
            "address": f"{services['colab_url']}/github/{slug}/blob/{branch}/{notebook}",
            "title": "Open this chapter's notebook in Google Colab",
        },
        {
            "label": "Binder",
            "address": f"{services['binderhub_url']}/v2/gh/{slug}/{branch}?urlpath=lab/tree/{tree}",
            "title": "Open this chapter's notebook on Binder",
        },
        {
            "label": "In your browser",
            "address": f"run.html?chapter={name}",
            "title": "Run this chapter in your browser, which first asks before it loads Python",
        },
        {
            "label": "Download",
            "address": f"notebooks/{name}.ipynb",
            "title": "Download this chapter's notebook",
        },
    ]

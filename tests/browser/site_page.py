"""Where the built site is, the browser that opens it, and where its pictures go."""

import os
import shutil
from pathlib import Path

from autograder.paths import project_root

SITE = Path(os.environ.get("SITE", project_root() / "_build" / "html"))
SHOTS = project_root() / "_build" / "screenshots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

assert CHROMIUM, "no chromium: run `make browser-program`"


def keep_shot(page, name: str) -> None:
    """Screenshots are kept to be looked at: `make browser` names the folder."""
    if os.environ.get("KEEP_SCREENSHOTS", "1") == "1":
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(SHOTS, f"{name}.png"))

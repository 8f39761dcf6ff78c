"""Where the built site is, the browser that opens it, what axe finds, where pictures go."""

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
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

assert CHROMIUM, "no chromium: run `make browser-program`"


def keep_shot(page, name: str, **how: bool) -> None:
    """Screenshots are kept to be looked at: `make browser` names the folder."""
    if os.environ.get("KEEP_SCREENSHOTS", "1") == "1":
        path = SHOTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, **how)


def findings(page, axe: str) -> list[str]:
    """What axe has to say of the page as it stands."""
    page.evaluate(axe)
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}}
    report = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{found['id']}: {found['help']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for found in report["violations"]
        for node in found["nodes"][:3]
    ]

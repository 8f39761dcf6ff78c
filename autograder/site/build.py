"""Build the site as `make book` does: Jupyter Book with every warning an error."""

import shutil
import subprocess
import sys
from pathlib import Path

from autograder.paths import project_root


def build_site(output: str = ".") -> int:
    """Build from a clean `html` folder, so that no page outlives its source; the exit code."""
    root = project_root()
    shutil.rmtree(Path(output) / "_build" / "html", ignore_errors=True)
    command = [str(Path(sys.executable).parent / "jupyter-book"), "build", str(root / "book")]
    command += ["--config", str(root / "_config.yml"), "--path-output", str(Path(output).resolve())]
    return subprocess.run([*command, "-W", "--keep-going"], check=False).returncode

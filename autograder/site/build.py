"""Build the site as `make book` does: Jupyter Book with every warning an error."""

import shutil
import subprocess
import sys
from pathlib import Path

from autograder.paths import project_root
from autograder.site import bundle


def build_site(output: str = ".") -> int:
    """Build every page anew from the cache of executed notebooks; the exit code.

    So no page outlives its source, and no old entry of the bibliography stops the build.
    """
    root = project_root()
    bundle.build()
    for name in ["html", ".doctrees"]:
        shutil.rmtree(Path(output) / "_build" / name, ignore_errors=True)
    command = [str(Path(sys.executable).parent / "jupyter-book"), "build", str(root / "book")]
    command += ["--config", str(root / "_config.yml"), "--path-output", str(Path(output).resolve())]
    return subprocess.run([*command, "-W", "--keep-going"], check=False).returncode

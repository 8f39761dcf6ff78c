"""Becomes bubblewrap. When started by root, it first becomes a user whom nobody is.

Root's own folders (a virtual environment under /root, say) are closed to that user, so the folders
that the sandbox needs are first bound in a place where it may go, seen by this process alone.

Run as a file, alone: `python -I -S launch.py <JSON of Plan>`; it needs the rooms' `linux.py`.
"""

import json
import os
import sys
from pathlib import Path


def main() -> None:
    """Do what the plan in the first argument says; never returns."""
    plan = json.loads(sys.argv[1])
    binds = [tuple(pair) for pair in plan["binds"]]  # (source, target)
    if plan["uid"] is not None:
        binds = _stage(binds, Path(plan["stage"]))
        os.setgroups([])
        os.setresgid(plan["uid"], plan["uid"], plan["uid"])
        os.setresuid(plan["uid"], plan["uid"], plan["uid"])
    flags = [word for source, target in binds for word in ("--ro-bind", source, target)]
    os.execv(plan["bwrap"], [plan["bwrap"], *plan["before"], *flags, *plan["after"]])


def _stage(binds: list[tuple[str, str]], stage: Path) -> list[tuple[str, str]]:
    """Bind every source inside `stage`, in a mount namespace of our own."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "room"))
    import linux  # type: ignore[import-not-found]  # it stands in the folder just named

    linux.unshare(linux.CLONE_NEWNS)
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("tmpfs", str(stage), "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=755")
    staged = []
    for i, (source, target) in enumerate(binds):
        place = stage / str(i)
        if Path(source).is_dir():
            place.mkdir()
        else:
            place.touch()
        linux.mount(source, str(place), flags=linux.MS_BIND | linux.MS_REC)
        staged.append((str(place), target))
    return staged


if __name__ == "__main__":
    main()

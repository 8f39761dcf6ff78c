"""Python starts here when this folder is on its path: as on a computer that is no Linux."""

import os
import sys


class Missing:
    """Finds none of the modules that other systems do not have."""

    def find_spec(self, name, path=None, target=None):
        if name in ("fcntl", "resource"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Missing())
for name in ("fork", "memfd_create", "pidfd_open", "pread", "sched_getaffinity"):
    if hasattr(os, name):
        delattr(os, name)

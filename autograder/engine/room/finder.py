"""Modules that came as text: what a release's tests import, in the examiner's room alone."""

import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import CodeType, ModuleType
from typing import Any


class SourceFinder(MetaPathFinder, InspectLoader):
    """Finds modules by their sources, before any that is installed; names are dotted."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def install(self) -> None:
        """Be asked first from now on."""
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module, if its source came."""
        package = self.is_package(fullname)
        if fullname not in self._sources and not package:
            return None
        return spec_from_loader(fullname, self, origin="a release", is_package=package)

    def get_source(self, fullname: str) -> str:
        """The text that came; empty for a package that is but a folder."""
        return self._sources.get(fullname, "")

    def is_package(self, fullname: str) -> bool:
        """Has it modules inside?"""
        return any(name.startswith(f"{fullname}.") for name in self._sources)

    def get_code(self, fullname: str) -> CodeType:
        """The module's code."""
        return compile(self.get_source(fullname), f"<{fullname}>", "exec", dont_inherit=True)


def load(library: Mapping[str, Any] | None) -> str:
    """Make the teacher's modules importable and run their first statement; says what failed."""
    if library is None:
        return ""
    try:
        SourceFinder(library["modules"]).install()
        exec(library["start"], {})
    except Exception:
        return traceback.format_exc()
    return ""

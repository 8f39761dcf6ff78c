"""The database behind a gradebook: where it is, how it is kept, and what to say when it fails.

SQLite's single file is the default. PostgreSQL is reached through psycopg 3.
"""

import gzip
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from autograder.disk import json_bytes, write_whole
from autograder.errors import MachineError, UsageError
from autograder.extras import what_to_install

KEPT_BACKUPS = 20
POSTGRESQL = ("postgresql://", "postgres://")
COURSE = "apple_in_context"


def with_driver(url: str) -> str:
    """An address as SQLAlchemy needs it: `postgresql://…` names the driver that we install."""
    for start in POSTGRESQL:
        if url.startswith(start):
            return "postgresql+psycopg://" + url.removeprefix(start)
    return url


def without_password(url: str) -> str:
    """An address that may be shown."""
    from sqlalchemy import make_url

    return make_url(url).render_as_string(hide_password=True)


@contextmanager
def open_database(url: str) -> Iterator:
    """nbgrader's own Gradebook at an address. Raises UsageError, MachineError."""
    from sqlalchemy import exc

    ours = (exc.DataError, exc.IntegrityError, exc.InternalError, exc.ProgrammingError)
    try:
        shown = without_password(url)
    except (exc.ArgumentError, ValueError) as error:
        raise UsageError(f"{error}; a gradebook is at postgresql://user@host/name") from error
    try:
        with _gradebook(url) as gradebook:
            yield gradebook
    except exc.NoSuchModuleError as error:
        raise UsageError(f"{shown}: no such kind of database is known here") from error
    except (exc.DatabaseError, exc.InterfaceError, sqlite3.OperationalError) as error:
        if isinstance(error, ours):
            raise
        said = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise MachineError(
            f"the gradebook {shown} cannot be used: {said}. No score of this run was written to "
            "it; what was graded is kept, and the next `autograder grade` writes it."
        ) from error


def _gradebook(url: str):
    from nbgrader.api import Gradebook
    from sqlalchemy import inspect, text

    try:
        gradebook = Gradebook(url, COURSE)
    except ModuleNotFoundError as error:
        known = what_to_install(error.name or "")
        raise UsageError(known or f"{url.split(':')[0]} needs the package {error.name}") from error
    if not inspect(gradebook.engine).has_table("alembic_version"):
        # a process that is killed while nbgrader makes the tables leaves them without a version
        from nbgrader.api import get_alembic_version

        gradebook.db.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        version = text("INSERT INTO alembic_version (version_num) VALUES (:version)")
        gradebook.db.execute(version, {"version": get_alembic_version()})
        gradebook.db.commit()
    return gradebook


def back_up(gradebook, folder: Path, changes: list[dict]) -> None:
    """Keep what is about to change: old → new of each score, and the whole of the gradebook.

    An SQLite file is copied. Of any other database every table is kept as JSON: enough to put
    scores back by hand, and no replacement for the database's own backups.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    write_whole(folder / f"{stamp}.changes.json", json_bytes(changes, indent=1))
    if gradebook.engine.dialect.name == "sqlite":
        _copy_sqlite(Path(gradebook.engine.url.database), folder / f"{stamp}.db")
    else:
        tables = gzip.compress(json_bytes(_tables(gradebook), default=str))
        write_whole(folder / f"{stamp}.tables.json.gz", tables)
    for pattern in ("*.changes.json", "*.db", "*.tables.json.gz"):
        for path in sorted(folder.glob(pattern))[:-KEPT_BACKUPS]:
            path.unlink()


def _copy_sqlite(database: Path, copy: Path) -> None:
    draft = copy.with_name(".copy.draft")
    draft.unlink(missing_ok=True)
    try:
        old, new = sqlite3.connect(database), sqlite3.connect(draft)
        try:
            old.backup(new)
        finally:
            new.close()
            old.close()
        os.replace(draft, copy)
    finally:
        draft.unlink(missing_ok=True)


def _tables(gradebook) -> dict[str, list[dict]]:
    from nbgrader.api import Base
    from sqlalchemy import select

    return {
        table.name: [dict(row) for row in gradebook.db.execute(select(table)).mappings()]
        for table in Base.metadata.sorted_tables
    }

"""Grade on many machines: Dask carries submissions to workers, and their results back.

A worker holds a pair of warm templates and nothing else: no class folder, no gradebook. A release
travels by its content, once to each worker. Only JSON crosses, in both directions, and learners'
code runs in the worker's sealed rooms, never in its own process. A worker that is lost takes
nothing with it: its submissions are graded by another.
"""

import asyncio
import hashlib
import json
import logging
import queue
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import nbformat

import autograder
from autograder.engine import Engine, Limits
from autograder.errors import IsolationError, MachineError, UsageError
from autograder.extras import need
from autograder.grading.grade import environment, grade_one
from autograder.grading.parse import Submission
from autograder.grading.release import Release
from autograder.grading.workers import Name, Task
from autograder.results import Result

AHEAD = 2  # submissions that a worker has, the one that runs included
ALONE_SECONDS = 60.0  # how long to wait for a worker when there is none
LOOK_SECONDS = 2.0
CONNECT_SECONDS = 15.0


class Cluster:
    """Grades on the workers of a Dask scheduler; see Workers.

    address: of a scheduler (`tls://host:8786`), or `local`: `workers` processes on this machine.
    """

    def __init__(
        self,
        address: str,
        workers: int | None = None,
        limits: Limits | None = None,
        seed: int = 0,
        *,
        isolation: str = "bubblewrap",
    ) -> None:
        self._address, self._workers = address, workers
        engine = {"limits": asdict(limits or Limits()), "seed": seed, "isolation": isolation}
        self._settings = {"engine": engine, "fingerprint": fingerprint()}
        self._releases: dict[str, Any] = {}  # identity -> the future that holds the content
        self._name = f"autograder-{hashlib.sha256(_json(self._settings)).hexdigest()[:16]}"

    def __enter__(self) -> Self:
        """Connect, and have every worker start its templates. Raises MachineError, UsageError."""
        self._dask = _distributed()
        self._local = self._start_local() if self._address == "local" else None
        try:
            self._client = self._connect()
            self._client.register_plugin(_plugin(self._name, self._settings))
        except BaseException:
            self._close_local()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End the templates on the workers; leave a scheduler that is not ours as it was."""
        try:
            if self._local is None:
                self._client.unregister_worker_plugin(self._name)
            self._client.close()
        finally:
            self._close_local()

    def grade(self, tasks: Iterable[Task[Name]]) -> Iterator[tuple[Name, Result]]:
        """See Workers. Raises MachineError when a worker cannot grade, or none is left."""
        waiting = iter(tasks)
        running: dict[Any, tuple[Name, Release]] = {}
        done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        try:
            while True:
                free = AHEAD * max(1, self._n_workers()) - len(running)
                for name, release, submission in islice(waiting, max(0, free)):
                    future = self._submit(release, submission)
                    running[future] = name, release
                    future.add_done_callback(done.put)
                if not running:
                    return
                future = self._next(done)
                name, release = running.pop(future)
                yield name, _outcome(future, release)
        finally:
            self._client.cancel(list(running), force=True)

    def _submit(self, release: Release, submission: Submission) -> Any:
        if release.identity not in self._releases:  # made there, so that a lost one is made again
            content = _json(release.to_json())
            self._releases[release.identity] = self._client.submit(bytes, content, pure=True)
        content = self._releases[release.identity]
        job = _json(submission.to_json())
        return self._client.submit(run_job, self._name, content, job, pure=False)

    def _next(self, done: queue.SimpleQueue[Any]) -> Any:
        """The next future that is done; `as_completed` would wait for ever if no worker is left."""
        alone_since = None
        while True:
            try:
                return done.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                alone_since = None if self._n_workers() else alone_since or time.monotonic()
            if alone_since is not None and time.monotonic() - alone_since > ALONE_SECONDS:
                raise MachineError(
                    f"no worker has been at {self._address} for {ALONE_SECONDS:.0f} s. What was "
                    "graded is kept; start workers and run the command again to go on."
                )

    def _n_workers(self) -> int:
        return len(self._client.nthreads())

    def _connect(self) -> Any:
        if self._local is not None:
            return self._dask.Client(self._local)
        refuse_open_road(self._address)
        try:
            return self._dask.Client(self._address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise MachineError(f"no scheduler answers at {self._address}: {error}") from error

    def _start_local(self) -> Any:
        return self._dask.LocalCluster(
            n_workers=self._workers,
            threads_per_worker=1,
            host="127.0.0.1",
            protocol="tls",  # other users of this machine reach its loopback too
            security=self._dask.Security.temporary(),
            dashboard_address=None,
            memory_limit=0,  # learners' code is not in the workers; the rooms have their own limit
            silence_logs=logging.CRITICAL,
            scheduler_kwargs={"allowed_failures": 1},  # one extra run, as everywhere
        )

    def _close_local(self) -> None:
        if self._local is not None:
            self._local.close()


def refuse_open_road(address: str) -> None:
    """Whoever reaches a scheduler runs programs as you: TLS, or this machine. Else UsageError."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme != "tls" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise UsageError(
            f"{address} is another machine, and the connection is not sealed: use tls:// with "
            "certificates (Dask's `distributed.comm.tls` settings), or a tunnel to 127.0.0.1"
        )


def fingerprint() -> dict[str, Any]:
    """What must be the same here and on a worker, or a score would depend on where it was made."""
    package = Path(autograder.__file__).parent
    folders = [package / name for name in ("course", "engine", "grading")]
    files = [*package.glob("*.py"), *(path for folder in folders for path in folder.rglob("*.py"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()
    return {"versions": environment(), "autograder": digest}


def run_job(name: str, release: bytes, submission: bytes) -> bytes:
    """On a worker: grade one submission in its rooms."""
    rooms: Rooms = _distributed().get_worker().plugins[name]
    return rooms.run(release, submission)


def _outcome(future: Any, release: Release) -> Result:
    """What a worker says of a task. Raises MachineError where that worker cannot grade at all."""
    if future.status != "finished":
        reason = f"the cluster lost it: {future.status}, {future.exception()!r}"
        return release.result("engine_fault", reason)
    said = json.loads(future.result())
    if "refused" in said:
        raise MachineError(f"a worker cannot grade: {said['refused']}")
    result = Result.from_json(said["result"])
    result.notebook = nbformat.from_dict(said["notebook"]) if said["notebook"] else None
    return result


class Rooms:
    """What a worker holds: an engine for one submission at a time, or why there is none."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._engine: Engine | None = None
        self._refusal = ""
        self._releases: dict[bytes, Release] = {}

    async def setup(self, worker: object) -> None:
        """Start the templates, while the worker goes on to tell the scheduler that it lives."""
        await asyncio.to_thread(self._start)

    async def teardown(self, worker: object) -> None:
        """End the templates."""
        if self._engine is not None:
            await asyncio.to_thread(self._engine.__exit__)

    def _start(self) -> None:
        theirs, ours = self._settings["fingerprint"], fingerprint()
        if json.loads(_json(ours)) != json.loads(_json(theirs)):
            self._refusal = f"it has {ours}, and the class is graded with {theirs}"
            return
        how = self._settings["engine"]
        limits = Limits(**how["limits"])
        engine = Engine(workers=1, limits=limits, seed=how["seed"], isolation=how["isolation"])
        try:
            self._engine = engine.__enter__()
        except MachineError as error:
            self._refusal = str(error)

    def run(self, release: bytes, submission: bytes) -> bytes:
        """Grade one submission: JSON in, JSON out."""
        if self._engine is None:
            return _json({"refused": self._refusal})
        if release not in self._releases:
            self._releases[release] = Release(**json.loads(release))
        handed_in = Submission.from_json(json.loads(submission))
        try:
            result = grade_one(self._releases[release], handed_in, self._engine)
        except IsolationError as error:
            return _json({"refused": str(error)})
        return _json({"result": result.to_json(), "notebook": result.notebook})


def _plugin(name: str, settings: dict[str, Any]) -> Rooms:
    """`Rooms` as Dask wants it: a class of its own kind, with a name."""

    kind = type("Plugin", (Rooms, _distributed().WorkerPlugin), {"name": name})
    plugin: Rooms = kind(settings)
    return plugin


def _distributed() -> Any:
    need("distributed")
    return import_module("distributed")


def _json(value: object) -> bytes:
    return json.dumps(value).encode()

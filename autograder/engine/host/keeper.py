"""Starts a pair of templates and ends it."""

import threading
import time

from autograder.engine.host.bubblewrap import HELP, Sandbox
from autograder.engine.host.limits import Limits
from autograder.engine.host.opening import Openings
from autograder.engine.host.rooms import ForkedRoom, RoomEnded
from autograder.engine.host.warm import BOOT_SECONDS, StartedTemplate, Template, TemplateKind
from autograder.errors import EngineFault, IsolationError

_TRIAL_SECONDS = 30.0


class Keeper:
    """A pair of templates, those opened from them, and the thread that started them.

    bubblewrap ends with the thread that began it.
    """

    def __init__(
        self,
        kinds: list[TemplateKind],
        sandbox: Sandbox | None,
        n_processes: int,
        figures: bool,
    ) -> None:
        self.templates: list[StartedTemplate] = []
        self._fault: BaseException | None = None
        self._warm = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(
            target=self._keep, args=(kinds, sandbox, n_processes), name="engine-keeper", daemon=True
        )
        self._thread.start()
        try:
            self._warm.wait()
        except BaseException:
            self._end_templates()
            raise
        if self._fault is not None:
            self._end_templates()
            raise self._fault
        learner, examiner = self.templates
        self.openings = Openings(learner, examiner, figures)

    def close(self) -> None:
        """End all templates."""
        self._end_templates()
        self.openings.close()

    def _end_templates(self) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self, kinds: list[TemplateKind], sandbox: Sandbox | None, n_processes: int) -> None:
        try:
            self.templates = [StartedTemplate(kind, sandbox, n_processes) for kind in kinds]
            for template in self.templates:
                template.wait_until_warm(BOOT_SECONDS)
            if sandbox is not None:
                for template in self.templates:
                    _try_a_room(template)
        except BaseException as fault:
            self._fault = fault
        self._warm.set()
        self._over.wait()
        for template in self.templates:
            template.close()


def _try_a_room(template: Template) -> None:
    """Seal one room before any submission comes. Raises IsolationError."""
    try:
        room = ForkedRoom(template, Limits(), sealed=True, figures=False)
        try:
            room.report(room.start({"do": "account"}), time.monotonic() + _TRIAL_SECONDS)
        finally:
            room.close()
    except (EngineFault, RoomEnded) as fault:
        raise IsolationError(f"a room could not be sealed: {fault}. {HELP}") from fault

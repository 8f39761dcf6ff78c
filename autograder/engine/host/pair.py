"""The two rooms of one submission: made together, joined, and made anew when one ends."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.engine.host.rooms import RoomEnded, RoomHandle
from autograder.errors import EngineFault, RoomKilled

Command = dict[str, Any]

_ACCOUNT_SECONDS = 1.0


@dataclass
class Side:
    """A room, what makes one, and the cells that a new one must run again."""

    make_room: Callable[[], RoomHandle]
    room: RoomHandle | None = None
    history: list[Command] = field(default_factory=list)

    @property
    def present(self) -> RoomHandle:
        """The room that `Pair.ready` has seen to. Raises EngineFault where there is none."""
        if self.room is None:
            raise EngineFault("a room was asked for before it was made")
        return self.room


class Pair:
    """The learner's room and the examiner's.

    The honest path pays for no checkpoint: a room that ended is replaced by a fresh one, in which
    the earlier cells run again.
    """

    def __init__(
        self,
        learner: Callable[[], RoomHandle],
        examiner: Callable[[], RoomHandle],
        *,
        forgiving: bool,  # a room that another killed is no fault of the learner's
    ) -> None:
        self.learner = Side(learner)
        self.examiner = Side(examiner)
        self._forgiving = forgiving
        self.cpu_seconds = 0.0
        self.learner_cpu_seconds = 0.0  # by the learner's room's own account

    def ready(self, deadline: float) -> None:
        """See to it that both rooms are there and up to date. Raises RoomEnded when out of time."""
        for side in (self.learner, self.examiner):
            if side.room is not None and not side.room.is_alive():
                self.end(side)
        while self.learner.room is None or self.examiner.room is None:
            self._make_missing(deadline)

    def end(self, side: Side) -> None:
        """Kill a room, if there is one, and wait until it is gone. Raises RoomKilled."""
        room, side.room = side.room, None
        if room is not None:
            self.cpu_seconds += room.close()
            if room.was_killed and self._forgiving:
                raise RoomKilled("a room was killed from outside")

    def account(self) -> None:
        """Ask the learner's room what its cells have used; it need not answer."""
        room = self.learner.room
        if room is None:
            return
        with contextlib.suppress(RoomEnded):
            nonce = room.start({"do": "account"})
            report = room.report(nonce, time.monotonic() + _ACCOUNT_SECONDS)
            self.learner_cpu_seconds += report.learner_cpu_seconds

    def close(self) -> None:
        """End both rooms."""
        for side in (self.learner, self.examiner):
            if side.room is not None:
                side.room.kill()  # both at once: the kernel takes its time to clear them away
        try:
            self.end(self.learner)
        finally:
            self.end(self.examiner)

    def _make_missing(self, deadline: float) -> None:
        sides = (self.learner, self.examiner)
        missing = [side for side in sides if side.room is None]
        for side in missing:
            side.room = side.make_room()
        try:
            self.learner.present.meet(self.examiner.present)
        except RoomEnded:  # a survivor is not what it seemed
            self.close()
            return
        for side in missing:
            self._replay(side, deadline)

    def _replay(self, side: Side, deadline: float) -> None:
        """Run the earlier cells again; one that now ends the room is not run a third time."""
        for command in list(side.history):
            try:
                side.present.report(side.present.start(command), deadline)
            except RoomEnded as ended:
                side.history.remove(command)
                self.end(side)
                if ended.status == "timeout":
                    raise
                return

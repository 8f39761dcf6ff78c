"""What can go wrong that is not the learner's doing."""


class IsolationError(RuntimeError):
    """This machine cannot seal the rooms as asked; nothing was run and nothing may be scored."""


class EngineFault(RuntimeError):
    """The engine itself failed; the run says nothing about the learner and may be tried again."""


class RoomKilled(EngineFault):
    """A room was killed, and not by us: by a person, by a kernel short of memory, or by a limit.

    Process 1 of a namespace cannot be killed from inside, so nothing is held against the learner
    until it happens again.
    """

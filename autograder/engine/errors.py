"""What can go wrong that is not the learner's doing."""


class IsolationError(RuntimeError):
    """This machine cannot seal the rooms as asked; nothing was run and nothing may be scored."""


class EngineFault(RuntimeError):
    """The engine itself failed; the run says nothing about the learner and may be tried again."""

"""The learner's side of a call: does what the examiner asks, with the learner's own objects."""

import contextlib
import operator
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.engine.protocol import describe_exception, unpack_arguments
from autograder.engine.room.shell import Cells
from autograder.engine.seeds import seed_everything
from autograder.engine.wire import NotPlain, decode, encode

_MAY_CHANGE = (np.ndarray, list, dict, set, tuple)  # a tuple by what it holds
_TEXT_PER_CALL = 100_000


class Service:
    """Answers requests. Objects that are not plain data stay here, under a number."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._objects: list[Any] = []
        self._numbers: dict[int, int] = {}
        self.cpu_seconds = 0.0

    def answers(self, request: bytes) -> Iterator[bytes]:
        """The encoded answers to one encoded request, which asks for one thing or for several."""
        number, operation, target, calls, context = decode(request, from_handle=self._object)
        for call in calls:
            yield self._answer(number, operation, target, call, context)

    def _answer(
        self, number: int, operation: str, target: Any, call: list[Any], context: dict[str, Any]
    ) -> bytes:
        distinct, *layout = call
        before = [_fingerprint(argument) for argument in distinct]
        args, kwargs = unpack_arguments(distinct, *layout)
        outputs = self._cells.begin()
        try:
            with _context(context):
                outcome: tuple[str, Any] = ("ok", self._do(operation, target, args, kwargs))
        except BaseException as error:
            outcome = ("error", describe_exception(error))
        self._cells.collect_raw(outputs)
        texts = [
            [item["name"], item["text"][:_TEXT_PER_CALL]]
            for item in outputs.finish()
            if item["output_type"] == "stream"
        ]
        changed = [
            [i, argument]
            for i, argument in enumerate(distinct)
            if before[i] is not None and _fingerprint(argument) != before[i]
        ]
        return self._encode(number, outcome, changed, texts)

    def _encode(
        self, number: int, outcome: tuple[str, Any], changed: list[Any], texts: list[Any]
    ) -> bytes:
        try:
            return encode([number, *outcome, changed, texts], to_handle=self._number_of)
        except NotPlain as refusal:
            error = describe_exception(ValueError(f"the value cannot be graded: {refusal}"))
            return encode([number, "error", error, [], texts])

    def _do(self, operation: str, target: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if operation == "names":
            seed_everything(target)
            namespace = self._cells.shell.user_ns
            return {name: namespace[name] for name in args if name in namespace}
        return _DO[operation](target, *args, **kwargs)

    def _number_of(self, obj: Any) -> tuple[int, str]:
        if id(obj) not in self._numbers:
            self._numbers[id(obj)] = len(self._objects)
            self._objects.append(obj)
        return self._numbers[id(obj)], type.__getattribute__(type(obj), "__name__")

    def _object(self, number: int, name: str) -> Any:
        return self._objects[number]


def _call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    value = function(*args, **kwargs)
    if hasattr(value, "__await__"):
        import asyncio

        return asyncio.run(_wait_for(value))
    return value


async def _wait_for(awaitable: Any) -> Any:
    return await awaitable


_DO: dict[str, Callable[..., Any]] = {
    "call": _call,
    "getattr": getattr,
    "setattr": setattr,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "len": len,
    "iter": iter,
    "next": next,
}


def _fingerprint(argument: Any) -> Any:
    """What tells whether an argument was changed in place; None for what cannot be."""
    torch = sys.modules.get("torch")
    is_tensor = torch is not None and isinstance(argument, torch.Tensor)
    if not is_tensor and not isinstance(argument, _MAY_CHANGE):
        return None
    if type(argument) is np.ndarray and not argument.dtype.hasobject:
        layout = (argument.dtype, argument.shape, argument.strides, argument.flags.writeable)
        return *layout, argument.tobytes()
    try:
        return encode(argument)
    except NotPlain:
        return None


@contextlib.contextmanager
def _context(asked: dict[str, Any]) -> Iterator[None]:
    """Be under the same torch.no_grad() and np.errstate(...) as the examiner's caller."""
    with contextlib.ExitStack() as stack:
        if "errstate" in asked:
            stack.enter_context(np.errstate(**asked["errstate"]))
        if "no_grad" in asked:
            import torch

            stack.enter_context(torch.no_grad())
        yield

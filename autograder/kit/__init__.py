"""What the tests of a graded function are made of: cases, properties, comparisons."""

from autograder.kit.compare import Check, Returned, inputs_untouched, same_dtype, same_values
from autograder.kit.exercise import Exercise, call

__all__ = [
    "Check",
    "Exercise",
    "Returned",
    "call",
    "inputs_untouched",
    "same_dtype",
    "same_values",
]

"""What the tests of a graded function are made of: cases, properties, comparisons."""

from autograder.kit.compare import (
    Array,
    Check,
    Difference,
    Returned,
    inputs_untouched,
    same_dtype,
    same_values,
)
from autograder.kit.exercise import Case, Exercise, call

__all__ = [
    "Array",
    "Case",
    "Check",
    "Difference",
    "Exercise",
    "Returned",
    "call",
    "inputs_untouched",
    "same_dtype",
    "same_values",
]

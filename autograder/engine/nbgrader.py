"""The name under which classes of the first edition find the autograder in their configuration."""

from importlib import import_module

AUTOGRADE_PREPROCESSORS = import_module("autograder.classroom.autograde").AUTOGRADE_PREPROCESSORS

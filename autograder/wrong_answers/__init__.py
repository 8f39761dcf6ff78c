"""Typical mistakes: one file per graded function; a function's name and docstring say what."""

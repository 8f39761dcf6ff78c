"""Submissions in, results out: read, merge, run, score."""

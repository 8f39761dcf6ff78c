"""The course's own notebooks: chapters in, notebooks out, and what their cells are."""

"""The path of apple′ from chapter 13's own training run: its cells are run, none is copied."""

import contextlib
import io
import symtable
from pathlib import Path

import numpy as np
from autograder.course.source import read_chapter

CHAPTER = Path(__file__).resolve().parent.parent / "13_learning.py"
SEEDS = [9, 0, 1]  # the chapter draws its last seed, 9
TWINS = slice(2, 4)  # of the chapter's STORY: the two twins
KEPT = [
    *range(0, 20, 2),
    *range(20, 80, 5),
    *range(80, 200, 15),
    199,
]  # steps of training


def read_path():
    """Sentences, word vectors, and at each kept step the weights of *apple*, by seed."""
    chapter = run_cells_for({"train_the_map"}, CHAPTER)
    sentences = [sentence.split() for sentence in chapter["STORY"][TWINS]]
    runs = [
        {"seed": seed, "weights": _weights_by_step(chapter, seed)} for seed in SEEDS
    ]
    return {
        "sentences": sentences,
        "X": [[chapter["meaning"][word] for word in words] for words in sentences],
        "steps": KEPT,
        "runs": runs,
    }


def _weights_by_step(chapter, seed):
    """Train once, noting the weights that the chapter computes on the way, (steps, 2, n)."""
    seen, watched = [], chapter["apple_on_the_map"]
    n_story = len(chapter["STORY"])

    def watching(tokens, W_Q, W_K):
        mixed, weights = watched(tokens, W_Q, W_K)
        if len(tokens) == n_story:  # the story, not a batch of training
            seen.append(weights.detach().numpy()[TWINS])
        return mixed, weights

    chapter["apple_on_the_map"] = watching
    try:
        chapter["train_the_map"](seed)
    finally:
        chapter["apple_on_the_map"] = watched
    n_words = len(chapter["STORY"][TWINS][0].split())
    return np.array(seen)[KEPT, :, :n_words]


def run_cells_for(wanted, path):
    """Run those cells of a chapter that define the wanted names or what these need."""
    cells = [
        cell.source for cell in read_chapter(path).cells if cell.cell_type == "code"
    ]
    needed, chosen = set(wanted), []
    for source in reversed(cells):
        made, used = _names(source)
        if made & needed:
            chosen.append(source)
            needed |= used
    namespace = {"__name__": "chapter"}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in reversed(chosen):
            exec(compile(source, str(path), "exec"), namespace)
    return namespace


def _names(source):
    """The names that a cell makes, and the global names that it uses."""
    table = symtable.symtable(source, "cell", "exec")
    made = {
        s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()
    }
    used, scopes = {s.get_name() for s in table.get_symbols()}, table.get_children()
    while scopes:
        scope = scopes.pop()
        used |= {s.get_name() for s in scope.get_symbols() if s.is_global()}
        scopes += scope.get_children()
    return made, used

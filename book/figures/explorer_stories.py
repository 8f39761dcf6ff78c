"""The sentences of the explorer: toy vectors and matrices, and the mechanism on them by NumPy."""

import itertools

import numpy as np

AXES = ["tech", "fruit", "feeling", "thing"]
# Chapter 9's words and matrices: a head that asks for the kind, and one that asks for a feeling.
WORDS = {
    "i": [0, 0, 0, 0],
    "love": [0, 0, 1, 0],
    "apple": [1, 1, 0, 1],
    "phones": [2, 0, 0, 1],
    "juice": [0, 2, 0, 1],
    "watch": [1, 0, 1, 1],
    "orange": [0, 1, 0, 1],
}
# The same axes under other names: (living, place, state, thing). "it" lies between, as apple does.
REFERENT_AXES = ["living", "place", "state", "thing"]
REFERENT_WORDS = {
    "the": [0, 0, 0, 0],
    "animal": [2, 0, 0, 1],
    "didn't": [0, 0, 0, 0],
    "cross": [0.5, 0.5, 0, 0],
    "street": [0, 2, 0, 1],
    "because": [0, 0, 0, 0],
    "it": [1, 1, 0, 1],
    "was": [0, 0, 0, 0],
    "too": [0, 0, 0.5, 0],
    "tired": [2, 0, 1, 0],
    "wide": [0, 2, 1, 0],
}
MATRICES = {
    "W_Q": np.array(
        [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 4, 0]], dtype=float
    ),
    "W_K": np.diag([1.0, 1.0, 1.0, 0.0]),
    "W_V": np.eye(4),
    "W_O": np.array(
        [[1.5, -0.5, 0, 0.5], [-0.5, 1.5, 0, 0.5], [0, 0, 1, 0], [0, 0, 0, 1]]
    ),
}


def making():
    """Chapters 6 to 8: nine random toy vectors; their head is head 1, and we draw a second."""
    words = [
        "the",
        "transformer",
        "is",
        "making",
        "it",
        "possible",
        "to",
        "understand",
        "language",
    ]
    toy = np.random.default_rng(9)
    X = toy.normal(size=(9, 4)).round(1) + 0.0
    sizes = {"W_Q": (4, 3), "W_K": (4, 3), "W_V": (4, 2)}
    first = {
        name: (toy.normal(size=size) / 2).round(1) + 0.0 for name, size in sizes.items()
    }
    second = {
        name: (toy.normal(size=size) / 2).round(1) + 0.0 for name, size in sizes.items()
    }
    W = {name: np.hstack([first[name], second[name]]) for name in sizes}
    W["W_O"] = (toy.normal(size=(4, 4)) / 2).round(1) + 0.0
    return words, X, W


def vector_of(word):
    """Four toy numbers for a word that the book does not have, made from its letters."""
    state = 2166136261  # FNV-1a, 32 bits
    for byte in word.encode():
        state = ((state ^ byte) * 16777619) % 2**32
    numbers = []
    for _ in range(3):
        state = (state * 1664525 + 1013904223) % 2**32
        numbers.append((state >> 24) % 5 / 2)  # 0, 0.5, 1, 1.5 or 2
    return [*numbers, float((state >> 16) % 2)]


def multi_head(X, W, n_heads, causal):
    """Every step of multi-head self-attention; masked scores are None in the file."""
    n = len(X)
    Q, K, V = (X @ W[name] for name in ["W_Q", "W_K", "W_V"])
    heads = []
    for q, k, v in zip(*(np.split(M, n_heads, axis=1) for M in (Q, K, V)), strict=True):
        scores = q @ k.T
        scaled = scores / np.sqrt(k.shape[1])
        masked = np.where(np.tri(n, dtype=bool) | (not causal), scaled, -np.inf)
        strengths = np.exp(masked - masked.max(axis=1, keepdims=True))
        weights = strengths / strengths.sum(axis=1, keepdims=True)
        heads.append(
            {"scores": scores, "scaled": scaled, "masked": masked}
            | {"weights": weights, "output": weights @ v}
        )
    concat = np.hstack([head["output"] for head in heads])
    return {
        "Q": Q,
        "K": K,
        "V": V,
        "heads": heads,
        "concat": concat,
        "output": concat @ W["W_O"],
    }


def stories():
    """What the explorer opens with, and its checked states."""
    found = {}
    for name, sentence, words, axes in [
        ("phones", "love apple phones", WORDS, AXES),
        ("juice", "love apple juice", WORDS, AXES),
        ("tired", "the animal didn't cross the street because it was too tired",
         REFERENT_WORDS, REFERENT_AXES),
        ("wide", "the animal didn't cross the street because it was too wide",
         REFERENT_WORDS, REFERENT_AXES),
    ]:  # fmt: skip
        tokens = sentence.split()
        found[name] = {
            "words": tokens,
            "axes": axes,
            "X": [words[token] for token in tokens],
        }
        found[name] |= {"matrices": "story", "heads": [1, 2, 4]}
    words, X, W = making()
    found["making"] = {"words": words, "axes": ["0", "1", "2", "3"], "X": X}
    found["making"] |= {"matrices": "making", "heads": [2, 1]}
    matrices = {"story": MATRICES, "making": W}
    start = {"stories": found, "matrices": matrices, "words": WORDS, "axes": AXES}

    states = []
    for (name, story), causal in itertools.product(found.items(), [False, True]):
        for n_heads in story["heads"]:
            state = {"story": name, "n_heads": n_heads, "causal": causal}
            X = np.array(story["X"], dtype=float)
            states.append(
                state | multi_head(X, matrices[story["matrices"]], n_heads, causal)
            )
    own = ["every", "word", "apple", "naïve", "x"]
    letters = [
        {"word": word, "vector": vector_of(word)} for word in own if word not in WORDS
    ]
    return start, {"states": states, "letters": letters}

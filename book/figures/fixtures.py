"""Write what the live figures open with (start/) and the states they are tested on (fixtures.json).

`python book/figures/fixtures.py` writes the files, `--check` compares them with a fresh run.
Every number is computed here, by NumPy; the figures compute theirs in the browser.
"""

import itertools
import json
import sys
from pathlib import Path

import explorer_stories
import numpy as np

HERE = Path(__file__).resolve().parent
DIGITS = 9

VECTORS = {  # chapter 1: (tech, fruit, feeling)
    "love": [0.0, 0.0, 1.0],
    "apple": [1.0, 1.0, 0.0],
    "phones": [2.0, 0.0, 0.0],
    "juice": [0.0, 2.0, 0.0],
}


def softmax(scores):
    """Shares along the last axis; -inf gets exactly 0."""
    strengths = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return strengths / strengths.sum(axis=-1, keepdims=True)


def mixing():
    """Chapter 2: shares and the vectors that they mix."""
    start = {"vectors": VECTORS, "weights": [0.1, 0.5, 0.4]}
    states = []
    for third, share, k in itertools.product(
        ["phones", "juice"], [0, 0.25, 0.6, 1], range(3)
    ):
        others = [w for i, w in enumerate(start["weights"]) if i != k]
        weights = np.insert(np.array(others) / sum(others) * (1 - share), k, share)
        X = np.array([VECTORS[word] for word in ["love", "apple", third]])
        states.append(
            {
                "third": third,
                "chosen": k,
                "share": share,
                "weights": weights,
                "apple": weights @ X,
            }
        )
    return start, states


def arrows():
    """Chapter 3: dot product, lengths, cosine and shadow of two arrows."""
    words = {"phones": [4.0, 0.0], "juice": [0.0, 4.0], "love": [-1.0, 0.0]}
    start = {"apple": [2.0, 2.0], "words": words}
    others = [
        *words.values(),
        [5.0, 0.0],
        [0.0, -4.0],
        [3 * np.cos(2.0), 3 * np.sin(2.0)],
    ]
    states = []
    for apple, other in itertools.product([[2.0, 2.0], [0.5, -3.0]], others):
        a, b = np.array(apple), np.array(other)
        lengths = np.array([np.sqrt(a @ a), np.sqrt(b @ b)])
        states.append(
            {
                "apple": a,
                "other": b,
                "dot": a @ b,
                "lengths": lengths,
                "cosine": a @ b / lengths.prod(),
                "shadow": a @ b / lengths[0],
            }
        )
    return start, states


def temperature():
    """Chapter 4: shares of three rows of scores at every stop of the slider."""
    making = [
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
    rows = {
        "story": {"words": ["love", "apple", "phones"], "scores": [1.0, 3.0, 6.0]},
        "arrows": {"words": ["love", "apple", "phones"], "scores": [-2.0, 8.0, 8.0]},
        "making": {
            "words": making,
            "scores": [0.1, 0.8, 0.2, 0.9, 0.7, 0.3, 0.1, 0.6, 0.4],
        },
    }
    stops = [0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 5.5, 6, 7, 10, 20, 50, 100]
    states = []
    for (name, row), T in itertools.product(rows.items(), stops):
        scores = np.array(row["scores"])
        states.append(
            {
                "row": name,
                "T": T,
                "weights": softmax(scores / T),
                "plain": scores / scores.sum(),
            }
        )
    return {"rows": rows, "temperatures": stops, "temperature": 1}, states


def swap_keys():
    """Chapter 6: apple in "love apple watch" under key and value matrices that can be swapped."""
    X = np.array(
        [[0, 0, 1, 0], [1, 1, 0, 0], [1, 0, 1, 1.0]]
    )  # (tech, fruit, feeling, product)
    W_Q = np.array([[1, 0], [1, 0], [0, 0.5], [0, 0]])
    W_K = {}
    for row, name in [(3, "product"), (2, "feeling"), (0, "tech"), (1, "fruit")]:
        W_K[name] = np.zeros((4, 2))
        W_K[name][row, 0] = W_K[name][1, 1] = 1.0
    W_V = {"as they are": np.eye(4)[:, :2], "crossed": np.eye(4)[:, 1::-1]}
    states = []
    for keys, values in itertools.product(W_K, W_V):
        K, V = X @ W_K[keys], X @ W_V[values]
        scores = X[1] @ W_Q @ K.T
        weights = softmax(scores)
        states.append(
            {"keys": keys, "values": values, "K": K, "V": V, "scores": scores}
            | {"weights": weights, "output": weights @ V}
        )
    start = {
        "words": ["love", "apple", "watch"],
        "X": X,
        "W_Q": W_Q,
        "W_K": W_K,
        "W_V": W_V,
    }
    return start, states


def scaling():
    """Chapter 8: one query and 16 keys, seen with more and more of their numbers."""
    rng = np.random.default_rng(8)
    sizes, reach, n_bins = [2**k for k in range(11)], 75, 75
    query, keys = rng.normal(size=1024), rng.normal(size=(16, 1024))
    scores = [keys[:, :d] @ query[:d] for d in sizes]
    many_q, many_k = rng.normal(size=(1000, 1, 1024)), rng.normal(size=(1000, 16, 1024))
    spreads, counts, scaled_counts, largest, largest_scaled = [], [], [], [], []
    for d in sizes:
        many = (many_q[..., :d] * many_k[..., :d]).sum(axis=-1)  # (1000, 16)
        spreads.append(many.std())
        for divisor, histogram, most in [
            (1.0, counts, largest),
            (np.sqrt(d), scaled_counts, largest_scaled),
        ]:
            histogram.append(np.histogram(many / divisor, n_bins, (-reach, reach))[0])
            most.append(softmax(many / divisor).max(axis=-1).mean())
    start = {
        "sizes": sizes,
        "d": 64,
        "reach": reach,
        "scores": scores,
        "spreads": spreads,
    }
    start |= {"counts": counts, "scaled_counts": scaled_counts}
    start |= {"mean_largest": largest, "mean_largest_scaled": largest_scaled}
    states = [
        {
            "d": d,
            "scores": s,
            "weights": softmax(s),
            "scaledWeights": softmax(s / np.sqrt(d)),
        }
        for d, s in zip(sizes, scores, strict=True)
    ]
    return start, states


def merge():
    """Chapter 9: heads of numbered cells, merged by transposing first and by reshape alone."""
    words, width, choices = ["love", "apple", "phones"], 4, [1, 2, 4]
    states = []
    for heads, tokens, size in [(1, 3, 4), (2, 3, 2), (4, 3, 1), (3, 2, 5)]:
        H = np.arange(heads * tokens * size).reshape(heads, tokens, size)
        right = H.transpose(1, 0, 2).reshape(tokens, heads * size)
        wrong = H.reshape(tokens, heads * size)
        states.append({"heads": heads, "tokens": tokens, "size": size, "cells": H})
        states[-1] |= {"right": right, "wrong": wrong}
    return {"words": words, "width": width, "choices": choices, "heads": 2}, states


def encoder_decoder():
    """Chapter 10: scaled attention of both sentences, looking both ways and only back."""
    sentences, states = [], []
    for third in ["phones", "juice"]:
        words = ["love", "apple", third]
        X = np.array([VECTORS[word] for word in words])
        sentences.append({"words": words, "X": X})
        for causal in [False, True]:
            scores = X @ X.T / np.sqrt(3)
            if causal:
                scores = np.where(np.tri(3, dtype=bool), scores, -np.inf)
            weights = softmax(scores)
            states.append({"third": third, "causal": causal, "weights": weights})
            states[-1] |= {"output": weights @ X}
    return {"vectors": VECTORS, "sentences": sentences}, states


def learning_path():
    """Chapter 13: the weights of apple in the twins while its chapter's W_Q and W_K learn."""
    import learning_run  # brings torch, which the other figures do not need

    start = learning_run.read_path()
    start["X"] = np.round(start["X"], 6)
    states = []
    for run in start["runs"]:
        run["weights"] = np.round(np.asarray(run["weights"], dtype=float), 5)
        for k, twin in itertools.product(range(len(start["steps"])), range(2)):
            apple = run["weights"][k, twin] @ start["X"][twin]
            states.append({"seed": run["seed"], "k": k, "twin": twin, "apple": apple})
            states[-1] |= {"lean": apple[0] - apple[1]}
    return start, states


FIGURES = {
    "mixing": mixing,
    "arrows": arrows,
    "temperature": temperature,
    "swap_keys": swap_keys,
    "scaling": scaling,
    "merge": merge,
    "encoder_decoder": encoder_decoder,
    "learning_path": learning_path,
    "explorer": explorer_stories.stories,
}


def plain(value):
    """Arrays as lists, floats rounded, so that every machine writes the same text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.bool_ | bool):
        return bool(value)
    if isinstance(value, np.integer | int):
        return int(value)
    if isinstance(value, np.floating | float):
        if not np.isfinite(value):
            return None  # JSON has no infinity; a masked score
        rounded = float(f"{value:.{DIGITS}g}") + 0.0
        return int(rounded) if rounded == int(rounded) else rounded
    return value


def make(names):
    """What each named figure opens with, and the states of all of them."""
    made = {name: FIGURES[name]() for name in names}
    return {n: plain(s) for n, (s, _) in made.items()}, {
        n: plain(s) for n, (_, s) in made.items()
    }


def differences(old, new, where, tolerance):
    """Where two JSON values differ by more than the tolerance."""
    if isinstance(new, dict) and isinstance(old, dict) and old.keys() == new.keys():
        pairs = [(old[key], new[key], f"{where}.{key}") for key in new]
    elif isinstance(new, list) and isinstance(old, list) and len(old) == len(new):
        pairs = [
            (a, b, f"{where}[{i}]")
            for i, (a, b) in enumerate(zip(old, new, strict=True))
        ]
    elif isinstance(new, int | float) and isinstance(old, int | float):
        return [] if abs(old - new) <= tolerance else [f"{where}: {old}, now {new}"]
    else:
        return [] if old == new else [f"{where}: {old}, now {new}"]
    return [d for a, b, place in pairs for d in differences(a, b, place, tolerance)]


def check(names):
    """Where the files differ from a fresh run; training may differ a little between machines."""
    starts, states = make(names)
    stored = json.loads((HERE / "fixtures.json").read_text(encoding="utf-8"))
    found = []
    for name in names:
        tolerance = 5e-3 if name == "learning_path" else 1e-8
        start = json.loads(
            (HERE / "start" / f"{name}.json").read_text(encoding="utf-8")
        )
        found += differences(start, starts[name], name, tolerance)
        found += differences(stored[name], states[name], f"fixtures {name}", tolerance)
    return found


def write():
    """Write every file."""
    starts, states = make(FIGURES)
    (HERE / "start").mkdir(exist_ok=True)
    for name, start in starts.items():
        (HERE / "start" / f"{name}.json").write_text(dump(start), encoding="utf-8")
    (HERE / "fixtures.json").write_text(dump(states), encoding="utf-8")


def dump(value):
    """Compact JSON, one line per top entry."""
    lines = [
        f"{json.dumps(key)}:{json.dumps(item, ensure_ascii=False, separators=(',', ':'))}"
        for key, item in value.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        stale = check(FIGURES)
        sys.exit(
            "\n".join(["stale: run python book/figures/fixtures.py", *stale])
            if stale
            else 0
        )
    write()

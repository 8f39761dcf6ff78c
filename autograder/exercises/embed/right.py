"""embed, right in other ways."""

import numpy as np


def matrix_form(tokens, table):
    """One vector per token, made into an array."""
    return np.array([table[token] for token in tokens])


def stacked(tokens, table):
    """A list filled step by step, then stacked."""
    vectors = []
    for token in tokens:
        vectors.append(table[token])
    return np.stack(vectors)


def row_by_row(tokens, table):
    """An empty matrix of the right shape and dtype, filled row by row."""
    first = table[tokens[0]]
    X = np.empty((len(tokens), len(first)), dtype=first.dtype)
    for i, token in enumerate(tokens):
        X[i] = table[token]
    return X


def numbered_rows(tokens, table):
    """As a library does it: the table as one matrix, tokens as row numbers."""
    row_of = {word: i for i, word in enumerate(table)}
    E = np.stack(list(table.values()))
    return E[[row_of[token] for token in tokens]]


def one_hot_product(tokens, table):
    """A matrix of zeros and ones picks the rows out of the table."""
    words = list(table)
    E = np.stack([table[word] for word in words])
    picks = np.zeros((len(tokens), len(words)), dtype=E.dtype)
    for i, token in enumerate(tokens):
        if token not in table:
            raise KeyError(token)
        picks[i, words.index(token)] = 1
    return picks @ E


def through_torch(tokens, table):
    """The library's own, brought back to NumPy."""
    import torch

    row_of = {word: i for i, word in enumerate(table)}
    E = torch.from_numpy(np.stack(list(table.values())))
    ids = torch.tensor([row_of[token] for token in tokens])
    return torch.nn.functional.embedding(ids, E).numpy()

"""Unseen answers to `embed`."""

import operator

import numpy as np

from unseen import right, wrong


@wrong
def place_of_a_token_by_index(tokens, table):
    d = len(next(iter(table.values())))
    X = np.zeros((len(tokens), d), dtype=next(iter(table.values())).dtype)
    for token in tokens:
        X[tokens.index(token)] = table[token]
    return X


@wrong
def lower_case_first(tokens, table):
    return np.array([table[token.lower()] for token in tokens])


@wrong
def table_walked_instead_of_tokens(tokens, table):
    return np.array([vector for word, vector in table.items() if word in tokens])


@wrong
def unknown_words_skipped(tokens, table):
    return np.array([table[token] for token in tokens if token in table])


@wrong
def tokens_used_up(tokens, table):
    rows = []
    while tokens:
        rows.append(table[tokens.pop(0)])
    return np.array(rows)


@wrong
def column_stack(tokens, table):
    return np.column_stack([table[token] for token in tokens])


@wrong
def squeezed_rows(tokens, table):
    return np.squeeze(np.array([table[token] for token in tokens]))


@wrong
def value_error_for_unknown(tokens, table):
    for token in tokens:
        if token not in table:
            raise ValueError(f"unknown token {token}")
    return np.array([table[token] for token in tokens])


@wrong
def unknown_words_added_to_the_table(tokens, table):
    d = len(next(iter(table.values())))
    return np.array([table.setdefault(token, np.zeros(d)) for token in tokens])


@wrong
def from_an_empty_matrix(tokens, table):
    X = np.empty((0, len(next(iter(table.values())))))
    for token in tokens:
        X = np.vstack([X, table[token]])
    return X


@wrong
def unit_length(tokens, table):
    X = np.array([table[token] for token in tokens])
    return X / np.linalg.norm(X, axis=1, keepdims=True)


@wrong
def text_form_of_the_numbers(tokens, table):
    return np.array([[float(f"{number:.2f}") for number in table[token]] for token in tokens])


@wrong
def first_vector_for_the_unknown(tokens, table):
    return np.array([table.get(token, next(iter(table.values()))) for token in tokens])


@right
def rows_filled_one_by_one(tokens, table):
    first = table[tokens[0]]
    X = np.zeros((len(tokens), len(first)), dtype=first.dtype)
    for i, token in enumerate(tokens):
        X[i] = table[token]
    return X


@right
def numbered_table(tokens, table):
    place = {word: i for i, word in enumerate(table)}
    return np.array(list(table.values()))[[place[token] for token in tokens]]


@right
def itemgetter(tokens, table):
    return np.vstack([operator.getitem(table, token) for token in tokens])

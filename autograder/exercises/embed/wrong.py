"""What learners write for embed."""

import numpy as np


def the_whole_table(tokens, table):
    """These are all vectors of the table, and only those of the tokens were asked for.

    Hint: which of the two do you walk through, the tokens or the table?
    """
    return np.array(list(table.values()))


def order_of_the_table(tokens, table):
    """The rows stand in the order of the table, and not in that of the sentence.

    Hint: which of the two do you walk through, the tokens or the table?
    """
    return np.array([vector for word, vector in table.items() if word in tokens])


def alphabetical_order(tokens, table):
    """The rows stand in alphabetical order, and not in that of the sentence.

    Hint: the order of the tokens is part of what they say.
    """
    return np.array([table[token] for token in sorted(tokens)])


def each_token_once(tokens, table):
    """A token that comes twice gets only one row.

    Hint: as many rows as tokens, also where a token comes again.
    """
    return np.array([table[token] for token in dict.fromkeys(tokens)])


def sorted_and_once(tokens, table):
    """The tokens are sorted, and each is used once: `np.unique` does both.

    Hint: as many rows as tokens, in the order of the sentence.
    """
    return np.array([table[str(token)] for token in np.unique(tokens)])


def back_to_front(tokens, table):
    """The rows stand in the opposite order: the last token comes first.

    Hint: where does a new vector go, before the others or behind them?
    """
    return np.array([table[token] for token in reversed(tokens)])


def words_in_columns(tokens, table):
    """Each token's vector stands in a column, and a row was asked for.

    Hint: in this book a row is a token.
    """
    return np.array([table[token] for token in tokens]).T


def one_long_row(tokens, table):
    """All vectors are joined into one long row.

    Hint: to stack vectors is something else than to concatenate them.
    """
    return np.concatenate([table[token] for token in tokens])


def summed(tokens, table):
    """The vectors of all tokens are added up into one.

    Hint: nothing is mixed yet; each token keeps a row of its own.
    """
    return sum(table[token] for token in tokens)


def averaged(tokens, table):
    """The vectors of all tokens are averaged into one.

    Hint: nothing is mixed yet; each token keeps a row of its own.
    """
    return np.mean([table[token] for token in tokens], axis=0)


def first_token_only(tokens, table):
    """Only the first token's vector comes back: the function returns inside its loop.

    Hint: is the `return` indented under the loop?
    """
    for token in tokens:
        return table[token]


def last_token_only(tokens, table):
    """Only the last token's vector comes back: each one replaces the one before.

    Hint: collect the vectors, in a list for a start.
    """
    for token in tokens:
        vector = table[token]
    return vector


def last_token_left_out(tokens, table):
    """The last token has no row.

    Hint: a slice `[:-1]`, or a `range(n - 1)`, stops one too early.
    """
    return np.array([table[token] for token in tokens[:-1]])


def starts_with_zeros(tokens, table):
    """There is one row too many: a row of zeros stands before the first token.

    Hint: what does the matrix hold before the first vector is put below it?
    """
    X = np.zeros((1, len(table[tokens[0]])), dtype=table[tokens[0]].dtype)
    for token in tokens:
        X = np.vstack([X, table[token]])
    return X


def as_wide_as_the_sentence(tokens, table):
    """The matrix has as many columns as there are tokens: right for square ones only.

    Hint: how long is one vector of the table?
    """
    first = table[tokens[0]]
    X = np.zeros((len(tokens), len(tokens)), dtype=first.dtype)
    for i, token in enumerate(tokens):
        X[i] = table[token]
    return X


def always_three_numbers(tokens, table):
    """The matrix has 3 columns whatever the table holds.

    Hint: how long is one vector of the table?
    """
    X = np.zeros((len(tokens), 3), dtype=table[tokens[0]].dtype)
    for i, token in enumerate(tokens):
        X[i] = table[token]
    return X


def capitals_ignored(tokens, table):
    """*Apple* is looked up as *apple*: these are two tokens.

    Hint: look each token up as it is written.
    """
    return np.array([table[token.lower()] for token in tokens])


def a_list_of_vectors(tokens, table):
    """The vectors come back in a Python list, and one array was asked for.

    Hint: `np.array` makes a matrix of a list of vectors.
    """
    return [table[token] for token in tokens]


def a_dict_of_vectors(tokens, table):
    """A dict comes back, and one array was asked for.

    Hint: a dict has no place for a token that comes twice.
    """
    return {token: table[token] for token in tokens}


def nothing_returned(tokens, table):
    """The function returns None: computing or printing a result does not hand it back.

    Hint: is there a `return`?
    """
    np.array([table[token] for token in tokens])


def the_books_example(tokens, table):
    """The same matrix comes back whatever the sentence is.

    Hint: does your answer use both of its arguments?
    """
    return np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]])


def cut_to_whole_numbers(tokens, table):
    """The numbers are cut to whole ones: an integer array cannot hold what lies between.

    Hint: which dtype does the array have that you write the vectors into?
    """
    return np.array([table[token] for token in tokens], dtype=int)


def rounded(tokens, table):
    """The numbers are rounded, so they are no longer those of the table.

    Hint: round when you print, not when you compute.
    """
    return np.round(np.array([table[token] for token in tokens]), 2)


def always_float64(tokens, table):
    """The numbers are right, but float32 comes back as float64.

    Hint: `np.zeros(…)` is float64 unless you say otherwise.
    """
    X = np.zeros((len(tokens), len(table[tokens[0]])))
    for i, token in enumerate(tokens):
        X[i] = table[token]
    return X


def always_float32(tokens, table):
    """The numbers have lost digits: float64 comes back as float32.

    Hint: which call in your answer makes float32 out of everything?
    """
    return np.array([table[token] for token in tokens], dtype=np.float32)


def empties_the_list(tokens, table):
    """The matrix is right, but the caller's list of tokens is empty afterwards.

    Hint: `pop` takes a token out of the caller's list; a plain `for` does not.
    """
    vectors = []
    while tokens:
        vectors.append(table[tokens.pop(0)])
    return np.array(vectors)


def forgets_what_it_used(tokens, table):
    """The matrix is right, but the tokens' vectors are gone from the caller's table.

    Hint: `pop` takes an entry out of a dict; square brackets only read it.
    """
    used = {token: table.pop(token) for token in dict.fromkeys(tokens)}
    return np.array([used[token] for token in tokens])


def unknown_tokens_left_out(tokens, table):
    """A token that is not in the table is left out, and a KeyError is asked for.

    Hint: what does `table[token]` do when the token is missing?
    """
    return np.array([table[token] for token in tokens if token in table])


def zeros_for_unknown_tokens(tokens, table):
    """A token that is not in the table gets a row of zeros, and a KeyError is asked for.

    Hint: `get` hides a missing token; what does `table[token]` do?
    """
    nothing = np.zeros_like(next(iter(table.values())))
    return np.array([table.get(token, nothing) for token in tokens])

"""embed(tokens, table): look up one vector per token; a sentence becomes a matrix."""

from collections.abc import Iterable, Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(tokens: list[str], table: dict[str, Array]) -> Array:
    """One token after another, one number after another, in double precision.

    tokens: list of n words, at least one.
    table: dict from a word to its vector (d,), all of one length; floats or whole numbers.
    Returns an array (n, d), float64: row i belongs to tokens[i].
    Raises KeyError for a token that is not in the table.
    """
    d = len(table[tokens[0]])
    X = np.empty((len(tokens), d))
    for i, token in enumerate(tokens):
        for j in range(d):
            X[i, j] = float(table[token][j])
    return X


exercise = Exercise(oracle, returns=("matrix",))

UNTRIED = {"batch axes"}  # a text is one sentence


def _table(
    rng: np.random.Generator, words: Iterable[str], d: int, dtype: type[np.floating] = np.float64
) -> dict[str, Array]:
    """A random vector for each word."""
    return {word: rng.normal(size=d).astype(dtype) for word in words}


@exercise.property
def one_row_per_token(rng: np.random.Generator) -> Iterator[Case]:
    """A sentence becomes a matrix: the first row is the first token's vector, and so on.

    Hint: what does `table[token]` give? You need it once per token, in the sentence's order.
    """
    yield call(["apple"], {"apple": np.array([1.0, 2.0])})
    fruits = {"apple": np.array([1.0, 2.0]), "juice": np.array([0.0, 3.0])}
    yield call(["apple", "juice"], fruits)
    yield call(["love", "apple"], _table(rng, ["love", "apple", "phones", "juice"], 5))
    yield call(["a", "b", "c", "d"], _table(rng, ["a", "b", "c", "d"], 3))
    yield call(["a", "b", "c"], _table(rng, ["a", "b", "c"], 1))
    yield call(list("abcdefghijkl"), _table(rng, "abcdefghijkl", 2))


@exercise.property
def order_of_the_sentence(rng: np.random.Generator) -> Iterator[Case]:
    """The rows stand in the order of the sentence, and not in any other.

    Hint: which of the two do you walk through, the tokens or the table?
    """
    yield call(["phones", "apple"], _table(rng, ["apple", "love", "phones"], 2))
    yield call(["love", "apple", "phones"], _table(rng, ["phones", "love", "apple"], 3))
    yield call(["d", "b", "c"], _table(rng, ["a", "b", "c", "d", "e"], 4))


@exercise.property
def repeated_tokens(rng: np.random.Generator) -> Iterator[Case]:
    """A token that comes twice gets two rows.

    Hint: as many rows as tokens, also where a token comes again.
    """
    yield call(["apple", "apple"], {"apple": np.array([1.0, 2.0])})
    yield call(["the", "animal", "the", "street"], _table(rng, ["the", "animal", "street"], 3))


@exercise.property
def capitals_count(rng: np.random.Generator) -> Iterator[Case]:
    """*Apple* and *apple* are two tokens, each with its own vector.

    Hint: look each token up as it is written.
    """
    yield call(["Apple", "apple"], {"apple": np.array([0.0, 2.0]), "Apple": np.array([2.0, 0.0])})
    yield call(["I", "love", "Apple"], _table(rng, ["i", "love", "apple", "I", "Apple"], 4))


@exercise.property
def unknown_tokens(rng: np.random.Generator) -> Iterator[Case]:
    """A token that the table does not have raises KeyError.

    Hint: what does `table[token]` do when it is missing, and what does `.get` do?
    """
    yield call(["Apple"], _table(rng, ["apple", "love"], 2))
    yield call(["love", "pear"], _table(rng, ["apple", "love"], 2))


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 vectors give a float32 matrix, float64 vectors a float64 one.

    Hint: which call in your answer has a dtype of its own?
    """
    yield call(["a", "b"], _table(rng, ["a", "b"], 3, np.float32))
    yield call(["a", "b"], _table(rng, ["a", "b"], 3))


@exercise.property
def whole_numbers(rng: np.random.Generator) -> Iterator[Case]:
    """A table of whole numbers works too.

    Hint: does your answer need the numbers to have a decimal point?
    """
    yield call(["apple", "love"], {"love": np.array([0, 0, 1]), "apple": np.array([1, 1, 0])})


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """The list of tokens and the table are still the same afterwards.

    Hint: `pop` and `sort` change the caller's list; a plain `for` does not.
    """
    yield call(["phones", "apple"], _table(rng, ["apple", "phones", "love"], 3))

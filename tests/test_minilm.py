"""The extract of a real model: whole in itself, and equal to the model where that is installed."""

import hashlib
import importlib.util
import math
import re

import numpy as np
import pytest

from autograder.paths import project_root

DATA = project_root() / "book" / "data"
EXTRACT = DATA / "minilm_extract.npz"
CHAPTER = (project_root() / "book" / "15_real_transformer.py").read_text(encoding="utf-8")
SENTENCES = ("phones", "juice", "tired", "wide")


@pytest.fixture(scope="module")
def extract():
    return dict(np.load(EXTRACT))


@pytest.fixture(scope="module")
def maker():
    """The script that makes the extract, as a module."""
    spec = importlib.util.spec_from_file_location("make_extract", DATA / "make_extract.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def layer_0(extract, sentence):
    """The maps of layer 0, one head after another, in double precision."""
    X = extract[f"{sentence}_inputs"].astype(np.float64)
    Q = X @ extract["W_Q"].astype(np.float64).T + extract["b_Q"]
    K = X @ extract["W_K"].astype(np.float64).T + extract["b_K"]
    maps = []
    for first in range(0, 384, 32):
        scores = Q[:, first : first + 32] @ K[:, first : first + 32].T / math.sqrt(32)
        strengths = np.exp(scores - scores.max(axis=1, keepdims=True))
        maps.append(strengths / strengths.sum(axis=1, keepdims=True))
    return np.array(maps)


def test_the_chapter_names_the_hash_of_the_extract():
    (named,) = re.findall(r'^SHA256 = "([0-9a-f]{64})"$', CHAPTER, re.MULTILINE)
    assert hashlib.sha256(EXTRACT.read_bytes()).hexdigest() == named


def test_the_extract_is_small_and_has_its_licence_notice():
    assert EXTRACT.stat().st_size < 1_500_000
    notice = (DATA / "LICENSE-minilm.md").read_text(encoding="utf-8")
    assert "Apache License, Version 2.0" in notice
    assert "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db" in notice


def test_the_extract_was_made_from_the_weights_that_the_script_checks(extract, maker):
    assert str(extract["weights_sha256"]) == maker.WEIGHTS_SHA256
    assert maker.WEIGHTS_SHA256.startswith("53aa5117")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_queries_and_keys_reproduce_the_stored_maps_of_layer_0(extract, sentence):
    stored = extract[f"{sentence}_maps"]
    n_tokens = len(extract[f"{sentence}_tokens"])
    assert stored.shape == (6, 12, n_tokens, n_tokens)
    assert np.abs(layer_0(extract, sentence) - stored[0]).max() < 1e-5


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_row_of_every_stored_map_sums_to_1(extract, sentence):
    maps = extract[f"{sentence}_maps"]
    assert maps.min() >= 0
    assert np.allclose(maps.sum(axis=-1), 1, atol=2e-5)


def test_the_weights_from_it_are_those_of_the_stored_maps(extract):
    for sentence, index in (("tired", 0), ("wide", 1)):
        tokens = list(extract[f"{sentence}_tokens"])
        columns = [tokens.index(noun) for noun in extract["it_nouns"][index]]
        row = extract[f"{sentence}_maps"][:, :, tokens.index("it")]
        assert np.allclose(row[..., columns], extract["it_weights"][index], atol=1e-6)


def test_the_24_sentences_are_twelve_pairs_with_opposite_answers(extract):
    sentences, nouns = extract["it_sentences"], extract["it_nouns"]
    assert len(set(sentences)) == 24
    for one, other in zip(range(0, 24, 2), range(1, 24, 2), strict=True):
        assert list(nouns[one]) == list(nouns[other][::-1])
        assert sentences[one].split()[:-1] == sentences[other].split()[:-1]
        assert sentences[one].split().count("it") == 1


def test_the_extract_equals_the_full_model_where_it_is_installed(extract, maker):
    folder = maker.installed_model()
    if folder is None:
        # Nothing to compare with here; the tests above have checked the extract by itself.
        assert importlib.util.find_spec(maker.PACKAGE) is None
        return
    rebuilt = maker.build_extract(folder)
    assert rebuilt.keys() == extract.keys()
    for name, stored in extract.items():
        if stored.dtype.kind == "U":
            assert np.array_equal(rebuilt[name], stored), name
        else:
            assert rebuilt[name].dtype == stored.dtype, name
            assert np.abs(rebuilt[name] - stored).max() < 1e-5, name

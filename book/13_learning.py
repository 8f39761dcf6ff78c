# %% [markdown]
# # 13. Learning
#
# **Can it learn to tell the two apples apart?**
#
# *Time:* 30 minutes. *Difficulty:* 3 of 5.
#
# After this chapter you can
#
# - test a claim about attention against the dullest model that might do as well,
# - say which sentences no order-blind model can ever get right, and prove it,
# - train a small attention layer, read its map, and doubt the map.
#
# [Chapter 12](12_gradient.py) found for each number of attention which way it should go.
# Here a model goes that way, a little at a time, a few hundred times over.
# [Chapter 11](11_order.py) ended with a warning: shuffle the words, and the outputs of attention are
# shuffled with them, and nothing else changes.
# We use that below, and for once it costs us something.

# %%
import math

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %% [markdown]
# The last number first: the words of one sentence, shuffled, give *apple* the same new
# vector.

# %%
vectors = {
    "love": np.array([0.0, 0.0, 1.0]),  # (tech, fruit, feeling)
    "apple": np.array([1.0, 1.0, 0.0]),
    "phones": np.array([2.0, 0.0, 0.0]),
    "juice": np.array([0.0, 2.0, 0.0]),
}
vocabulary, E = list(vectors), np.array(list(vectors.values()))  # E (4, 3)


def apple_after(sentence):
    """apple′ (3,): the row of *apple* in scaled attention with Q = K = V = X."""
    X = E[[vocabulary.index(word) for word in sentence.split()]]  # (n, 3)
    strengths = np.exp(vectors["apple"] @ X.T / math.sqrt(3))  # (n,)
    return strengths / strengths.sum() @ X


print(np.round(apple_after("love apple phones"), 3))
print(np.round(apple_after("phones apple love"), 3))

assert np.allclose(apple_after("love apple phones"), [1.296, 0.432, 0.136], atol=5e-4)
assert np.allclose(apple_after("love apple phones"), apple_after("phones apple love"))

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > Here are two sentences with the same seven words.
# >
# > *the apple phones beside the orange juice*
# > *the apple juice beside the orange phones*
# >
# > Is *apple* a company here, or a fruit?
# > Three models are trained to say which, on many such pairs:
# > the **mean** of the word vectors, **attention without positions**, and
# > **attention with positions**.
# > What share of new pairs will each get right: about .50, about .75, or about 1.00?
#
# Write three numbers down.
# The table in the middle of this chapter answers them.

# %% [markdown]
# ## The textbook sentence is too easy
#
# "I love apple phones" and "I love apple juice" are in every text about attention.
# Do they need attention?
# Take the dullest model there is: add up the word vectors, divide by their number, and ask
# which of the two numbers is larger, tech or fruit.

# %%
for sentence in ["love apple phones", "love apple juice"]:
    total = [0.0, 0.0, 0.0]
    for word in sentence.split():
        for axis in range(3):
            total[axis] += vectors[word][axis]
    mean = [number / len(sentence.split()) for number in total]
    verdict = "tech" if mean[0] > mean[1] else "fruit"
    print(f"{sentence:18s} mean {np.round(mean, 2)}  →  {verdict}")

    rows = E[[vocabulary.index(word) for word in sentence.split()]]
    assert np.allclose(mean, rows.mean(axis=0))  # the same in one line

# %% [markdown]
# Both are right, and nobody looked at anybody.
# The accuracy of a plain mean on these two sentences is 1.00.
# So they show what attention *does*; they do not show that it is *needed*.
#
# > A new method is worth as much as its lead over the dullest one that was given the same
# > chance.

# %% [markdown]
# ## Twins
#
# To need more than a mean, a sentence must put its meaning into the *order* of its words.
# Call two sentences **twins** if they have the same words and opposite answers.

# %%
twin_tech = "the apple phones beside the orange juice"
twin_fruit = "the apple juice beside the orange phones"

assert sorted(twin_tech.split()) == sorted(twin_fruit.split())
assert twin_tech != twin_fruit

# %% [markdown]
# **No order-blind model gets more than half of the twins right.**
# The proof takes three lines.
#
# 1. An order-blind model sees only which words are there, and how often.
# 2. Twins have the same words equally often, so it must give both the same answer.
# 3. The right answers differ, so of each pair exactly one is right: .500, whatever was
#    learned.
#
# No training can mend that, and no size.
# Here are a hundred random models of a mean.
# Each one gives both twins the same score.

# %%
twin_words = sorted(set(twin_tech.split()))
E_twins = rng.normal(size=(len(twin_words), 16))  # random vectors


def rows_of(sentence):
    """The word vectors of a sentence as rows, (n, 16)."""
    return E_twins[[twin_words.index(word) for word in sentence.split()]]


largest_gap = 0.0
for _ in range(100):
    W_1, w_2 = rng.normal(size=(16, 32)), rng.normal(size=32)
    one = np.tanh(rows_of(twin_tech).mean(axis=0) @ W_1) @ w_2
    other = np.tanh(rows_of(twin_fruit).mean(axis=0) @ W_1) @ w_2
    largest_gap = max(largest_gap, abs(one - other))

print(f"largest difference between twins: {largest_gap:.1e}")
assert largest_gap < 1e-12

# %% [markdown]
# ## Attention without positions breaks too
#
# Attention looks more clever than a mean: it has queries, keys and values.
# Let the query of *apple* ask, in a hundred random models, and compare apple′ in the twins.

# %%
place = 1  # *apple* is word number 1 in both twins, counted from 0
marks = rng.normal(size=(7, 16))  # some vector for each of the seven positions


def apple_row(X, W_Q, W_K, W_V):
    """apple′ of one sentence X (7, 16): one query, seven keys, seven values."""
    scores = (X @ W_K) @ (X[place] @ W_Q) / math.sqrt(16)  # (7,)
    strengths = np.exp(scores)
    return strengths / strengths.sum() @ (X @ W_V)  # (16,)


blind, placed = 0.0, np.inf
for _ in range(100):
    W = rng.normal(size=(3, 16, 16)) / 4
    A, B = rows_of(twin_tech), rows_of(twin_fruit)
    blind = max(blind, np.abs(apple_row(A, *W) - apple_row(B, *W)).max())
    gap = np.abs(apple_row(A + marks, *W) - apple_row(B + marks, *W)).max()
    placed = min(placed, gap)

print(f"without positions, the largest gap between twins:  {blind:.1e}")
print(f"with positions, the smallest gap between twins:    {placed:.1e}")
assert blind < 1e-12 and placed > 1e-3

# %% [markdown]
# Without positions the gap is rounding error.
# The proof above applies word for word: attention without positions is order-blind for the
# word that asks.
# With a vector added for each position, the twins come apart.
# Adding positions does not help the *mean*: the sum of all positions is the same in both
# sentences.

# %%
import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)  # the same order of additions, so the same numbers

# %%
W_Q, W_K, W_V = rng.normal(size=(3, 16, 16)) / 4
X = rows_of(twin_tech) + marks  # (7, 16)
from_torch = F.scaled_dot_product_attention(
    torch.tensor(X[[place]] @ W_Q), torch.tensor(X @ W_K), torch.tensor(X @ W_V)
)

assert np.allclose(from_torch.numpy()[0], apple_row(X, W_Q, W_K, W_V))
assert np.allclose((A + marks).mean(axis=0), (B + marks).mean(axis=0))

# %% [markdown]
# ## A task with twins
#
# Now the training, in PyTorch.
# The task: a sentence comes in, and the model says whether its *apple* is a company (True)
# or a fruit (False).
# A word such as *phones* or *juice* that tells us is called a **cue**.
# There are two forms, "the apple phones" and "the phones of apple", so that the rule "look at
# the next word" is not enough.

# %% tags=["demo"]
tech_cues = "phones laptops tablets chips screens cables cameras keyboards"
tech_cues += " printers speakers watches routers"
fruit_cues = "juice pie cider jam trees cake salad sauce tart seeds peel crumble"
TECH, FRUIT = tech_cues.split(), fruit_cues.split()
HELD_OUT = {"phones", "laptops", "tablets", "juice", "pie", "cider"}


def in_two_forms(noun, cue, link, other_noun, other_cue):
    """The same things said in two ways."""
    return [
        f"the {noun} {cue} {link} the {other_noun} {other_cue}",
        f"the {cue} of {noun} {link} the {other_cue} of {other_noun}",
    ]


twins = []  # (sentence where apple is a company, its twin, the two cues)
for tech in TECH:
    for fruit in FRUIT:
        for link in ["beside", "near", "behind", "under"]:
            for noun in ["orange", "lemon", "cherry"]:
                yes = in_two_forms("apple", tech, link, noun, fruit)
                yes += in_two_forms(noun, fruit, link, "apple", tech)
                no = in_two_forms("apple", fruit, link, noun, tech)
                no += in_two_forms(noun, tech, link, "apple", fruit)
                twins += [(a, b, {tech, fruit}) for a, b in zip(yes, no)]

assert all(sorted(a.split()) == sorted(b.split()) for a, b, _ in twins)
print(len(twins), "pairs of twins, such as:", twins[1][:2], sep="\n")

# %% [markdown]
# Besides the twins there are short sentences with one noun, as in the textbook.
# Three rules keep the test honest.
#
# - The story sentences are in no training set.
# - The twins of the test are not among the twins of the training.
# - Six cues are **held out** of all training twins.
#   The model meets them only in short sentences, and must carry over what it learned there.

# %% tags=["demo"]
STORY = ["i love apple phones", "i love apple juice", twin_tech, twin_fruit]
short = [
    (f"{who} {verb} {thing}", cue in TECH)
    for who in ["i", "we", "they", "you"]
    for verb in ["love", "like", "want", "see", "sell"]
    for cue in TECH + FRUIT
    for thing in [f"apple {cue}", f"the {cue} of apple"]
    if f"{who} {verb} {thing}" not in STORY
]
known = [pair for pair in twins if not pair[2] & HELD_OUT]
unknown = [pair for pair in twins if pair[2] <= HELD_OUT]
shuffled = np.random.default_rng(0)
known = [known[i] for i in shuffled.permutation(len(known))]
short = [short[i] for i in shuffled.permutation(len(short))]


def labelled(pairs):
    """Pairs of twins as a list of (sentence, is apple a company?)."""
    return [item for a, b, _ in pairs for item in ((a, True), (b, False))]


training = labelled(known[:800]) + short[:760]
tests = {"short": short[760:], "twins": labelled(known[800:1100])}
tests["held out"] = labelled(unknown)

assert not {s for s, _ in training} & set(STORY)
assert not {s for s, _ in training} & {s for t in tests.values() for s, _ in t}
print(len(training), "to train on;", {name: len(t) for name, t in tests.items()})

# %% [markdown]
# Sentences become rows of whole numbers, filled up with 0 to nine words.

# %% tags=["demo"]
words = ["<pad>", *sorted({word for s, _ in training for word in s.split()})]
number_of = {word: number for number, word in enumerate(words)}


def encode(sentences):
    """Sentences as whole numbers, (b, 9); 0 where a sentence has ended."""
    rows = [[number_of[word] for word in s.split()] for s in sentences]
    return torch.tensor([row + [0] * (9 - len(row)) for row in rows])


def apple_place(tokens):
    """Where *apple* stands in each sentence, (b,)."""
    return (tokens == number_of["apple"]).int().argmax(dim=1)


print(STORY[0], "→", encode(STORY[:1])[0].tolist())

# %% [markdown]
# ## The models
#
# All of them learn a vector of 32 numbers for each word, make one vector for the sentence or
# for its *apple*, and take one score from it.
# Two make no use of attention.
# One averages all words, one knows nothing but the word after *apple*.


# %% tags=["demo"]
class Mean(nn.Module):
    """The mean of all word vectors."""

    def __init__(self):
        super().__init__()
        self.embed, self.score = nn.Embedding(len(words), 32), nn.Linear(32, 1)

    def forward(self, tokens):
        there = (tokens != 0)[..., None]  # (b, 9, 1)
        mean = (self.embed(tokens) * there).sum(dim=1) / there.sum(dim=1)
        return self.score(mean)[:, 0]


class NextWord(Mean):
    """The word after *apple*, and no other."""

    def forward(self, tokens):
        after = (apple_place(tokens) + 1).clamp(max=8)[:, None]
        return self.score(self.embed(tokens.gather(1, after)))[:, 0, 0]


# %% [markdown]
# Attention comes in four kinds: without positions, without learned matrices, with one head
# and with four.
# The positions are the turning pairs of chapter 11, written as complex numbers.
# Only *apple* asks, so there is one query and nine keys.


# %% tags=["demo"]
speeds = 10000.0 ** -(torch.arange(16) / 16)  # of 16 pairs of columns
turns = torch.polar(torch.ones(9, 16), torch.outer(torch.arange(9.0), speeds))
waves = torch.view_as_real(turns).flatten(1)  # (9, 32)


class Attention(Mean):
    """apple′ by attention; `heads=0` means no learned W_Q, W_K, W_V, W_O."""

    def __init__(self, heads=1, positions="waves"):
        super().__init__()
        self.positions = waves * (positions == "waves")  # (9, 32)
        if positions == "learned":
            self.positions = nn.Parameter(torch.randn(9, 32))
        self.heads = heads
        if heads:
            self.attend = nn.MultiheadAttention(32, heads, bias=False, batch_first=True)

    def forward(self, tokens, return_weights=False):
        X = self.embed(tokens) + self.positions  # (b, 9, 32)
        q = X[torch.arange(len(tokens)), apple_place(tokens)][:, None]  # (b, 1, 32)
        if not self.heads:
            there = (tokens != 0)[:, None]  # here True means: may attend
            return self.score(F.scaled_dot_product_attention(q, X, X, there))[:, 0, 0]
        ended = tokens == 0  # here True means: may not (chapter 10)
        changed, weights = self.attend(q, X, X, key_padding_mask=ended)
        return weights[:, 0] if return_weights else self.score(changed)[:, 0, 0]


# %% [markdown]
# The last one is what came before Transformers: a recurrent network that reads the sentence
# word by word, once from each end.
# It has no map to show.


# %% tags=["demo"]
class BiGRU(Mean):
    """A recurrent network in both directions, read at *apple*."""

    def __init__(self):
        super().__init__()
        self.read = nn.GRU(32, 16, bidirectional=True, batch_first=True)

    def forward(self, tokens):
        states, _ = self.read(self.embed(tokens))  # (b, 9, 32)
        at_apple = states[torch.arange(len(tokens)), apple_place(tokens)]
        return self.score(at_apple)[:, 0]


# %% [markdown]
# The loop is the same for all of them: look at 128 sentences, measure how wrong the scores
# are (the *loss*), ask for the gradient ([chapter 12](12_gradient.py)), take a small
# step against it.
# 600 steps take a second or two.

# %% tags=["demo"]
inputs = encode([sentence for sentence, _ in training])
answers = torch.tensor([float(is_tech) for _, is_tech in training])


def train(make_model, seed, decay=1.0, rate=0.005):
    """A trained model; the same seed gives the same model."""
    torch.manual_seed(seed)
    model = make_model()
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay)
    for _ in range(600):
        batch = torch.randint(len(inputs), (128,))
        scores = model(inputs[batch])
        loss = F.binary_cross_entropy_with_logits(scores, answers[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


@torch.no_grad()
def accuracy(model, labelled_sentences):
    """The share of sentences whose score has the right sign."""
    sentences, is_tech = zip(*labelled_sentences)
    right = (model(encode(sentences)) > 0) == torch.tensor(is_tech)
    return right.float().mean().item()


# %% [markdown]
# Every model is trained from three seeds.
# The table shows the mean of the three and, in brackets, the lowest.

# %% tags=["demo"]
MODELS = {
    "mean of the words": Mean,
    "next word": NextWord,
    "attention, no positions": lambda: Attention(positions="none"),
    "attention, no matrices": lambda: Attention(heads=0),
    "attention, one head": Attention,
    "attention, four heads": lambda: Attention(heads=4),
    "BiGRU": BiGRU,
}
SEEDS = [0, 1, 2]
trained = {name: [train(make, seed) for seed in SEEDS] for name, make in MODELS.items()}
results = {  # (3 seeds, 3 tests) for each model
    name: np.array([[accuracy(m, t) for t in tests.values()] for m in models])
    for name, models in trained.items()
}
print(" " * 24 + "".join(f"{test:>15s}" for test in tests))
for name, result in results.items():
    shown = zip(result.mean(axis=0), result.min(axis=0))
    print(f"{name:24s}" + "".join(f"   {mean:.3f} ({low:.3f})" for mean, low in shown))

# %% tags=["demo"]
for name in ["mean of the words", "attention, no positions"]:
    assert (results[name][:, 1:] == 0.5).all(), "an order-blind model beat the proof"
assert results["mean of the words"][:, 0].min() > 0.98
assert results["next word"][:, 1].max() < 0.9
for name in ["attention, one head", "attention, four heads", "BiGRU"]:
    assert np.median(results[name][:, 1]) > 0.95
attention_mean = results["attention, one head"][:, 2].mean()
assert results["BiGRU"][:, 2].mean() > attention_mean - 0.02

again = train(Attention, seed=0)
assert [accuracy(again, t) for t in tests.values()] == [
    *results["attention, one head"][0]
]

# %% tags=["demo"] alt="Dots for the accuracy on twins with held-out cues, three seeds for each of seven models. The mean and attention without positions are exactly at one half, the next word at three quarters, attention with positions and the BiGRU at or close to one."
fig, ax = plt.subplots(figsize=(5.0, 3.2))
for row, (name, result) in enumerate(results.items()):
    colour = COLOURS["apple"] if name.startswith("attention") else GREY
    ax.plot(result[:, 2], [row - 0.15, row, row + 0.15], "o", color=colour)
ax.axvline(0.5, color=INK, linestyle=":", linewidth=1)
ax.set_yticks(range(len(results)), results)
ax.set(xlim=(0.3, 1.04), xlabel="accuracy, held-out cues")
ax.invert_yaxis()
plt.show()

# %% [markdown]
# *Figure: seven models, three seeds each, on twins with cues that no training twin had.
# The dotted line is the wall that no order-blind model can pass.*
#
# Here is the answer to your prediction: .500, .500, and about 1.
# Read the table slowly, also where it is unkind.
#
# - On short sentences everything but *next word* is right, the mean included.
# - On twins the mean and attention without positions are at .500 exactly.
#   That is the proof, not bad luck.
# - With positions, one head is enough.
#   From some seeds a single head gets stuck near .75, at "look in one place only", or does not
#   carry over to held-out cues. The brackets would show it; three seeds may miss it.
# - Without any learned matrix, attention does about as well here, because the word vectors
#   themselves are trained and can bend to the task.
#   This task does not show that $W_Q$, $W_K$ and $W_V$ are needed.
# - The BiGRU is as good as any of them, and the steadiest.
#   On nine words attention is *not* more accurate than what came before it.
#   What it buys is in chapter 14.
#
# Three seeds and one made-up language are little evidence.
# They are enough to refute "only attention can do this".
# And the settings were not innocent: about ten combinations of positions, weight decay, rate and
# steps were tried, with these very test sentences in view, before this one was kept.
# With others, the single head stayed near .75 on the twins from some seeds.
# A number that was looked at while choosing is no longer a fair test; a real study would keep a
# third set of sentences shut until the end.

# %% [markdown]
# ## The path of apple′
#
# The vectors above have 32 numbers without names.
# To *see* learning, go back to the small map and freeze nearly everything.
#
# - The word vectors are fixed, on the axes (tech, fruit, feeling).
# - The values are those vectors, so apple′ is a point on the map.
# - Only $W_Q$ and $W_K$ learn. They also see the position, as nine numbers of which one is 2
#   and the others are 0.

# %% tags=["demo"]
draw = np.random.default_rng(0)
meaning = {word: np.zeros(3) for word in words}
for axis, cues in enumerate([TECH, FRUIT]):
    for cue in cues:
        meaning[cue] = 2 * np.eye(3)[axis] + 0.3 * draw.normal(size=3)
meaning |= vectors | {noun: np.eye(3)[1] for noun in ["orange", "lemon", "cherry"]}
assert list(meaning) == words
frozen = torch.tensor(np.array(list(meaning.values()))).float()  # one row for each word


def apple_on_the_map(tokens, W_Q, W_K):
    """apple′ (b, 3) and its weights (b, 9); the values are the frozen vectors."""
    V = frozen[tokens]  # (b, 9, 3)
    seen = torch.cat([V, 2 * torch.eye(9).expand(len(tokens), 9, 9)], dim=-1)
    q = seen[torch.arange(len(tokens)), apple_place(tokens)] @ W_Q  # (b, 8)
    scores = torch.einsum("bd,bnd->bn", q, seen @ W_K) / math.sqrt(8)
    weights = torch.softmax(scores.masked_fill(tokens == 0, -torch.inf), dim=-1)
    return torch.einsum("bn,bnd->bd", weights, V), weights


# %% tags=["demo"]
def train_the_map(seed):
    """W_Q, W_K (12, 8) after 200 steps, and apple′ of the story on the way."""
    torch.manual_seed(seed)
    W_Q = (0.1 * torch.randn(12, 8)).requires_grad_()
    W_K = (0.1 * torch.randn(12, 8)).requires_grad_()
    optimiser, path = torch.optim.Adam([W_Q, W_K], lr=0.03), []
    for _ in range(200):
        path.append(apple_on_the_map(encode(STORY), W_Q, W_K)[0].detach().numpy())
        batch = torch.randint(len(inputs), (128,))
        moved, _ = apple_on_the_map(inputs[batch], W_Q, W_K)
        score = 4 * (moved[:, 0] - moved[:, 1])  # tech minus fruit
        loss = F.binary_cross_entropy_with_logits(score, answers[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return W_Q.detach(), W_K.detach(), np.array(path)  # path (200, 4, 3)


for seed in range(10):
    W_Q_map, W_K_map, path = train_the_map(seed)
    _, weights_map = apple_on_the_map(encode(STORY), W_Q_map, W_K_map)
    on_cue = [weights_map[2, 2].item(), weights_map[3, 2].item()]
    start, end = path[0, 2:, :2], path[-1, 2:, :2]
    assert min(on_cue) > 0.5 and end[0, 0] > end[0, 1] and end[1, 1] > end[1, 0]
print("weights on the right cue, last seed:", np.round(on_cue, 2))
print("apple′ in the twins at the start:", np.round(start, 2).tolist())
print("apple′ in the twins at the end:  ", np.round(end, 2).tolist())

# %% tags=["demo", "live:learning_path"] alt="The small map with tech and fruit. Two curves of dots start together near (0.4, 0.6). During training one moves right to phones at (2, 0), the other moves up to juice at (0, 2). The start point of apple, (1, 1), lies off both curves."
fig, ax = plt.subplots(figsize=(4.4, 4.2))
draw_map(ax, vectors | {"orange": np.array([0.0, 1.0, 0.0])})
for column, label, colour, at in [
    (2, "apple′ (phones)", PURPLE, (0.95, 0.42)),
    (3, "apple′ (juice)", INK, (0.32, 1.45)),
]:
    ax.plot(*path[:, column, :2].T, ".-", color=colour, markersize=3, linewidth=1)
    ax.text(*at, label, color=colour)
ax.set_title("200 steps of training")
plt.show()

# %% [markdown]
# *Figure: apple′ in the two twins while $W_Q$ and $W_K$ learn.
# Both start in the same place: at first the weights are nearly even, and apple′ is the mean of
# the same seven words.*
#
# The start lies nearer to fruit, because *orange* is a fruit in both twins.
# Then the two paths part.
# In ten of ten seeds the larger share goes to the right cue, and here it must:
# apple′ is made of nothing but the words of the sentence, and only the right cue leads to the
# right answer.

# %% [markdown]
# ## Maps that look right, and maps that do not
#
# Now look into the models of the table, where nothing is frozen.
# Beside the three of the table, train one head from six seeds with *learned* positions and no
# weight decay: as good a model, with more freedom.
# Keep the runs that get at least 99% of the new twins right.
# How much of *apple*'s attention lies on the right cue?

# %% tags=["demo"]
runs = [("waves", model) for model in trained["attention, one head"]]
for seed in range(6):
    free_model = train(lambda: Attention(positions="learned"), seed, decay=0, rate=0.01)
    runs.append(("learned", free_model))


@torch.no_grad()
def mean_weight_on_cue(model):
    """The mean weight on the cue that belongs to *apple*, over the test twins."""
    tokens = encode([sentence for sentence, _ in tests["twins"]])
    here, rows = apple_place(tokens), torch.arange(len(tokens))
    cues = torch.tensor([number_of[cue] for cue in TECH + FRUIT])
    after = (here + 1).clamp(max=8)
    cue = torch.where(torch.isin(tokens[rows, after], cues), after, here - 2)
    return model(tokens, return_weights=True)[rows, cue].mean().item()


equal = []
for kind, model in runs:
    share, right = mean_weight_on_cue(model), accuracy(model, tests["twins"])
    print(f"{kind:8s} positions   accuracy {right:.3f}   on the cue {share:.2f}")
    if right >= 0.99:
        equal.append((share, model))

# %% tags=["demo"] alt="Two maps of one row each for the sentence the apple phones beside the orange juice, from two models of equal accuracy. In the upper one nearly all of the weight is on phones. In the lower one most of the weight is on other words."
equal.sort(key=lambda item: item[0])
odd, pretty = equal[0][1], equal[-1][1]
assert equal[-1][0] - equal[0][0] > 0.3

fig, axes = plt.subplots(2, 1, figsize=(5.0, 3.0))
for ax, model, title in [
    (axes[0], pretty, "looks right"),
    (axes[1], odd, "does not look right"),
]:
    with torch.no_grad():
        weights = model(encode([twin_tech]), return_weights=True)[:, :7].numpy()
    draw_matrix(ax, weights, title=title, colour=COLOURS["apple"])
    ax.set_xticks(range(7), twin_tech.split(), fontsize=10, rotation=30)
    ax.tick_params(top=False, labeltop=False, bottom=False, labelbottom=True)
plt.show()

# %% [markdown]
# *Figure: what apple attends to, in two models that get the same share of the test right.*
#
# Both models are right on at least 99% of the twins they have never seen.
# One puts its weight where a person would, on the cue of *apple*.
# The other puts little there, and more elsewhere.
# If you had trained only one of them, you would have told only one of the two stories.
# How can such a map be right?
# In a twin, "the *other* noun has the juice" says the same as "*apple* has the phones".
# And a value may be long: then a small share of it moves apple′ as much as a large share of a
# short one.

# %% [markdown]
# ## A common mistake
#
# > **"The accuracy is high, so the map is the reason."**
# > Many maps give the same output.
# > The weights of seven words are seven numbers; if the values are points on a plane, the
# > output is two.
# > So there is room to change the weights and leave the output as it is.

# %%
V = np.array([[0, 0], [1, 1], [2, 0], [0, 0], [0, 0], [0, 1], [0, 2]]) * 1.0  # (7, 2)
pretty_row = np.array([0.1, 0.2, 0.3, 0.1, 0.1, 0.1, 0.1])  # the most on *phones*
must_stay = np.vstack([V.T, np.ones(7)])  # the output (2 numbers), and the sum
free = np.linalg.svd(must_stay)[2][3:]  # four directions that change neither
steps = np.linspace(-1, 1, 2001)[:, None] * free[0]
kept = [pretty_row + s for s in steps if (pretty_row + s).min() >= 0]
other_row = max(kept, key=lambda row: np.abs(row - pretty_row).max())

print("the", "apple", "phones", "beside", "the", "orange", "juice")
for row in [pretty_row, other_row]:
    print(
        np.round(row, 2), " sum", round(row.sum(), 2), " output", np.round(row @ V, 2)
    )

assert np.isclose(other_row.sum(), 1) and np.allclose(other_row @ V, pretty_row @ V)
assert np.abs(other_row - pretty_row).max() > 0.1

# %% [markdown]
# Two rows of weights, one output, to the last digit.
# A map says where a head *looked*.
# To learn why the model *answered*, change something and see whether the answer changes:
# chapter 15 does so in a real one.

# %% [markdown] recall="BCA"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. A mean of word vectors gets "I love apple phones" and "I love apple juice" right. What
# follows?**
#
# <details><summary>A. A mean is as good as attention</summary>
#
# No. On twins it is at one half, and attention with positions is not.
#
# </details>
#
# <details><summary>B. These sentences cannot show that attention is needed</summary>
#
# Yes. What a duller model also solves is no evidence for the cleverer one.
#
# </details>
#
# <details><summary>C. The word vectors must have been contextual</summary>
#
# No. They were fixed; the mean changes because another word is in it.
#
# </details>
#
# **2. Why is attention without positions at exactly one half on twins?**
#
# <details><summary>A. It was trained for too short a time</summary>
#
# No. The proof does not mention training at all.
#
# </details>
#
# <details><summary>B. One head is too few</summary>
#
# No. Any number of heads sees the same words with no order.
#
# </details>
#
# <details><summary>C. It gives both twins the same answer, and one of the two is wrong</summary>
#
# Yes. The query of *apple* meets the same set of keys and values in both.
#
# </details>
#
# **3. Two models have the same accuracy, and one of them has a map that looks sensible. What do
# you know about the reasons of its answers?**
#
# <details><summary>A. Little: other maps give the same answers</summary>
#
# Yes. To find a reason, change something in the input or inside, and watch the answer.
#
# </details>
#
# <details><summary>B. It decides as a person does</summary>
#
# No. The weights tell where it looked, and values and later layers still decide.
#
# </details>
#
# <details><summary>C. It will do better on new words than the other</summary>
#
# No. It may or may not; only a test on new words tells.
#
# </details>

# %% [markdown]
# ## Recap
#
# - The textbook sentences are solved by a mean, so they prove nothing about attention.
# - Twins have the same words and opposite answers: .500 for every order-blind model, attention
#   without positions included.
# - With positions attention tells them apart; so does a BiGRU.
# - Equal accuracy, different maps: a map shows where a head looked.
#
# **What you have now:** no new function, but two questions for every claim about attention: does a
# duller model do it too, and would other weights give the same answer?
# **Next:** [chapter 14](14_cost.py) asks what attention costs, and what it buys that a BiGRU does not.

# %% [markdown]
# ## References
#
# - S. Jain, B. C. Wallace, [*Attention is not Explanation*](https://arxiv.org/abs/1902.10186),
#   2019; and the answer by S. Wiegreffe, Y. Pinter, [*Attention is not not
#   Explanation*](https://arxiv.org/abs/1908.04626), 2019.
# - G. Brunner and others, [*On Identifiability in
#   Transformers*](https://arxiv.org/abs/1908.04211), 2020: many weights, one output.
# - K. Cho and others, [*Learning Phrase Representations using RNN Encoder–Decoder for
#   Statistical Machine Translation*](https://arxiv.org/abs/1406.1078), 2014: the GRU.
# - I. Loshchilov, F. Hutter, [*Decoupled Weight Decay
#   Regularization*](https://arxiv.org/abs/1711.05101), 2019: the optimiser used here.

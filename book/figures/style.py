# The look of every figure in this book. You need not read this cell; run it once.
import matplotlib.pyplot as plt
import numpy as np

BLUE, ORANGE, GREEN = (
    "#0072B2",
    "#D55E00",
    "#009E73",
)  # Okabe and Ito: safe for all eyes
PURPLE, GREY, INK = "#AA4499", "#8A8A8A", "#1F2430"
COLOURS = {"Q": BLUE, "K": ORANGE, "V": GREEN, "apple": PURPLE}
plt.rcParams |= {
    "figure.figsize": (5.0, 3.1),  # inches; small, so that a phone can show it
    "figure.constrained_layout.use": True,
    "figure.dpi": 110,
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "none",  # text stays text
}


def draw_map(ax, words, moved=None, size=2.6):
    """The small map with the axes (tech, fruit).

    words: dict from word to its vector, (2,) or longer; only the first two numbers are drawn.
    moved: dict from a label such as "apple′" to its vector; an arrow leads there from apple.
    """
    ax.set(xlim=(-0.35, size), ylim=(-0.35, size), xlabel="tech", ylabel="fruit")
    ax.set_aspect("equal")
    ax.grid(color="#E4E4E4", linewidth=0.8)
    for word, vector in words.items():
        colour = COLOURS["apple"] if word.startswith("apple") else INK
        ax.plot(*vector[:2], "o", color=colour, markersize=8)
        ax.annotate(
            word, vector[:2], xytext=(6, 6), textcoords="offset points", color=colour
        )
    for label, vector in (moved or {}).items():
        start = words["apple"][:2]
        arrow = {"arrowstyle": "->", "color": COLOURS["apple"], "linewidth": 1.5}
        ax.annotate("", vector[:2], start, arrowprops=arrow)
        ax.plot(
            *vector[:2],
            "o",
            color="white",
            markeredgecolor=COLOURS["apple"],
            markersize=9,
        )
        ax.annotate(label, vector[:2], xytext=(6, 6), textcoords="offset points")


def draw_matrix(ax, matrix, rows=(), columns=(), title="", colour=BLUE, digits=2):
    """A matrix as a grid of numbers: the larger a number, the deeper the cell's colour."""
    matrix = np.asarray(matrix, dtype=float)
    shades = plt.matplotlib.colors.LinearSegmentedColormap.from_list(
        "", ["#FFFFFF", colour]
    )
    low, high = min(matrix.min(), 0.0), max(np.abs(matrix).max(), 1e-9)
    ax.imshow(matrix, cmap=shades, vmin=low, vmax=high * 1.6, aspect="equal")
    for (i, j), number in np.ndenumerate(matrix):
        ax.text(j, i, f"{number:.{digits}f}", ha="center", va="center", fontsize=10)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    ax.spines[:].set_visible(False)
    ax.set_title(title)

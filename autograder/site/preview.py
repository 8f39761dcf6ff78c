"""The picture that a chat or a post shows beside a link: the title and the small map."""

from pathlib import Path

from sphinx.application import Sphinx

PAPER, INK, PURPLE, GREY = "#FFFDF8", "#1F2430", "#AA4499", "#8A8A8A"


def preview_image(app: Sphinx, context: dict) -> str:
    """Draw the picture of a page where it is not there yet; its path within the site."""
    page = context.get("page")
    title = page.title if page else context["plain_title"]
    kicker = f"Chapter {page.number}" if page and page.number else "Apple in Context"
    question = page.question if page else ""
    if context["is_home"]:
        kicker, question = "A course", "Self-attention, through one word"
    name = f"_static/preview/{context['pagename']}.png"
    _draw(Path(app.outdir) / name, kicker, title, question)
    return name


def _draw(path: Path, kicker: str, title: str, question: str) -> None:
    """A picture of 1200 × 630 points in the colours of the book."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor=PAPER)
    FigureCanvasAgg(figure)
    write = {"color": INK, "family": "serif", "va": "top", "wrap": True}
    figure.text(0.06, 0.86, kicker, fontsize=22, **write | {"color": PURPLE})
    figure.text(0.06, 0.76, _wrap(title, 17), fontsize=46, **write)
    figure.text(0.06, 0.30, _wrap(question, 34), fontsize=24, style="italic", **write)
    _draw_small_map(figure.add_axes((0.6, 0.14, 0.36, 0.72)))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None}, pil_kwargs={"optimize": True})


def _draw_small_map(axes) -> None:
    """The map with the axes (tech, fruit), and apple on its two ways."""
    axes.set(xlim=(-0.2, 2.5), ylim=(-0.2, 2.5), facecolor=PAPER, xticks=[], yticks=[])
    axes.set_xlabel("tech →", fontsize=20, color=GREY)
    axes.set_ylabel("fruit →", fontsize=20, color=GREY)
    axes.spines[["top", "right"]].set_visible(False)
    for word, (x, y) in {"phones": (2, 0), "juice": (0, 2)}.items():
        axes.plot(x, y, "o", color=INK, markersize=14)
        axes.annotate(word, (x, y), (8, 12), textcoords="offset points", fontsize=20, color=INK)
    for end in [(1.405, 0.468), (0.468, 1.405)]:
        arrow = {"arrowstyle": "->", "color": PURPLE, "linewidth": 3}
        axes.annotate("", end, (1, 1), arrowprops=arrow)
        axes.plot(*end, "o", color=PAPER, markeredgecolor=PURPLE, markersize=16, mew=3)
    axes.plot(1, 1, "o", color=PURPLE, markersize=20)
    axes.annotate("apple", (1, 1), (12, 12), textcoords="offset points", fontsize=22, color=PURPLE)


def _wrap(text: str, width: int) -> str:
    """Lines of at most about `width` characters."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)

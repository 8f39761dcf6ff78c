"""Figures: drawings stand in the page as SVG, with a number, a caption and their description."""

import re
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx

CAPTION = re.compile(r"^\s*Figure:\s*")
FONTS = re.compile(r"font-family: [^;\"]+|(?<=px )'DejaVu Sans'[^;\"]*")
NUMBER = re.compile(r"-?\d+\.\d{3,}")
ROOT = re.compile(r"<svg([^>]*)>")
LETTER = re.compile(
    r'<tspan x="(?P<x>[^"]*)" y="(?P<y>[^"]*)" style="(?P<style>[^"]*)">(?P<text>[^<]*)</tspan>\s*'
)
WIDEST = 1.05  # no letter is wider, in em


def number_figures(soup: BeautifulSoup, app: Sphinx, chapter: str) -> dict[str, str]:
    """Make a `<figure>` of each picture; returns the drawings by the mark that stands for them."""
    drawings: dict[str, str] = {}
    for number, image in enumerate(soup.find_all("img"), start=1):
        holder = image.find_parent(class_="cell_output")
        caption = _caption_after(image.find_parent(class_="cell")) if holder else None
        name = f"{chapter}.{number}" if chapter else str(number)
        figure = soup.new_tag("figure", id=f"figure-{number}")
        picture = _outermost(image, holder)
        picture.wrap(figure)
        _add_caption(soup, figure, caption, name)
        source = _source_of(app, image["src"])
        if source is not None and source.suffix == ".svg":
            mark = f"[[drawing {number}]]"
            drawings[mark] = inline_drawing(
                source.read_text(encoding="utf-8"), image.get("alt", ""), f"f{number}-"
            )
            image.replace_with(mark)
            del app.builder.images[_key_of(app, image["src"])]
    return drawings


def inline_drawing(svg: str, description: str, prefix: str) -> str:
    """A drawing of matplotlib for use inside a page: small, described, with our fonts.

    Ids get `prefix`, since two drawings on a page may use the same ones.
    """
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*">', "<g>", svg)
    svg = re.sub(r'\bid="', f'id="{prefix}', svg)
    svg = re.sub(r"url\(#", f"url(#{prefix}", svg)
    svg = re.sub(r'xlink:href="#', f'href="#{prefix}', svg)
    svg = re.sub(r"xlink:href=", "href=", svg)
    svg = re.sub(r' xmlns(:\w+)?="[^"]*"| version="1.1"', "", svg)
    svg = FONTS.sub(_our_font, svg)
    svg = _join_letters(svg)
    svg = NUMBER.sub(lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), svg)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    svg = re.sub(r">\s+<(?!/?tspan)", "><", svg)
    return ROOT.sub(lambda root: _describe(root[1], description), svg, count=1)


def _describe(attributes: str, description: str) -> str:
    """The opening tag of a drawing: what it shows, and its size, so that nothing jumps."""
    known = dict(re.findall(r'([\w:-]+)="([^"]*)"', attributes))
    box = [float(number) for number in known["viewBox"].split()[2:]]
    points = known.get("width", "").endswith("pt")
    width, height = (side * (4 / 3 if points else 1) for side in box)
    kept = "".join(
        f' {name}="{value}"'
        for name, value in known.items()
        if name not in {"width", "height", "role", "aria-label", "aria-labelledby"}
    )
    label = f'role="img" aria-label="{escape(description)}"'
    return f'<svg {label} width="{width:.0f}" height="{height:.0f}"{kept}>'


def _our_font(match: re.Match) -> str:
    """The page's own sans serif; signs that only a mathematical font has keep theirs."""
    if "STIX" in match[0] or "cm" in match[0]:
        return match[0]
    return "font-family: var(--sans)" if match[0].startswith("font") else "var(--sans)"


def _join_letters(svg: str) -> str:
    """Formulas come letter by letter, at places that fit another font: let runs flow."""
    return re.sub(rf"(?:{LETTER.pattern})+".replace("?P<", "?P<_"), _flow, svg)


def _flow(block: re.Match) -> str:
    """Neighbours of one style and line become one run; a gap starts a new one."""
    runs: list[dict] = []
    for letter in LETTER.finditer(block[0]):
        x, size = float(letter["x"]), float(re.search(r"([\d.]+)px", letter["style"])[1])
        last = runs[-1] if runs else None
        alike = last and (last["y"], last["style"]) == (letter["y"], letter["style"])
        if alike and 0 < x - last["end"] <= WIDEST * size:
            last["text"] += letter["text"]
            last["end"] = x
        else:
            runs.append({**letter.groupdict(), "end": x})
    return "".join(
        f'<tspan x="{run["x"]}" y="{run["y"]}" style="{run["style"]}">{run["text"]}</tspan>'
        for run in runs
    )


def _outermost(image: Tag, holder: Tag | None) -> Tag:
    """The picture itself, or the paragraph that holds nothing else."""
    parent = image.parent
    alone = parent.name == "p" and not parent.get_text(strip=True)
    if alone:
        parent.unwrap()
    return image


def _caption_after(cell: Tag | None) -> Tag | None:
    """The paragraph *Figure: …* that follows a cell."""
    following = cell.find_next_sibling() if cell else None
    if following is None or following.name != "p" or not CAPTION.match(following.get_text()):
        return None
    return following


def _add_caption(soup: BeautifulSoup, figure: Tag, caption: Tag | None, name: str) -> None:
    words = soup.new_tag("figcaption")
    label = soup.new_tag("b")
    label.string = f"Figure {name}." if caption else f"Figure {name}"
    words.append(label)
    if caption:
        inner = caption.find("em") or caption
        text = CAPTION.sub("", inner.decode_contents(), count=1).strip()
        text = text[:1].upper() + text[1:]
        words.append(BeautifulSoup(" " + text, "html.parser"))
        rest = [node for node in inner.next_siblings] if inner is not caption else []
        for node in rest:
            words.append(node.extract())
        caption.decompose()
    figure.append(words)


def _source_of(app: Sphinx, address: str) -> Path | None:
    """The file behind an address under `_images/`."""
    key = _key_of(app, address)
    return Path(app.srcdir, key) if key else None


def _key_of(app: Sphinx, address: str) -> str | None:
    """Under which name Sphinx means to copy a picture; one that stands in the page it need not."""
    name = address.rsplit("/", 1)[-1]
    return next((key for key, target in app.builder.images.items() if target == name), None)

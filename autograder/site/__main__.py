"""`python -m autograder.site build|lite|pdf|fonts`: the commands behind `make book` and others."""

import argparse
import sys

from autograder.errors import AutograderError
from autograder.site import build


def main() -> int:
    """Run one command; the exit code is its own."""
    parser = argparse.ArgumentParser(prog="python -m autograder.site", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    book = commands.add_parser("build", help="build the site into _build/html")
    book.add_argument("--output", default=".", help="where _build stands (default: here)")
    lite = commands.add_parser("lite", help="add Python in the page to the built site")
    lite.add_argument("--output", default=".", help="where _build stands (default: here)")
    pdf = commands.add_parser("pdf", help="print the built site to _build/apple-in-context.pdf")
    pdf.add_argument("--output", default=".", help="where _build stands (default: here)")
    commands.add_parser("fonts", help="make book/theme/fonts anew (needs npm's registry)")
    wanted = parser.parse_args()
    if wanted.command == "build":
        return build.build_site(wanted.output)
    if wanted.command == "lite":
        from autograder.site.lite import build_lite

        return build_lite(wanted.output)
    if wanted.command == "pdf":
        from autograder.site.pdf import print_book

        return print_book(wanted.output)
    from autograder.site.fonts import make_fonts

    make_fonts()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AutograderError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)

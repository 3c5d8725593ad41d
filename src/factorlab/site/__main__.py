"""`python -m factorlab.site`: build the site and say where it is."""

import argparse
import sys
from pathlib import Path

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.site.build import build


def main() -> int:
    """Build the site into the folder that was named; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m factorlab.site",
        description="Write the lessons as a static site, with their stored outputs.",
    )
    parser.add_argument("--out", type=Path, help="the folder to write (default: site/)")
    try:
        index = build(parser.parse_args().out or course.root() / "site")
    except FactorLabError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The site is built. Open {index} in a browser.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

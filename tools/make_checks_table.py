"""Writes which tests make each security check into docs/security/checks.md: `python -m tools.make_checks_table`.

A test says by its name which checks it makes: `test_s14_…`, or `test_s46_s47_…` for several.
"""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "security" / "checks.md"
NAME = re.compile(r"^ *def test_((?:s[0-9]{2}_)+)(\w+)", re.MULTILINE)
ROW = re.compile(r"^\| S([0-9]+) \| (.+?) \| ?(.*?) ?\|$", re.MULTILINE)


def checking() -> Iterator[tuple[int, str, str]]:
    """The number of a check, a test that makes it, in words, and the file it is in."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for checks, words in NAME.findall(path.read_text()):
            for check in checks.strip("_").split("_"):
                yield int(check[1:]), words.replace("_", " "), _linked(path)


def with_tests(page: str) -> str:
    """The page, each check with its tests; one without any keeps what the page says instead."""
    tests: dict[int, list[str]] = {}
    for number, words, link in checking():
        tests.setdefault(number, []).append(f"[{words}]({link})")

    def row(found: re.Match[str]) -> str:
        made = "<br>".join(tests.get(int(found[1]), [found[3]]))
        return f"| S{found[1]} | {found[2]} | {made} |"

    return ROW.sub(row, page)


def numbers(page: str) -> list[int]:
    """The checks that the page has, in its order."""
    return [int(found[1]) for found in ROW.finditer(page)]


def _linked(path: Path) -> str:
    return f"../../{path.relative_to(ROOT).as_posix()}"


if __name__ == "__main__":
    PAGE.write_text(with_tests(PAGE.read_text()))

"""The documentation says what is there: its commands, links, variables and pictures exist."""

import re
import subprocess
from pathlib import Path

import pytest
from click import Command, Context, Group

from casework.cli import main

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")


def titled(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as its readers' sites make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=titled)
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    for address in LINK.findall(page.read_text()):
        if address.startswith("https://"):
            continue
        name, _, anchor = address.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{titled(page)} links to {address}"
        assert not anchor or anchor in anchors(target), f"{titled(page)} links to {address}"


@pytest.mark.parametrize("page", PAGES, ids=titled)
def test_what_a_page_tells_to_make_can_be_made(page: Path) -> None:
    told = re.findall(r"(?:^    |`)(?:[A-Z]+=\S+ )?make ([a-z-]+)", page.read_text(), re.MULTILINE)
    assert set(told) <= targets()


@pytest.mark.parametrize("page", PAGES, ids=titled)
def test_every_command_told_is_one(page: Path) -> None:
    asked = Context(main)
    for words in re.findall(r"(?:^    |`)casework ((?:[a-z]+ ?)+)", page.read_text(), re.MULTILINE):
        command: Command | None = main
        for word in words.split():
            if isinstance(command, Group):
                command = command.get_command(asked, word)
            assert command, f"{titled(page)}: casework {words}"


def test_the_readme_begins_with_the_two_commands() -> None:
    told = re.findall(r"^    (make \w+)$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert told == ["make run", "make test"]


def test_every_variable_told_is_read() -> None:
    told = set(re.findall(r"`(CASEWORK_[A-Z_]+)`", (ROOT / "README.md").read_text()))
    read = subprocess.run(
        ["git", "grep", "-hoE", "CASEWORK_[A-Z_]+", "--", "config.py", "casework"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    secrets = re.findall(r'_secret\(environ, "(\w+)"', (ROOT / "config.py").read_text())
    assert told <= {*read, *(f"{name}_FILE" for name in secrets)}

"""The only place that says under which licences a dependency may be, and reads each one’s.

`python -m tools.licences` writes the lists in docs/licences.md; with `--check` it writes nothing.
Either fails where a licence was not accepted, or a list is not what the locks give.
"""

import sys
from collections.abc import Iterable
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from packaging.licenses import (
    InvalidLicenseExpression,
    canonicalize_license_expression,
)

from tools.locks import locked
from tools.marked_tables import with_tables
from tools.vendor_assets import PACKAGES

PAGE = Path(__file__).resolve().parent.parent / "docs" / "licences.md"

PERMISSIVE = {
    *("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU"),
    *("PSF-2.0", "Unlicense"),
    *("Apache-2.0 OR BSD-2-Clause", "Apache-2.0 OR BSD-3-Clause", "MIT OR Apache-2.0"),
    *("MIT AND PSF-2.0", "Apache-2.0 AND CNRI-Python"),
}
"""Ask for no more than their notice, which lies beside the package wherever it is installed."""
FOR_ITSELF = {
    *("MPL-2.0", "MPL-2.0 AND (Apache-2.0 OR MIT)", "LGPL-2.1-only", "LGPL-3.0-only"),
    "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
}
"""Ask that the package’s own source stays free; used unchanged, they ask nothing of what uses it."""
OF_TOOLS = {"GPL-3.0-or-later", "Artistic-1.0-Perl OR GPL-2.0-or-later"}
"""For what looks at the code on a developer’s machine, and is part of nothing that is handed on."""

READ = {
    "axe-playwright-python": "MIT",
    "blinker": "MIT",
    "brotlicffi": "MIT",
    "cobble": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "cssselect2": "BSD-3-Clause",
    "deepmerge": "MIT",
    "defusedxml": "PSF-2.0",
    "editables": "MIT",
    "flask-wtf": "BSD-3-Clause",
    "govuk-frontend-wtf": "MIT",
    "grimp": "BSD-2-Clause",
    "import-linter": "BSD-2-Clause",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "markdown-it-py": "MIT",
    "mdurl": "MIT",
    "nodeenv": "BSD-3-Clause",
    "olefile": "BSD-2-Clause",
    "pathspec": "MPL-2.0",
    "pydyf": "BSD-3-Clause",
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
    "pyrage": "MIT",
    "pytest-playwright": "Apache-2.0",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "rfc8785": "Apache-2.0",
    "segno": "BSD-3-Clause",
    "sortedcontainers": "Apache-2.0",
    "text-unidecode": "Artistic-1.0-Perl OR GPL-2.0-or-later",
    "tinycss2": "BSD-3-Clause",
    "tinyhtml5": "MIT",
    "trove-classifiers": "Apache-2.0",
    "tzdata": "Apache-2.0",
    "weasyprint": "BSD-3-Clause",
    "webencodings": "BSD-3-Clause",
    "wtforms": "BSD-3-Clause",
}
"""Of packages that do not name it by SPDX, or are not installed here: read in their licence files."""


class NotAccepted(Exception):
    """A dependency’s licence is unknown or was not accepted; the message says which, and what to do."""


def licence_of(name: str) -> str:
    """The SPDX expression of a locked package’s licence. NotAccepted where nothing tells it."""
    try:
        said = _said(metadata(name))
    except PackageNotFoundError:
        said = None
    expression = said or READ.get(name)
    if expression is None:
        raise NotAccepted(
            f"{name} does not name its licence by SPDX. Read its licence file, and add it to READ "
            "in tools/licences.py."
        )
    return expression


def _said(told: PackageMetadata) -> str | None:
    """What the package itself says, where that is an expression of SPDX."""
    for field in ("License-Expression", "License"):
        try:
            (said,) = told.get_all(field, ("",))
            return str(canonicalize_license_expression(said))
        except InvalidLicenseExpression:
            continue
    return None


def shipped() -> dict[str, str]:
    """The licence of each package that an installation of Casework has, by name."""
    return {each.name: licence_of(each.name) for each in locked("runtime")}


def tools() -> dict[str, str]:
    """The licence of each package that only a developer’s machine has, by name."""
    there = {each.name for each in locked("runtime")}
    return {each.name: licence_of(each.name) for each in locked("dev") if each.name not in there}


def check() -> None:
    """Raise NotAccepted, naming each, where a licence is not among those accepted."""
    accepted = PERMISSIVE | FOR_ITSELF
    told = [*_others(shipped(), accepted), *_others(tools(), accepted | OF_TOOLS)]
    if told:
        raise NotAccepted(
            f"Not accepted: {', '.join(told)}. Take another package; or read the licence, and add it "
            "to a list in tools/licences.py with whoever answers for the office’s software."
        )


def _others(licences: dict[str, str], accepted: set[str]) -> list[str]:
    return [f"{name} ({named})" for name, named in licences.items() if named not in accepted]


def tables() -> str:
    """The page of licences, its lists made again."""
    return with_tables(
        PAGE.read_text("utf-8"),
        {
            "shipped": lambda: _table(shipped().items()),
            "vendored": lambda: _table((each.name, "MIT") for each in PACKAGES),
            "tools": lambda: _table(tools().items()),
        },
    )


def _table(licences: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f"| {name} | {named} |\n" for name, named in licences)
    return f"| package | licence |\n|---|---|\n{rows}"


def main(arguments: list[str]) -> int:
    """Write the lists or check them; exit code 1 where something does not hold."""
    try:
        check()
    except NotAccepted as refusal:
        print(refusal, file=sys.stderr)
        return 1
    made = tables()
    if "--check" in arguments:
        if made == PAGE.read_text("utf-8"):
            return 0
        print("docs/licences.md is not what the locks give. Run: make licences", file=sys.stderr)
        return 1
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What is sent to the browser: no font, crown or arms that are not ours, nothing from elsewhere."""

import base64
import hashlib
import re
from importlib.metadata import version
from pathlib import Path

import jinja2
import pytest

from tools.vendor_assets import plain_style

STATIC = Path(__file__).parent.parent / "casework" / "static"
SHEETS = sorted(STATIC.rglob("*.css"))
SCRIPTS = sorted(STATIC.rglob("*.js"))
PAGE = """{% extends "govuk_frontend_jinja/template.html" %}
{% block govukHeader %}{% endblock %}{% block govukFooter %}{% endblock %}"""
INLINE_SCRIPT_HASH = "sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="

each_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
each_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)


def loads(css: str) -> list[str]:
    """Every address that a style sheet makes the browser fetch."""
    addresses = re.findall(r"""url\(\s*["']?([^"')]+)""", css)
    imports = re.findall(r"""@import\s+["']([^"']+)""", css)
    return [found for found in addresses + imports if not found.startswith(("data:", "#"))]


def test_the_sheets_and_scripts_of_both_packages_are_here() -> None:
    vendored = {path.name for path in (STATIC / "vendor").iterdir()}
    assert {
        "govuk-frontend.min.css",
        "govuk-frontend.min.js",
        "moj-frontend.min.css",
        "moj-frontend.min.js",
        "govuk-frontend.LICENSE.txt",
        "moj-frontend.LICENSE.txt",
        "VERSIONS",
    } <= vendored


@each_sheet
def test_a_sheet_holds_no_font_of_gov_uk_nor_insignia(sheet: Path) -> None:
    css = sheet.read_text(encoding="utf-8")
    found = re.findall(r"@font-face|GDS Transport|crown|crest", css, re.IGNORECASE)
    assert found == []


@each_sheet
def test_all_that_a_sheet_loads_lies_beside_it(sheet: Path) -> None:
    for address in loads(sheet.read_text(encoding="utf-8")):
        assert "//" not in address
        target = (sheet.parent / address).resolve()
        assert target.is_relative_to(STATIC)
        assert target.is_file(), address


@each_sheet
def test_a_sheet_s_braces_balance(sheet: Path) -> None:
    depth = 0
    for brace in re.findall(r"[{}]", sheet.read_text(encoding="utf-8")):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0


@each_script
def test_a_script_loads_nothing_from_elsewhere(script: Path) -> None:
    code = script.read_text(encoding="utf-8")
    addresses = set(re.findall(r"https?://[^\s\"'`)]+", code))
    names_of_xml = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert addresses <= names_of_xml
    assert "sourceMappingURL" not in code
    for address in re.findall(r"""(?:from|import)\s*\(?["']([^"']+)""", code):
        assert (script.parent / address).resolve().is_file(), address


def test_no_font_nor_insignia_file_is_in_the_tree() -> None:
    unwanted = re.compile(r"\.(woff2?|ttf|otf|eot)$|crown|crest|arms", re.IGNORECASE)
    assert [path.name for path in STATIC.rglob("*") if unwanted.search(path.name)] == []


def test_the_page_template_s_inline_script_is_the_one_the_policy_allows() -> None:
    package = {"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}
    environment = jinja2.Environment(loader=jinja2.PrefixLoader(package), autoescape=True)
    page = environment.from_string(PAGE).render()
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", page, re.DOTALL)
    hashes = {
        "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        for code in inline
    }
    assert hashes == {INLINE_SCRIPT_HASH}


def test_the_sheets_are_of_the_release_that_the_macros_match() -> None:
    assert version("govuk-frontend-jinja").startswith("4.1")
    versions = (STATIC / "vendor" / "VERSIONS").read_text(encoding="utf-8").splitlines()
    assert "govuk-frontend 6.3.0" in versions


def test_vendoring_takes_out_font_and_insignia_and_keeps_the_rest() -> None:
    css, images = plain_style(
        '@charset "UTF-8";/*! words */@font-face{font-family:GDS Transport;src:url(/a.woff2)}'
        ".a{font-family:GDS Transport,arial,sans-serif}"
        ".govuk-footer__copyright-logo:before{background:url(/assets/images/govuk-crest.svg)}"
        "@supports (x:y){.b__crown{top:0}@media print{.b__crest{top:0}}}"
        ".c{background:url(/assets/images/tick.svg)}@media print{.d{top:0}}"
    )
    assert css == (
        '@charset "UTF-8";.a{font-family:arial,sans-serif}'
        ".c{background:url(images/tick.svg)}@media print{.d{top:0}}\n"
    )
    assert images == {"tick.svg"}

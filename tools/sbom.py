"""Writes the bill of materials of an installation, in CycloneDX: `make sbom`.

It says what requirements/runtime.txt locks and what is vendored, and is judged by the format's
own schema before it is written.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.licences import licence_of
from tools.locks import Locked, locked
from tools.vendor_assets import PACKAGES, Package

FOLDER = Path(__file__).resolve().parent.parent / "dist"
EXTRAS = ("postgres",)
"""Of Casework: an installation has the driver for PostgreSQL too."""


def bill() -> Bom:
    """Casework, everything that an installation of it has, and what needs what."""
    bom = Bom()
    release = version("casework")
    casework = Component(
        name="casework",
        type=ComponentType.APPLICATION,
        version=release,
        licenses=[_licence("MIT")],
        purl=PackageURL("pypi", None, "casework", release),
        bom_ref="casework",
    )
    bom.metadata.component = casework
    parts = {each.name: _part(each) for each in locked("runtime")}
    vendored = [_vendored(each) for each in PACKAGES]
    bom.components.update([*parts.values(), *vendored])
    bom.register_dependency(casework, [*_needed("casework", parts), *vendored])
    for name, part in parts.items():
        bom.register_dependency(part, _needed(name, parts))
    return bom


def _part(release: Locked) -> Component:
    """A locked release; the hashes are of the files that it may be installed from."""
    purl = PackageURL("pypi", None, release.name, release.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(purl.to_string()),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in release.hashes],
    )
    return Component(
        name=release.name,
        version=release.version,
        licenses=[_licence(licence_of(release.name))],
        purl=purl,
        external_references=[files],
        bom_ref=release.name,
    )


def _vendored(package: Package) -> Component:
    group, _, name = package.name.rpartition("/")
    return Component(
        group=group or None,
        name=name,
        version=package.version,
        licenses=[_licence("MIT")],
        purl=PackageURL("npm", group or None, name, package.version),
        modified=True,  # fonts, crown and arms are taken out
        bom_ref=package.name,
    )


def _licence(expression: str) -> object:
    return LicenseFactory().make_from_string(expression)


def _needed(name: str, parts: Mapping[str, Component]) -> list[Component]:
    """What a package asks for here; nothing of one that is locked for other machines alone."""
    extras: Iterable[str] = EXTRAS if name == "casework" else _extras().get(name, ())
    names = {canonicalize_name(each.name) for each in _asked(name, ("", *extras))}
    return [parts[each] for each in sorted(names) if each in parts]


@cache
def _extras() -> dict[str, set[str]]:
    """The extras with which packages are asked for, such as `binary` of psycopg."""
    extras: dict[str, set[str]] = {}
    for name in ("casework", *(each.name for each in locked("runtime"))):
        for asked in _asked(name, ("", *EXTRAS)):
            extras.setdefault(canonicalize_name(asked.name), set()).update(asked.extras)
    return extras


def _asked(name: str, extras: Iterable[str]) -> Iterator[Requirement]:
    try:
        wanted = [Requirement(each) for each in distribution(name).requires or ()]
    except PackageNotFoundError:
        return
    for each in wanted:
        if each.marker is None or any(each.marker.evaluate({"extra": one}) for one in extras):
            yield each


def main() -> int:
    """Write it; exit code 1 where the schema refuses it."""
    written = JsonV1Dot6(bill()).output_as_string(indent=2)
    if refusal := JsonStrictValidator(SchemaVersion.V1_6).validate_str(written):
        print(f"The schema of CycloneDX 1.6 refuses the bill: {refusal}", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"casework-{version('casework')}.cdx.json"
    path.write_text(written + "\n", "utf-8")
    print(f"{path.relative_to(FOLDER.parent)}: {len(locked('runtime')) + len(PACKAGES)} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())

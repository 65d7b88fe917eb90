"""The only place that makes casework/static/vendor/ from the GOV.UK and MoJ packages.

An office's service is not a page of GOV.UK: the GDS Transport font, the crown and the
royal arms are not ours to use, so they are taken out here and never reach the tree.
`npm pack` fetches the two packages; everything after that is the standard library.
"""

import re
import subprocess  # nosec B404: npm is called with fixed arguments
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "casework" / "static" / "vendor"

MIT = (Path(__file__).resolve().parent.parent / "LICENSE").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Package:
    """One npm package: where its built files lie inside the tarball, and who holds its rights."""

    name: str
    version: str
    folder: str
    stem: str
    rights: str

    @property
    def tarball(self) -> str:
        """The file name that `npm pack` gives it."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


PACKAGES = (
    Package(
        "govuk-frontend",
        "6.3.0",
        "package/dist/govuk",
        "govuk-frontend",
        "Copyright (C) 2017 Crown Copyright (Government Digital Service)",
    ),
    Package(
        "@ministryofjustice/frontend",
        "11.1.0",
        "package/moj",
        "moj-frontend",
        "Copyright (c) 2021 dxw",
    ),
)

FONT_RULE = re.compile(r"@font-face\s*\{[^}]*\}")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Rules that only show the crown or the royal arms, whatever block they stand in.
INSIGNIA_RULE = re.compile(
    r"[^{}]*(?:crown|crest|footer__copyright-logo)[^{}]*\{[^{}]*\}", re.IGNORECASE
)
EMPTY_BLOCK = re.compile(r"@(?:media|supports)[^{}]*\{\s*\}")
IMAGE = re.compile(r"url\(/assets/images/([\w.-]+)\)")
SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S*")


def plain_style(css: str) -> tuple[str, frozenset[str]]:
    """Strip font, insignia and comments; point images beside the sheet.

    Args:
        css: the package's minified style sheet.

    Returns:
        The sheet as it is vendored, and the names of the images it still needs.
    """
    css = COMMENT.sub("", css)
    css = FONT_RULE.sub("", css)
    css = re.sub(r'"?GDS Transport"?,\s*', "", css)
    css = INSIGNIA_RULE.sub("", css)
    while EMPTY_BLOCK.search(css):
        css = EMPTY_BLOCK.sub("", css)
    return IMAGE.sub(r"url(images/\1)", css).strip() + "\n", frozenset(IMAGE.findall(css))


def plain_script(script: str) -> str:
    """The script without the address of a source map that is not vendored."""
    return SOURCE_MAP.sub("", script).strip() + "\n"


def licence(package: Package) -> str:
    """The MIT licence with the package's own holder of rights."""
    return re.sub(r"Copyright \(c\) .*", lambda _: package.rights, MIT, count=1)


def member(tar: tarfile.TarFile, name: str) -> bytes:
    """One file's bytes.

    Raises:
        KeyError: the tarball holds no such file.
    """
    found = tar.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found.read()


def vendor(package: Package, tarball: Path) -> None:
    """Write one package's sheet, script, needed images and licence into VENDOR."""
    with tarfile.open(tarball) as tar:
        inside = f"{package.folder}/{package.stem}.min"
        css, images = plain_style(member(tar, f"{inside}.css").decode())
        script = plain_script(member(tar, f"{inside}.js").decode())
        (VENDOR / f"{package.stem}.min.css").write_text(css, encoding="utf-8")
        (VENDOR / f"{package.stem}.min.js").write_text(script, encoding="utf-8")
        for image in sorted(images):
            (VENDOR / "images").mkdir(exist_ok=True)
            picture = member(tar, f"{package.folder}/assets/images/{image}")
            (VENDOR / "images" / image).write_bytes(picture)
    (VENDOR / f"{package.stem}.LICENSE.txt").write_text(licence(package), encoding="utf-8")


def main(folder: str | None = None) -> None:
    """Vendor from the tarballs in a folder, or from the ones npm fetches."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as fetched:
        for package in PACKAGES:
            if folder is None:
                wanted = f"{package.name}@{package.version}"
                pack = ["npm", "pack", "--silent", wanted]
                subprocess.run(pack, cwd=fetched, check=True)  # nosec B603 B607
            vendor(package, Path(folder or fetched) / package.tarball)
    versions = "".join(f"{package.name} {package.version}\n" for package in PACKAGES)
    (VENDOR / "VERSIONS").write_text(versions, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2])

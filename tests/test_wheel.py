"""What is built from the tree runs elsewhere: templates, migrations and assets are inside."""

import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FIRST_PAGE = """
import json, re
from pathlib import Path
import casework
from casework import create_app
from config import Settings

client = create_app(Settings.from_environment()).test_client()
page = client.get("/", follow_redirects=True)
assets = re.findall(r'(?:href|src)="(/[^"]+\\.(?:css|js)[^"]*)"', page.text)
print(json.dumps({
    "package": str(Path(casework.__file__).parent),
    "status": page.status_code,
    "page": page.text,
    "assets": {asset: client.get(asset).status_code for asset in assets},
}))
"""

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Installation:
    """An office's machine: an environment of its own and an empty folder to work in."""

    environment: Path
    folder: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run one of its programs, which see nothing of the tree."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return subprocess.run(
            [self.environment / "bin" / command[0], *command[1:]],
            cwd=self.folder,
            env={**kept, "HOME": str(self.folder), "CASEWORK_ENV": "demo"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


def succeed(*command: str | Path) -> None:
    """Run a program of the build, which must not need the network."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheel of this tree in a fresh environment, with the libraries of the present one.

    Listing their folder in a .pth file makes them importable without obeying the .pth files in
    it, of which one leads back to the tree.
    """
    base = tmp_path_factory.mktemp("elsewhere")
    environment = base / "environment"
    succeed(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", base)
    succeed(sys.executable, "-m", "venv", "--without-pip", environment)
    (wheel,) = base.glob("casework-*.whl")
    pip = (sys.executable, "-m", "pip", "--python", environment / "bin" / "python")
    succeed(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel)
    (site_packages,) = environment.glob("lib/python*/site-packages")
    (site_packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    folder = base / "office"
    folder.mkdir()
    return Installation(environment, folder)


def test_init_makes_an_office(installed: Installation) -> None:
    made = installed.run("casework", "init")
    assert made.returncode == 0, made.stderr
    assert list((installed.folder / "var").glob("*.sqlite3"))


def test_the_workflows_inside_are_sound(installed: Installation) -> None:
    checked = installed.run("casework", "workflow", "check")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.thorough
def test_the_demonstration_office_can_be_made_and_its_log_verifies(
    installed: Installation,
) -> None:
    made = installed.run("casework", "demo")
    assert made.returncode == 0, made.stderr
    verified = installed.run("casework", "audit", "verify")
    assert verified.returncode in {0, 3}, verified.stdout + verified.stderr


def test_a_page_and_all_it_loads_are_served(installed: Installation) -> None:
    assert installed.run("casework", "init").returncode == 0
    served = installed.run("python", "-c", FIRST_PAGE)
    assert served.returncode == 0, served.stderr
    seen = json.loads(served.stdout)
    assert Path(seen["package"]).is_relative_to(installed.environment)
    assert seen["status"] == 200
    assert "Sign in" in seen["page"]
    assert len(seen["assets"]) >= 3
    assert set(seen["assets"].values()) == {200}

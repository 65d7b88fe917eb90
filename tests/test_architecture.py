"""The only place for rules about the code itself that no linter knows."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import casework

ROOT = Path(__file__).parent.parent
PRODUCT = ("casework", "workflows", "config.py")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
STANDS_ALONE = "casework/verifier/verify_casework.py"
"""The verifier for strangers: one file, so that they have one thing to read and to trust."""
OTHERS_OWN = {
    *("process_bind_param", "process_result_value"),  # SQLAlchemy's
    *("process", "process_data", "process_formdata"),  # WTForms'
    *("handle_starttag", "handle_endtag", "handle_data"),  # the parser of HTML's
}
"""Names of methods that libraries call."""
WRITERS = {
    "AuditEvent": {"casework/audit/record.py"},
    "AuditDetail": {"casework/audit/record.py"},
    "AuditNode": {"casework/audit/record.py"},
    "Case": {"casework/progress.py"},
    "Item": {"casework/items.py", "casework/arising.py"},
    "Milestone": {"casework/counts/milestones.py"},
    "Publication": {"casework/publishing/service.py"},
}
"""What is on the log and what follows from it, each with whoever may write it by a statement."""
BANNED = re.compile(r"(^|_)(utils?|helpers?|common|manager|data|process|handle)(_|$|\.py$)")


def tracked(*names: str, suffixes: tuple[str, ...] = (".py",)) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    paths = (ROOT / name for name in listed if name)
    return sorted(path for path in paths if path.suffix in suffixes and path.exists())


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def called(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Names of methods called, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node.lineno


def of_sqlalchemy(tree: ast.AST) -> dict[str, str]:
    """What a module calls that which it has of SQLAlchemy, each with the name it has there."""
    return {
        each.asname or each.name: each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for each in node.names
    }


def name_of(node: ast.AST) -> str:
    """A plain name, or "" of anything else."""
    return node.id if isinstance(node, ast.Name) else ""


def tables(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The names that a module gives to tables, each with that of its model."""
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Assign)):
        names, values = (
            each.elts if isinstance(each, ast.Tuple) else [each]
            for each in (node.targets[0], node.value)
        )
        for name, value in zip(names, values, strict=False):
            if isinstance(value, ast.Call) and name_of(value.func) == "table_of":
                yield name_of(name), name_of(value.args[0])


def written(tree: ast.AST) -> set[str]:
    """The models whose rows a module writes by a statement, and not one by one."""
    models, known, found = dict(tables(tree)), of_sqlalchemy(tree), set()
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
        if known.get(name_of(node.func)) in ("insert", "update", "delete"):
            named = node.args[0].args[0] if isinstance(node.args[0], ast.Call) else node.args[0]
            found.add(models.get(name_of(named), name_of(named)))
    return found


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_module_is_longer_than_400_lines() -> None:
    sources = tracked(suffixes=(".py", ".html", ".js", ".css"))
    long = {
        relative(path): lines
        for path in sources
        if "vendor" not in path.parts
        and relative(path) != STANDS_ALONE
        and (lines := len(path.read_text().splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def test_no_function_is_longer_than_40_lines() -> None:
    long = {
        f"{relative(path)}:{function.name}": length
        for path in tracked()
        if "versions" not in path.parts
        for function in functions(parsed(path))
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_only_views_and_commands_commit() -> None:
    committing = {
        relative(path)
        for path in tracked(*PRODUCT)
        for name, _ in called(parsed(path))
        if name == "commit"
    }
    elsewhere = {
        name
        for name in committing
        if not name.endswith("/views.py") and not name.startswith("casework/cli/")
    }
    # What is read, tried or limited, and that somebody is here, is written in short transactions of
    # their own; taking answers for views.
    counted = {
        *("casework/web/access.py", "casework/web/limits.py", "casework/web/identity.py"),
        "casework/signing_in/guesses.py",
    }
    assert elsewhere <= {*counted, "casework/web/taking.py"}


def test_s44_only_progress_writes_the_state_of_anything() -> None:
    for path in tracked(*PRODUCT):
        if relative(path) == "casework/progress.py":
            continue
        sets_state = [
            node.lineno
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Attribute)
            and target.attr == "state"
            and not (isinstance(target.value, ast.Name) and target.value.id == "self")
        ]
        assert sets_state == [], relative(path)


def test_s44_what_is_on_the_log_is_written_by_statement_only_beside_it() -> None:
    """A bulk `update` goes past everything else that sees to it that log and rows agree."""
    found: dict[str, set[str]] = {}
    for path in tracked(*PRODUCT):
        for model in written(parsed(path)) & WRITERS.keys():
            found.setdefault(model, set()).add(relative(path))
    assert found == WRITERS


def test_nothing_opens_a_nested_transaction() -> None:
    """After a full disk inside one, the audit row alone was once committed."""
    nested = [
        f"{relative(path)}:{line}"
        for path in tracked(*PRODUCT)
        for name, line in called(parsed(path))
        if name == "begin_nested"
    ]
    assert nested == []


def test_only_the_clock_asks_the_time() -> None:
    asking = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    found = [
        relative(path)
        for path in tracked(*PRODUCT)
        if path.name != "clock.py"
        and relative(path) != STANDS_ALONE
        and asking.search(path.read_text())
    ]
    assert found == []


def test_only_the_demonstration_has_a_past_that_was_made_up() -> None:
    told = [relative(path) for path in tracked(*PRODUCT) if "put_back_to" in path.read_text()]
    made = [path for path in told if path.startswith("casework/cli/demonstration/")]
    assert [path for path in told if path not in made] == ["casework/clock.py"]
    assert made


@pytest.mark.parametrize("folder", ["casework", "workflows"])
def test_names_say_what_things_are(folder: str) -> None:
    banned = [relative(path) for path in tracked(folder) if BANNED.search(path.name)]
    banned += [
        f"{relative(path)}:{function.name}"
        for path in tracked(folder)
        for function in functions(parsed(path))
        if BANNED.search(function.name) and function.name not in OTHERS_OWN
    ]
    assert banned == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [relative(path) for path in tracked(*PRODUCT) if not ast.get_docstring(parsed(path))]
    assert silent == []


def test_s44_templates_trust_nothing_and_style_nothing_inline() -> None:
    """`|safe` would let a complainant's words be markup; the policy forbids inline style and script."""
    for path in tracked("templates", suffixes=(".html",)):
        source = path.read_text()
        assert "|safe" not in source.replace(" ", ""), relative(path)
        assert "autoescape" not in source, relative(path)
        assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son\w+=", source), relative(path)
        scripts = [tag for tag in re.findall(r"<script\b[^>]*>", source) if "src=" not in tag]
        assert scripts == [], relative(path)


def test_s44_sql_is_never_put_together_from_text() -> None:
    """Bandit finds what reads like SQL; here nothing is, but what stands there whole."""
    pieces = ast.JoinedStr | ast.BinOp | ast.Call
    for path in tracked(*PRODUCT):
        known = of_sqlalchemy(tree := parsed(path))
        found = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and known.get(name_of(node.func)) == "text"
            if any(isinstance(each, pieces) for each in node.args)
        ]
        assert found == [], relative(path)


def test_the_project_tells_nothing_of_where_it_was_made() -> None:
    told = re.compile(r"/(work|tmp|root|home)/[a-z]|https?://[^ ]*/simple/")
    found = [
        relative(path)
        for path in tracked(suffixes=(".py", ".md", ".toml", ".txt", ".html", ".yaml", ".sh", ""))
        if path != Path(__file__) and told.search(path.read_text(errors="replace"))
    ]
    assert found == []


def test_the_version_that_events_name_is_the_packages_own() -> None:
    described = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert described["project"]["version"] == casework.__version__

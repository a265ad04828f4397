"""Does the project keep its own house: rooms, imports, environments?"""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "salesnb").rglob("*.py"))
ROOMS = {"intake", "analysis", "display", "report"}
METHODS = {"intervals", "survival", "allocation", "decomposition"}
MAY_IMPORT = {
    "intake": ("intake",),
    "analysis": ("analysis", "intake.schema"),
    "display": ("display",),
    "report": (
        "report",
        "display.kit",
        "intake.workspace",
        "intake.files",
        "intake.digests",
        "intake.cache",
        "intake.outside",
    ),
}
BUILT_ON = {"tiers": {"repeat"}, "sprints": {"targets", "capacity"}}


def imported(path: Path) -> set[str]:
    """The names below salesnb that a module imports, as `room.module`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name.removeprefix("salesnb.") for name in found if name.startswith("salesnb.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "salesnb")))
def test_data_flow_one_way(path):
    parts = path.relative_to(ROOT / "salesnb").with_suffix("").parts
    room, subject = parts[0], parts[1] if len(parts) > 2 and parts[0] == "analysis" else parts[-1]
    for name in imported(path):
        target, _, rest = name.partition(".")
        if room not in ROOMS:
            allowed = (
                target not in ROOMS or room in {"cli", "__main__", "__init__"} or parts[0].startswith("cli")
            )
            assert allowed, f"the ground floor imports {name}"
            continue
        if target in ROOMS:
            assert any(f"{name}.".startswith(f"{prefix}.") for prefix in MAY_IMPORT[room]), (
                f"{room} imports {name}"
            )
        if room == "analysis" and target == "analysis":
            other = rest.split(".")[0]
            if subject in METHODS:
                assert other in METHODS, f"the method {subject} imports the subject {other}"
            elif subject != "retrospective":
                assert other in METHODS | BUILT_ON.get(subject, set()) | {subject}, (
                    f"{subject} imports {other}"
                )


def test_a_module_fits_in_one_reading():
    long = {
        str(path.relative_to(ROOT)): n
        for path in MODULES
        if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


def test_conda_users_get_the_same_names_and_bounds():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = set(project["dependencies"]) | set(project["optional-dependencies"]["test"])
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    conda = {entry for entry in listed if isinstance(entry, str)} - {"pip"}
    pip = {entry for group in listed if isinstance(group, dict) for entry in group["pip"]}
    assert conda | pip == wanted | {f"python{project['requires-python']}"}


def test_the_lock_file_answers_every_bound_and_names_no_registry():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {match.lower() for match in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.M)}
    wanted = {re.split(r"[<>=\[]", entry)[0].lower() for entry in project["dependencies"]}
    assert wanted <= locked
    assert "://" not in lock


TOOLS = {  # declared for what they do from outside, not for what is imported from them
    "distributed": "a scheduler that joblib finds by its name",
    "editables": "an editable installation",
    "hatchling": "the build",
    "jupyterlab": "make lab",
    "mypy": "make test",
    "nbconvert": "python -m nbconvert",
    "nbval": "pytest --nbval",
    "pandas-stubs": "mypy",
    "psycopg": "ibis, where a plan names a PostgreSQL",
    "pyarrow-hotfix": "ibis, where it converts DuckDB's results",
    "pytest-xdist": "pytest -n",
    "ruff": "make test",
    "types-pyyaml": "mypy",
}
ASIDE = {
    "statsforecast",
    "pyspark",
}  # the bench's counterpart, in an environment of its own; the extra `spark`


def distributions_of(folder: str) -> set[str]:
    """The distributions that a folder's modules import, as their names are written in pyproject.toml."""
    names = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names.add((node.module or "").split(".")[0])
            elif isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
    known = packages_distributions()
    others = names - set(sys.stdlib_module_names) - {"salesnb", "tests", "__main__"} - ASIDE
    return {re.sub("[_.]", "-", known.get(name, [name])[0].lower()) for name in others}


def test_what_is_imported_is_declared_and_what_is_declared_is_used():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours, tests = (
        {re.split(r"[<>=\[]", entry)[0].lower() for entry in entries}
        for entries in (project["dependencies"], project["optional-dependencies"]["test"])
    )
    assert distributions_of("salesnb") <= ours
    assert distributions_of("tests") <= ours | tests
    assert ours - distributions_of("salesnb") <= set(TOOLS)
    assert tests - distributions_of("tests") <= set(TOOLS)
    assert set(TOOLS) <= ours | tests


def test_each_promise_about_faults_names_a_test_that_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    defined = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    assert len(named) > 10
    assert {name for name in named if f"def {name}(" not in defined} == set()


def graph() -> dict[str, set[str]]:
    """The modules of salesnb that each module imports, wherever the import stands; what only types ask for left out."""
    names = {}
    for path in MODULES:
        parts = path.relative_to(ROOT).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    found = {}
    for name, path in names.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        typed = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            for inner in ast.walk(node)
        }
        asked = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and id(node) not in typed:
                asked |= {
                    full if (full := f"{node.module}.{alias.name}") in names else node.module
                    for alias in node.names
                }
            elif isinstance(node, ast.Import) and id(node) not in typed:
                asked |= {alias.name for alias in node.names}
        found[name] = (asked & set(names)) - {name}
    return found


def test_no_module_imports_another_in_a_circle():
    imports = graph()
    assert len(imports) > 100
    while imports:  # take away what imports nothing that is left; a circle is what stays
        free = {name for name, others in imports.items() if not others & set(imports)}
        assert free, f"in a circle: {sorted(imports)}"
        imports = {name: others for name, others in imports.items() if name not in free}


def test_no_module_hides_its_imports():
    hidden = [
        str(path.relative_to(ROOT))
        for path in MODULES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and node.name == "__getattr__"
        and path != ROOT / "salesnb" / "__init__.py"
    ]  # the door of the package imports its public names when they are used
    assert not hidden


def takes_anything(folder: str) -> dict[str, str]:
    """The parameters of a folder's functions in whose type `Any` stands: module, function, parameter → its type."""
    found = {}
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                taken = [*node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
                for one in filter(None, taken):
                    asked = ast.unparse(one.annotation) if one.annotation else ""
                    if re.search(r"\bAny\b", asked):
                        found[f"{path.relative_to(ROOT)} {node.name} {one.arg}"] = asked
    return found


def test_what_analysis_hands_to_display_has_a_type_that_both_import():
    """A field that is renamed on one side alone is then an error of mypy. What stays `Any` is a row, or a cell's value."""
    loose = takes_anything("salesnb/display")
    assert len(loose) <= 16, loose
    assert {
        name: asked for name, asked in loose.items() if "/kit/" not in name and "Mapping[" not in asked
    } == {}


LEAST_NUMBER = re.compile(r"^((?:FEWEST|LEAST|FAIR)(?:_[A-Z]+)?) = .*?(#.*)?$", flags=re.M)


def test_each_least_number_of_a_statistic_says_of_what_and_is_asked_for():
    """Below it nothing is told: who reads the code finds what it counts, and it decides."""
    rooms = {path: path.read_text(encoding="utf-8") for path in MODULES if "analysis" in path.parts}
    whole = "\n".join(rooms.values())
    found = {
        (str(path.relative_to(ROOT)), match[1]): (match[2] or "", re.findall(rf"\b{match[1]}\b", text))
        for path, text in rooms.items()
        for match in LEAST_NUMBER.finditer(text)
    }
    assert len(found) >= 30
    assert not [name for name, (said, _) in found.items() if not said]
    assert not [
        name
        for name, (_, used) in found.items()
        if len(used) < 2 and not re.search(rf"\b\w+\.{name[1]}\b", whole)
    ]
    bare = re.compile(r"(?:min|len|size|sum|nunique)\([^()]*\)\s*(?:<|>=)\s*(?:10|20|30|50|100)\b")
    assert not [line for text in rooms.values() for line in text.splitlines() if bare.search(line)]

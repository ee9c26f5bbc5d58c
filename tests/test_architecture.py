"""The arrows between the packages, and the few rules that no linter knows."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("embeddings", "bot", "ui")  # each may import itself and those before it
PATHS = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MAX_LINES = 300


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in PATHS}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[str]:
    """Yield the dotted names that a module imports, lazily or at its top; ``from a import b`` gives a and a.b."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers_of(package: str) -> set[str]:
    return {name for name, path in MODULES.items() if package in {found.split(".")[0] for found in imports_of(path)}}


def test_there_are_modules_to_look_at():
    assert {"embeddings.documents", "bot.answers", "ui.cli"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_a_package_imports_only_those_below_it(name):
    level = PACKAGES.index(name.split(".")[0])
    above = {found for found in imports_of(MODULES[name]) if found.split(".")[0] in PACKAGES[level + 1 :]}

    assert not above, f"{name} imports {sorted(above)}; the arrows are ui -> bot -> embeddings"


def test_tests_and_seeds_are_imported_by_no_module():
    assert importers_of("tests") | importers_of("seeds") == set()


def test_imports_run_in_no_circle():
    graph = {
        name: {found for found in imports_of(path) if found in MODULES and found != name}
        for name, path in MODULES.items()
    }

    order = list(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle

    assert set(order) == set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_siblings_never_import_the_package_root(name):
    roots = {
        node.module
        for node in ast.walk(tree_of(MODULES[name]))
        if isinstance(node, ast.ImportFrom)
        and node.module in PACKAGES
        and not all(f"{node.module}.{alias.name}" in MODULES for alias in node.names)
    }

    assert name in PACKAGES or not roots


@pytest.mark.parametrize("name", MODULES)
def test_no_import_is_relative(name):
    assert not [n for n in ast.walk(tree_of(MODULES[name])) if isinstance(n, ast.ImportFrom) and n.level]


def test_only_the_index_imports_faiss():
    assert importers_of("faiss") == {"embeddings.index"}


def test_only_the_export_and_the_training_import_torch():
    outside = {name for name in importers_of("torch") if not name.startswith("bot.training")}

    assert outside <= {"embeddings.export"}


def test_only_one_module_makes_citations():
    makers = {
        name
        for name, path in MODULES.items()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Citation"
    }

    assert makers == {"bot.citations"}


def test_only_the_settings_read_the_environment():
    # The command line may set variables of other people's libraries; it reads none.
    readers = {
        name
        for name, path in MODULES.items()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("os.getenv", "os.environ.get")
    }

    assert readers <= {"bot.settings"}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_at_most_300_lines(name):
    n_lines = len(MODULES[name].read_text(encoding="utf-8").splitlines())

    assert n_lines <= MAX_LINES, f"{name} has {n_lines} lines; divide it by what its parts are about"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_named_for_what_it_is(name):
    assert name.split(".")[-1] not in {"utils", "helpers", "manager", "base", "common"}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_it_is_for(name):
    assert ast.get_docstring(tree_of(MODULES[name])) or not MODULES[name].read_text(encoding="utf-8").strip()

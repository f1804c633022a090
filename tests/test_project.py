"""Rules on the project itself: what a reader may count on in every file."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models

ROOT = Path(settings.BASE_DIR)
CODE = ("core", "portal", "billing", "home", "nourx_site")
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
VAGUE_NAMES = {"utils", "helpers", "common", "misc"}
ORDER = ("core", "portal", "billing", "home", "nourx_site")


def python_files():
    return [
        path
        for folder in CODE
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts and "node_modules" not in path.parts
    ]


def functions_of(path):
    tree = ast.parse(path.read_text())
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_file_is_too_long():
    long = {
        str(path.relative_to(ROOT)): count
        for path in [*python_files(), *(ROOT / "tests").rglob("*.py")]
        if (count := len(path.read_text().splitlines())) > LONGEST_FILE
    }

    assert long == {}


def test_no_function_is_too_long():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in python_files()
        for node in functions_of(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert long == []


def test_no_module_has_a_vague_name():
    vague = [str(path) for path in python_files() if path.stem in VAGUE_NAMES]

    assert vague == []


def test_every_module_says_what_it_is_about():
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if path.name not in ("__init__.py", "apps.py")
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_every_public_service_says_what_it_does():
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in python_files()
        if path.name == "services.py" or path.parent.name == "services"
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert silent == []


def test_only_settings_read_the_environment():
    readers = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if "os.environ" in path.read_text()
        and "settings" not in path.parts
        and "local" not in path.parts
        and path.name not in ("celery.py", "wsgi.py", "asgi.py")
    ]

    assert readers == []


def test_no_bare_exception_is_caught():
    broad = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if re.search(r"except\s*(Exception\b|:)", path.read_text())
    ]

    assert broad == []


def test_no_unfinished_work_is_marked():
    words = re.compile(r"#.*\b(TODO|FIXME|XXX)\b")
    marked = [
        str(path.relative_to(ROOT)) for path in python_files() if words.search(path.read_text())
    ]

    assert marked == []


def test_foreign_keys_look_down():
    upward = [
        f"{field.model._meta.label}.{field.name}"
        for model in apps.get_models()
        if (package := model.__module__.split(".")[0]) in ORDER
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and field.related_model.__module__.split(".")[0] in ORDER
        and ORDER.index(field.related_model.__module__.split(".")[0]) > ORDER.index(package)
    ]

    assert upward == []


# Pango may be missing on the machine: the page then says so, instead of not starting.
LATE_IMPORTS = {"core/pdf/rendering.py"}


def test_no_import_hides_inside_a_function():
    hidden = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in python_files()
        if not path.name.endswith("apps.py")
        and not path.name.endswith("_app.py")
        and str(path.relative_to(ROOT)) not in LATE_IMPORTS
        and "local" not in path.parts
        for node in functions_of(path)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_every_hook_is_documented():
    sources = [path.read_text() for path in (ROOT / "core" / "hooks").glob("*.py")]
    hooks = set(re.findall(r'"(nourx_\w+)"', "".join(sources)))
    documented = set(re.findall(r"`(nourx_\w+)`", (ROOT / "docs" / "hooks.md").read_text()))

    assert documented == hooks


def test_every_variable_of_the_settings_is_in_the_example():
    read = set()
    for path in (ROOT / "nourx_site" / "settings").glob("*.py"):
        read |= set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', path.read_text()))
    example = (ROOT / ".env.example").read_text()

    of_tests = ("TEST_", "PYTEST_")  # set by the runs of tests themselves
    missing = {name for name in read if name not in example and not name.startswith(of_tests)}

    assert missing == set()


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_path_of_one_machine_is_in_the_tree():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    words = re.compile(r"file:///|/root/|/home/\w+/")
    found = [
        name
        for name in listed
        if name
        and not name.endswith((".woff2", ".png", ".ico", ".webp"))
        and name != "tests/test_project.py"
        and (ROOT / name).is_file()
        and words.search((ROOT / name).read_text(errors="ignore"))
    ]

    assert found == []

"""What `prepare` decides, on real files."""

import subprocess
import sys

import pytest

from nourx_site.local import prepare
from nourx_site.local.places import ROOT


@pytest.fixture
def clone(tmp_path):
    (tmp_path / "requirements.txt").write_text("Django==5.2.19\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest==9.2.0\n")
    (tmp_path / ".venv").mkdir()
    return tmp_path


def note(clone, purpose):
    path = clone / ".venv" / f"nourx-{purpose}.sha256"
    path.write_text(prepare.fingerprint(purpose, clone))


@pytest.mark.parametrize(
    ("changed", "still_installed"),
    [
        (None, {"run": True, "test": True}),
        ("requirements.txt", {"run": False, "test": False}),
        ("requirements-dev.txt", {"run": True, "test": False}),
    ],
)
def test_packages_are_installed_again_only_when_their_file_changes(clone, changed, still_installed):
    note(clone, "run")
    note(clone, "test")

    if changed:
        (clone / changed).write_text("Django==5.2.20\n")

    for purpose, expected in still_installed.items():
        found = prepare.is_installed(purpose, root=clone, venv=clone / ".venv")
        assert found is expected


def test_an_empty_environment_is_not_installed(clone):
    assert prepare.is_installed("run", root=clone, venv=clone / ".venv") is False


@pytest.mark.parametrize(
    ("report", "line"),
    [
        ("NewConnectionError: Temporary failure in name resolution", "pas d’accès au registre"),
        ("OSError: [Errno 28] No space left on device", "le disque est plein"),
        (
            "ERROR: No matching distribution found for x",
            "l’installation des paquets Python a échoué",
        ),
    ],
)
def test_a_failed_installation_says_why(report, line):
    assert line in prepare.why_packages_failed(report)


def test_pango_is_found_and_nonsense_is_not():
    assert prepare.has_library("pango-1.0") is True
    assert prepare.has_library("no-such-library") is False


def run_bare(code, **variables):
    """Run code after `import prepare`, without any installed package."""
    bare = "import sys; sys.path.insert(0, 'nourx_site/local'); import prepare; "
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", bare + code],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_runs_on_a_bare_python():
    assert run_bare("print(prepare.ROOT)").stdout.strip() == str(ROOT)


def test_a_missing_browser_is_a_failure_in_ci(tmp_path):
    done = run_bare("prepare.install_browser(in_ci=True)", PATH=str(tmp_path))

    assert done.returncode == 1
    assert "CannotPrepare: Chromium (pour les tests de navigateur) manque. Tapez :" in done.stderr


def test_a_missing_browser_is_a_loud_line_elsewhere(tmp_path):
    done = run_bare("prepare.install_browser(in_ci=False)", PATH=str(tmp_path))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ATTENTION : les tests de navigateur seront sautés : Chromium")

"""`make check`: format, lint, types, import contracts, templates, migrations. All that is fast."""

import os
import subprocess
import sys
from collections.abc import Mapping

from nourx_site.local.console import run_command, say
from nourx_site.local.places import ROOT

CONTRACTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
STEPS = {
    "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "lint": ["-m", "ruff", "check", "--quiet", "."],
    "types": ["-m", "mypy"],
    "contracts": ["-c", CONTRACTS],
    "templates": ["-m", "djlint", "--lint", "--quiet", "templates"],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "django": ["manage.py", "check"],
}


def failed_steps(variables: Mapping[str, str]) -> list[str]:
    """Run every step and return the names of those that fail; their words are shown."""
    return [name for name, words in STEPS.items() if not _passes(name, words, variables)]


def _passes(name: str, words: list[str], variables: Mapping[str, str]) -> bool:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    say(f"{'ok    ' if done.returncode == 0 else 'ÉCHEC '} {name}")
    if done.returncode:
        say(done.stdout)
    return done.returncode == 0


def main() -> int:
    """Run every step; return 1 if one fails."""
    settings = {"DJANGO_SETTINGS_MODULE": "nourx_site.settings.test"}
    return 1 if failed_steps({**os.environ, **settings}) else 0


if __name__ == "__main__":
    sys.exit(run_command(main))

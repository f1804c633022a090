"""Make this clone ready to run or to be tested: Python packages and system libraries.

Runs on the bare `python3` of the machine, before anything is installed, so it uses the standard
library only and is started by its path: `python3 -I nourx_site/local/prepare.py run` (or `test`).
"""

from __future__ import annotations

import ctypes
import ctypes.util
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = ROOT / "var" / "log" / "prepare.log"

OLDEST_PYTHON = (3, 11)
REQUIREMENTS = {
    "run": ["requirements.txt"],
    "test": ["requirements.txt", "requirements-dev.txt"],
}
LIBRARIES = {  # what WeasyPrint opens, and the Debian package of each
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
}
WELCOME_LIBRARIES = {"harfbuzz-subset": "libharfbuzz-subset0"}  # smaller PDFs; old systems lack it
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MAC_BROWSERS = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]
NETWORK_SIGNS = [
    "name resolution",
    "NewConnectionError",
    "ConnectTimeout",
    "Network is unreachable",
    "dns error",
    "error sending request",
]


class CannotPrepare(Exception):
    """The machine lacks something; the message is the one French line that says what to do."""


def main(purpose: str) -> int:
    """Prepare the clone for a purpose, "run" or "test"."""
    try:
        LOG.parent.mkdir(parents=True, exist_ok=True)
        with (LOG.parent / "prepare.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # "make run" and "make test" may start together
            install_packages(purpose)
            install_libraries()
            if purpose == "test":
                install_browser(in_ci=os.environ.get("CI") == "true")
    except (CannotPrepare, OSError) as refusal:
        sys.stderr.write(f"NOURX : {refusal}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


# --- Python packages ------------------------------------------------------------------------


def fingerprint(purpose: str, root: Path = ROOT) -> str:
    """Return what changes when the packages to install change."""
    digest = hashlib.sha256()
    for name in REQUIREMENTS[purpose]:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def is_installed(purpose: str, *, root: Path = ROOT, venv: Path = VENV) -> bool:
    """Tell whether the packages for a purpose are there as the files now ask for them."""
    note = venv / f"nourx-{purpose}.sha256"
    return note.is_file() and note.read_text() == fingerprint(purpose, root)


def install_packages(purpose: str) -> None:
    """Create `.venv` when it does not work, and fill it when the requirements have changed."""
    uv = shutil.which("uv")
    if not _works(PYTHON):
        say("Création de l’environnement Python (.venv)…")
        _make_venv(uv)
    if is_installed(purpose):
        return
    say("Installation des paquets Python (une à deux minutes la première fois)…")
    wanted = str(ROOT / REQUIREMENTS[purpose][-1])
    if uv:
        command = [uv, "pip", "install", "--python", str(PYTHON), "-r", wanted]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
        command += ["--no-input", "-r", wanted]
    if not _run(command):
        raise CannotPrepare(why_packages_failed(LOG.read_text(errors="replace")))
    for done in ["run", purpose]:  # the packages to test include those to run
        (VENV / f"nourx-{done}.sha256").write_text(fingerprint(done))


def _make_venv(uv: str | None) -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    if uv:
        made = _run([uv, "venv", "--python", ">=3.11", str(VENV)])
    else:
        python = find_python()
        if python == sys.executable and importlib.util.find_spec("ensurepip") is None:
            install_system(["python3-venv"], "l’outil venv de Python")
        made = _run([python, "-m", "venv", str(VENV)])
    if not made:
        raise CannotPrepare(f"l’environnement Python n’a pas pu être créé ; voir {LOG}")


def find_python() -> str:
    """Return a Python recent enough.

    :raises CannotPrepare: if the machine has none.
    """
    if sys.version_info >= OLDEST_PYTHON:
        return sys.executable
    for minor in (12, 13, 14, 11):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    raise CannotPrepare(
        f"Python {sys.version_info[0]}.{sys.version_info[1]} est trop ancien : "
        "il faut Python 3.11 ou plus récent (ou uv, qui l’installe)."
    )


def _works(python: Path) -> bool:
    if not python.exists():
        return False
    test = "import sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([str(python), "-c", test], check=False).returncode == 0


def why_packages_failed(report: str) -> str:
    """Return the French line that says why, from what pip or uv reported."""
    if any(sign in report for sign in NETWORK_SIGNS):
        return (
            "les paquets Python n’ont pas pu être téléchargés : pas d’accès au registre. "
            f"Vérifiez la connexion, puis relancez (détails : {LOG})."
        )
    if "No space left on device" in report:
        return "le disque est plein : libérez de la place, puis relancez."
    return f"l’installation des paquets Python a échoué ; voir {LOG}"


# --- System libraries -----------------------------------------------------------------------


def install_libraries() -> None:
    """Install Pango, which draws the PDFs, when it is missing."""
    missing = [package for name, package in LIBRARIES.items() if not has_library(name)]
    if missing:
        install_system(missing, "Pango (pour les PDF)", on_mac="brew install pango")
    welcome = [package for name, package in WELCOME_LIBRARIES.items() if not has_library(name)]
    administrator = administrator_prefix() if welcome and shutil.which("apt-get") else None
    if administrator is not None:
        _run([*administrator, "apt-get", "install", "-y", "--no-install-recommends", *welcome])


def has_library(name: str) -> bool:
    """Tell whether a shared library can be opened."""
    folders = ["/opt/homebrew/lib", "/usr/local/lib"] if sys.platform == "darwin" else []
    if any(Path(folder, f"lib{name}.dylib").exists() for folder in folders):
        return True
    for file_name in (f"lib{name}.so.0", ctypes.util.find_library(name) or f"lib{name}.dylib"):
        try:
            ctypes.CDLL(file_name)
        except OSError:
            continue
        return True
    return False


def find_browser() -> str | None:
    """Return the path of a Chromium or a Chrome, or nothing."""
    found = [shutil.which(name) for name in BROWSERS]
    found += [path for path in MAC_BROWSERS if Path(path).exists()]
    return next((path for path in found if path), None)


def install_browser(*, in_ci: bool) -> None:
    """Install Chromium when it is missing; without it, refuse in CI and warn elsewhere."""
    if find_browser():
        return
    try:
        install_system(
            ["chromium"], "Chromium (pour les tests de navigateur)", "brew install chromium"
        )
        if not find_browser():
            raise CannotPrepare("Chromium a été installé mais reste introuvable.")
    except CannotPrepare as refusal:
        if in_ci:
            raise
        say(f"ATTENTION : les tests de navigateur seront sautés : {refusal}")


def install_system(packages: list[str], what: str, on_mac: str = "") -> None:
    """Install Debian packages when this user may.

    :raises CannotPrepare: with what to type, when the user may not or it fails.
    """
    if sys.platform == "darwin":
        raise CannotPrepare(f"{what} manque. Tapez : {on_mac}")
    typed = "sudo apt-get install -y " + " ".join(packages)
    prefix = administrator_prefix()
    if shutil.which("apt-get") is None or prefix is None:
        raise CannotPrepare(f"{what} manque. Tapez : {typed}")
    say(f"Installation de {what}…")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    if not (_run(install) or (_run([*apt, "update"]) and _run(install))):
        raise CannotPrepare(f"{what} n’a pas pu être installé ({LOG}). Tapez : {typed}")


def administrator_prefix() -> list[str] | None:
    """Return what to write before a command to run it as root, or nothing if one may not."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and _run([*sudo, "true"]):
        return sudo
    return None


def _run(command: list[str]) -> bool:
    """Run a command with its words in the log; true if it succeeds."""
    with LOG.open("wb") as log:
        log.write((" ".join(command) + "\n").encode())
        log.flush()
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
        )
    return done.returncode == 0


def say(line: str) -> None:
    """Write one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))

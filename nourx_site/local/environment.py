"""The variables of a local run, and the note by which later commands find the same servers."""

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from nourx_site.local.places import VAR

NOTE = VAR / "local.env"

SANDBOX_KEYS = {  # of the CinetPay sandbox; they open nothing outside this machine
    "CINETPAY_APIKEY": "sandbox.0001",
    "CINETPAY_SITE_ID": "909001",
    "CINETPAY_SECRET_KEY": "sk_demo_7Qd2-Abidjan-only-for-tests",
}
OTHER_SANDBOX_KEYS = {  # of its stand-ins for other providers, each at its own path
    "STRIPE_SECRET_KEY": "bac-a-sable-stripe",
    "STRIPE_WEBHOOK_SECRET": "bac-a-sable-stripe-notifications",
    "WAVE_API_KEY": "bac-a-sable-wave",
    "WAVE_WEBHOOK_SECRET": "bac-a-sable-wave-notifications",
    "ORANGE_MONEY_CLIENT_ID": "bac-a-sable-orange",
    "ORANGE_MONEY_CLIENT_SECRET": "bac-a-sable-orange-secret",
    "ORANGE_MONEY_MERCHANT_KEY": "bac-a-sable-orange-marchand",
}
SANDBOX_PATHS = {
    "STRIPE_API_BASE": "/stripe",
    "WAVE_BASE_URL": "/wave",
    "ORANGE_MONEY_BASE_URL": "/orange",
}
NOTED = [
    "DATABASE_URL",
    "APP_DATABASE_URL",
    "REDIS_URL",
    "BASE_URL",
    "PORT",
    "SECRET_KEY",
    "CINETPAY_BASE_URL",
    *SANDBOX_KEYS,
    *OTHER_SANDBOX_KEYS,
    *SANDBOX_PATHS,
]


def local_variables(
    servers: Mapping[str, str], given: Mapping[str, str], *, port: int, sandbox_port: int
) -> dict[str, str]:
    """Return every variable of a local run; what is given wins, but for the port taken."""
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    defaults = {
        "DJANGO_SETTINGS_MODULE": "nourx_site.settings.dev",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "CINETPAY_BASE_URL": sandbox,
        "SECRET_KEY": read_note(NOTE).get("SECRET_KEY") or secrets.token_urlsafe(48),
        **SANDBOX_KEYS,
        **_stand_ins(sandbox, given),
    }
    own = {"PORT": str(port), "PYTHONUNBUFFERED": "1", **servers, **libraries_path(given)}
    return {**defaults, **given, **own}


def _stand_ins(sandbox: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the keys and addresses of the stand-ins; a provider whose keys are given is real."""
    variables: dict[str, str] = {}
    for address, path in SANDBOX_PATHS.items():
        head = address.removesuffix("_API_BASE").removesuffix("_BASE_URL")
        keys = {name: key for name, key in OTHER_SANDBOX_KEYS.items() if name.startswith(head)}
        if not any(given.get(name) for name in (*keys, address)):
            variables |= {**keys, address: sandbox + path}
    return variables


def libraries_path(given: Mapping[str, str]) -> dict[str, str]:
    """Return where macOS shall look for Homebrew's Pango; nothing elsewhere."""
    if sys.platform != "darwin":
        return {}
    known = given.get("DYLD_FALLBACK_LIBRARY_PATH", "")
    return {"DYLD_FALLBACK_LIBRARY_PATH": f"{known}:/opt/homebrew/lib:/usr/local/lib".lstrip(":")}


def read_note(path: Path) -> dict[str, str]:
    """Return the variables of a note, none if there is no note."""
    if not path.is_file():
        return {}
    lines = (line.partition("=") for line in path.read_text().splitlines() if "=" in line)
    return {name: value for name, _, value in lines}


def write_note(path: Path, variables: Mapping[str, str]) -> None:
    """Keep the variables for commands typed later; only this user may read them."""
    lines = [f"{name}={variables[name]}\n" for name in NOTED if name in variables]
    unfinished = path.with_suffix(".new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as note:
        note.writelines(lines)
    unfinished.replace(path)

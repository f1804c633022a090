"""Production settings, read in a process of their own with the environment of a server."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "nourx_site.settings.production",
    "SECRET_KEY": "k3Y-of-a-server-which-is-long-enough-0123456789-abcdefghijklmnop",
    "ALLOWED_HOSTS": "nourx.example",
    "BASE_URL": "https://nourx.example",
    "APP_DATABASE_URL": "postgresql://nourx_app:x@db/nourx",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://user:x@mail:587",
    "NOURX_FIELD_KEYS": "h9Zs6nJm0vQ2l4cXyT1bR8wE5uK7aGdFpOiN3qMtVxY=",
    "CINETPAY_APIKEY": "x",
    "CINETPAY_SITE_ID": "1",
    "CINETPAY_SECRET_KEY": "x",
}
NAMES = [
    "DEBUG",
    "DEMO_ACCOUNTS_ALLOWED",
    "PAYMENTS_ALLOW_SANDBOX",
    "STAFF_SECOND_FACTOR_REQUIRED",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_REFERRER_POLICY",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_DOMAIN",
    "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_SAMESITE",
    "CSRF_COOKIE_NAME",
]


def run(*command, **changes):
    """Run python with the environment of a server, changed or without some variables (None)."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    wanted = {**kept, **ENVIRONMENT, **changes}
    environment = {name: value for name, value in wanted.items() if value is not None}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_cookies_headers_and_secrets_of_production():
    code = (
        "import json; from django.conf import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in {NAMES!r}}}))"
    )

    done = run("-c", code)

    assert json.loads(done.stdout) == {
        "DEBUG": False,
        "DEMO_ACCOUNTS_ALLOWED": False,
        "PAYMENTS_ALLOW_SANDBOX": False,
        "STAFF_SECOND_FACTOR_REQUIRED": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "strict-origin-when-cross-origin",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "__Host-nourx",
        "SESSION_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": "__Host-nourx-csrf",
    }


def test_the_deployment_check_names_the_providers_without_keys_and_nothing_else():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
    assert re.findall(r"\(\w+\.\w+\)", done.stderr) == ["(nourx.I103)"]
    assert "No keys in the environment for: Stripe, Wave, Orange Money." in done.stderr


@pytest.mark.parametrize(
    "name",
    ["SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "APP_DATABASE_URL", "REDIS_URL", "EMAIL_URL"],
)
def test_a_missing_variable_stops_the_start_by_its_name(name):
    done = run("-c", "import nourx_site.settings.production", **{name: None})

    assert done.returncode == 1
    assert f"Variables manquantes : {name}" in done.stderr


def test_missing_keys_of_fields_stop_the_start():
    done = run("-c", "import nourx_site.settings.production", NOURX_FIELD_KEYS=None)

    assert done.returncode == 1
    assert "NOURX_FIELD_KEYS" in done.stderr


def test_the_environment_cannot_turn_the_second_factor_off():
    done = run(
        "-c",
        "from django.conf import settings; print(settings.STAFF_SECOND_FACTOR_REQUIRED)",
        STAFF_SECOND_FACTOR_REQUIRED="0",
        DEMO_ACCOUNTS_ALLOWED="1",
        DEBUG="1",
    )

    assert done.stdout.strip() == "True"

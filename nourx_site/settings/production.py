"""In production: secrets are demanded at start, https everywhere, no demo, no sandbox."""

from django.core.exceptions import ImproperlyConfigured

from nourx_site.settings.base import *  # noqa: F403
from nourx_site.settings.base import env

DEBUG = False
DEMO_ACCOUNTS_ALLOWED = False

_missing = [
    name
    for name in (
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "BASE_URL",
        "APP_DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",  # without it mails, and the links they hold, would be written in the log
    )
    if not env.str(name, "")
]
if _missing:
    raise ImproperlyConfigured("Variables manquantes : " + ", ".join(_missing))
if not env.list("NOURX_FIELD_KEYS", default=[]):
    raise ImproperlyConfigured("Variable manquante : NOURX_FIELD_KEYS (clés Fernet)")

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
if env.bool("BEHIND_HTTPS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-nourx"
CSRF_COOKIE_NAME = "__Host-nourx-csrf"

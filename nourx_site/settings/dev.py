"""On a developer's machine and in the demo: the sandbox, demo accounts, no https."""

from nourx_site.settings.base import *  # noqa: F403
from nourx_site.settings.base import VAR_DIR, env

DEBUG = env.bool("DEBUG", False)  # the demo shows the real error pages
SECRET_KEY = env.str("SECRET_KEY", "dev-only-key-that-protects-nothing-outside-this-machine")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
CINETPAY_BASE_URL = env.str("CINETPAY_BASE_URL", "http://127.0.0.1:8001")
PAYMENTS_ALLOW_SANDBOX = True
STAFF_SECOND_FACTOR_REQUIRED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost
DEMO_ACCOUNTS_ALLOWED = True
if not env.str("EMAIL_URL", ""):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")

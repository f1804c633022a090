"""For the test suite: no secret, no network, real PostgreSQL and Redis."""

from nourx_site.settings.base import *  # noqa: F403
from nourx_site.settings.base import (
    BASE_DIR,
    DATABASES,
    PRIVATE_STORAGE_ON_DISK,
    STORAGES,
    VAR_DIR,
    env,
)

DEBUG = False
SECRET_KEY = "test-only-key-that-protects-nothing-at-all-0123456789"
ALLOWED_HOSTS = ["*"]
BASE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
# Tests create and migrate their database as the owner, then become the web role (see conftest).
DATABASES["default"].update(env.db_url_config(env.str("DATABASE_URL", "postgres:///nourx")))
DATABASES["default"].update(
    ENGINE="django.db.backends.postgresql",
    CONN_MAX_AGE=0,
    TEST={
        "NAME": env.str("TEST_DATABASE_NAME", "test_nourx"),
        "TEMPLATE": env.str("TEST_DATABASE_TEMPLATE", "") or None,  # migrated already
    },
)
APP_DATABASE_USER = env.db_url_config(env.str("APP_DATABASE_URL", "postgres://nourx_app@/nourx"))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": {
        **PRIVATE_STORAGE_ON_DISK,
        "OPTIONS": {
            **PRIVATE_STORAGE_ON_DISK["OPTIONS"],
            "location": env.str("TEST_PRIVATE_DIR", str(VAR_DIR / "test-private")),
        },
    },
}
CINETPAY_APIKEY = "sandbox.0001"
CINETPAY_SITE_ID = "909001"
CINETPAY_SECRET_KEY = "sk_demo_7Qd2-Abidjan-only-for-tests"
CINETPAY_BASE_URL = "http://127.0.0.1:1"  # each test that pays starts its own sandbox
PAYMENTS_ALLOW_SANDBOX = True
STAFF_SECOND_FACTOR_REQUIRED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost
DEMO_ACCOUNTS_ALLOWED = True
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "memory://"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("REDIS_URL", "redis://127.0.0.1:6379/0"),
        "KEY_PREFIX": "test-" + env.str("PYTEST_XDIST_WORKER", "main"),
    }
}
LOCALE_PATHS = [BASE_DIR / "locale"]  # texts as the sources have them, with plain spaces
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = env.bool("TEST_SERVES_STATIC", False)  # for a server of its own process

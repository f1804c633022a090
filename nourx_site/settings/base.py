"""What is true everywhere: apps, security, services, schedules."""

from datetime import timedelta

from nourx_site.settings.environment import BASE_DIR, VAR_DIR, database_url, env, s3_origin
from nourx_site.settings.installed import *  # noqa: F403
from nourx_site.settings.jobs import *  # noqa: F403
from nourx_site.settings.jobs import REDIS_URL

# --- Database -------------------------------------------------------------------------------

DATABASES = {"default": {**env.db_url_config(database_url() or "postgres:///nourx")}}
DATABASES["default"].update(
    ENGINE="django.db.backends.postgresql",
    CONN_MAX_AGE=60,
    CONN_HEALTH_CHECKS=True,
    DISABLE_SERVER_SIDE_CURSORS=True,  # a pooler in transaction mode keeps no cursor
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ACCESS_ROOT = "accounts.Client"  # the model whose members may see what hangs below it
ACCESS_BRANCH = "projects.Project"  # a member may be limited to some of these

# --- Redis: cache and sessions --------------------------------------------------------------

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "nourx",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # Wagtail's own scripts read it
CSRF_FAILURE_VIEW = "core.ui.error_pages.csrf_failure"

# --- Accounts -------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "core.accounts.passwords.TeamPasswordLength"},
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/espace/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "core.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # nobody signs up: an invitation proves the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_FORMS = {
    "request_login_code": "core.accounts.forms.MailedCodeForm",
    "confirm_login_code": "core.accounts.forms.TypedCodeForm",
    "login": "core.accounts.forms.SignInForm",
    "reset_password": "core.accounts.forms.PasswordLinkForm",
    "reset_password_from_key": "core.accounts.forms.NewPasswordForm",
    "change_password": "core.accounts.forms.PasswordChangeForm",
    "reauthenticate": "core.accounts.forms.PasswordAgainForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "request_login_code": "20/m/ip,3/5m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "core.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "core.accounts.forms.SecondFactorForm",
    "reauthenticate": "core.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "core.accounts.forms.SetUpSecondFactorForm",
    "add_webauthn": "core.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "core.accounts.forms.NamePasskeyForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up: addresses come from invitations and the team
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
MFA_TOTP_ISSUER = "NOURX"
MFA_TRUST_ENABLED = False
USERSESSIONS_TRACK_ACTIVITY = True
STAFF_SECOND_FACTOR_REQUIRED = True
STAFF_IDLE_SECONDS = 2 * 3600  # a session of the admin that nobody uses ends
FIELD_KEYS = env.list("NOURX_FIELD_KEYS", default=[])  # Fernet keys, newest first
INVITATION_DAYS = 7

# --- Language, time -------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
USE_TZ = True
# English, then French with its unbreakable spaces: nourx_site/local/typography.py.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "nourx_site" / "typography"]

# --- Static and private files ---------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "nourx_site" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
S3_BUCKET = env.str("AWS_STORAGE_BUCKET_NAME", "")
FILE_LINK_SECONDS = env.int("FILE_LINK_SECONDS", 300)
EXPORT_ROWS_AT_ONCE = env.int("EXPORT_ROWS_AT_ONCE", 5000)  # beyond, a worker writes the file
FILE_MAX_MB = env.int("FILE_MAX_MB", 25)
CLIENT_STORAGE_MB = env.int("CLIENT_STORAGE_MB", 5000)
FILE_UPLOAD_HANDLERS = [
    "core.files.handlers.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
S3_ORIGIN = s3_origin()  # where browsers post files to, when there is a bucket
PRIVATE_STORAGE_ON_DISK = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {
        "location": VAR_DIR / "private",
        "base_url": None,
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    },
}
PRIVATE_STORAGE_ON_S3 = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "access_key": env.str("AWS_ACCESS_KEY_ID", ""),
        "secret_key": env.str("AWS_SECRET_ACCESS_KEY", ""),
        "region_name": env.str("AWS_S3_REGION_NAME", "") or None,
        "endpoint_url": env.str("AWS_S3_ENDPOINT_URL", "") or None,
        "default_acl": None,
        "querystring_auth": True,
        "querystring_expire": FILE_LINK_SECONDS,
        "file_overwrite": False,
        "custom_domain": None,  # a custom domain would switch signing off
        "addressing_style": "path",
        "signature_version": "s3v4",
    },
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "private": PRIVATE_STORAGE_ON_S3 if S3_BUCKET else PRIVATE_STORAGE_ON_DISK,
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # an invoice of 160 lines and more
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Mail -----------------------------------------------------------------------------------

_mail = env.email_url_config(env.str("EMAIL_URL", "consolemail://"))
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = _mail.get("EMAIL_FILE_PATH") or str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "NOURX <ne-pas-repondre@nourx.test>")

RULES_MOST_AN_HOUR = env.int("RULES_MOST_AN_HOUR", 500)  # sends of all rules of the team together

# --- SMS (the API of Orange): off without keys ------------------------------------------------

SMS_CLIENT_ID = env.str("SMS_CLIENT_ID", "")
SMS_CLIENT_SECRET = env.str("SMS_CLIENT_SECRET", "")
SMS_SENDER = env.str("SMS_SENDER", "")  # the number of the account, such as +2250000
SMS_SENDER_NAME = env.str("SMS_SENDER_NAME", "")
SMS_BASE_URL = env.str("SMS_BASE_URL", "") or "https://api.orange.com"

# --- Notices on devices (Web Push): off without keys ------------------------------------------

VAPID_PUBLIC_KEY = env.str("VAPID_PUBLIC_KEY", "")
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", "")
VAPID_SUBJECT = env.str("VAPID_SUBJECT", "") or "mailto:contact@nourx.test"
PUSH_HOSTS = [  # the push services of browsers; our server calls no other address for them
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    ".push.apple.com",
    ".notify.windows.com",
]

# --- Wagtail --------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "NOURX"
BASE_URL = env.str("BASE_URL", "http://localhost:8000").rstrip("/")
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"  # the picker turns a date typed otherwise into today's
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "Français")]
WAGTAIL_USER_TIME_ZONES = ["Africa/Abidjan", "Africa/Dakar", "Europe/Paris"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "txt", "csv", "zip", "png", "jpg", "jpeg"]
WAGTAILEMBEDS_FINDERS = []
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "french"}
}

# --- Security -------------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
X_FRAME_OPTIONS = "DENY"  # but in the admin, see core.access.headers
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = ["wagtailadmin.W003"]
WEB_THREADS = env.int("WEB_THREADS", 4)  # pages answered at once by one process
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

# --- Payments -------------------------------------------------------------------------------

CINETPAY_APIKEY = env.str("CINETPAY_APIKEY", "")
CINETPAY_SITE_ID = env.str("CINETPAY_SITE_ID", "")
CINETPAY_SECRET_KEY = env.str("CINETPAY_SECRET_KEY", "")
CINETPAY_NOTIFY_URL = env.str("CINETPAY_NOTIFY_URL", "")
CINETPAY_BASE_URL = env.str("CINETPAY_BASE_URL", "https://api-checkout.cinetpay.com")
CINETPAY_HMAC_MODE = env.str("CINETPAY_HMAC_MODE", "strict")
CINETPAY_MAX_AMOUNT = env.int("CINETPAY_MAX_AMOUNT", 1_500_000)
CINETPAY_CHANNELS = env.list("CINETPAY_CHANNELS", default=["orange", "wave", "mtn", "moov", "card"])
CINETPAY_DIALECT = env.str("CINETPAY_DIALECT", "v2")  # v1: the API whose keys begin with sk_
CINETPAY_API_PASSWORD = env.str("CINETPAY_API_PASSWORD", "")
CINETPAY_V1_BASE_URL = env.str("CINETPAY_V1_BASE_URL", "")  # empty: the host that the key opens
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", "")
STRIPE_API_BASE = env.str("STRIPE_API_BASE", "") or "https://api.stripe.com"
WAVE_API_KEY = env.str("WAVE_API_KEY", "")
WAVE_WEBHOOK_SECRET = env.str("WAVE_WEBHOOK_SECRET", "")
WAVE_BASE_URL = env.str("WAVE_BASE_URL", "") or "https://api.wave.com"
ORANGE_MONEY_CLIENT_ID = env.str("ORANGE_MONEY_CLIENT_ID", "")
ORANGE_MONEY_CLIENT_SECRET = env.str("ORANGE_MONEY_CLIENT_SECRET", "")
ORANGE_MONEY_MERCHANT_KEY = env.str("ORANGE_MONEY_MERCHANT_KEY", "")
ORANGE_MONEY_COUNTRY = env.str("ORANGE_MONEY_COUNTRY", "ci")
ORANGE_MONEY_BASE_URL = env.str("ORANGE_MONEY_BASE_URL", "") or "https://api.orange.com"
FNE_API_KEY = env.str("FNE_API_KEY", "")
FNE_BASE_URL = env.str("FNE_BASE_URL", "")
PAYMENT_WEBHOOK_IPS = env.list("PAYMENT_WEBHOOK_IPS", default=[])  # addresses or networks
PAYMENTS_ALLOW_SANDBOX = False
# Above this share of failures among the payments that ended within an hour, the team is told.
PAYMENTS_FAILURE_PERCENT = env.int("PAYMENTS_FAILURE_PERCENT", default=50)
PAYMENTS_FAILURE_LEAST = env.int("PAYMENTS_FAILURE_LEAST", default=5)  # ended payments it takes
CLAMAV_HOST = env.str("CLAMAV_HOST", "")

# --- Observation ----------------------------------------------------------------------------

SENTRY_DSN = env.str("SENTRY_DSN", "")
POSTHOG_KEY = env.str("POSTHOG_KEY", "")
POSTHOG_HOST = env.str("POSTHOG_HOST", "") or "https://eu.i.posthog.com"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "core.audit.log_filter.SecretsFilter"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "weasyprint": {"level": "CRITICAL"},  # what a PDF lacks, our tests say
        "fontTools": {"level": "WARNING"},
    },
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "core.access.paging.ApiPages",
    "PAGE_SIZE": 25,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "NOURX",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["core.access.api_schema.only_ours"],
    "ENUM_NAME_OVERRIDES": {
        "ProjectStatus": "portal.projects.models.Project.Status",
        "MilestoneStatus": "portal.projects.models.Milestone.Status",
        "TaskStatus": "portal.projects.models.Task.Status",
        "InvoiceStatus": "billing.invoicing.models.Invoice.Status",
    },
}

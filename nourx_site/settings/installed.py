"""What the product is made of: apps, middleware, templates."""

from nourx_site.settings.environment import BASE_DIR

NOURX_APPS = [
    "core.ui",
    "core.audit",
    "core.outbox",
    "core.access",
    "core.workdays",
    "core.notify",
    "core.files",
    "core.accounts",
    "core.desk",
    "core.backoffice",
    "portal.crm",
    "portal.projects",
    "portal.knowledge",
    "portal.documents",
    "portal.support",
    "portal.inbox",
    "portal.steering",
    "portal.workload",
    "portal.guests",
    "portal.dashboard",
    "billing.proofs",
    "billing.invoicing",
    "billing.methods",
    "billing.payments",
    "billing.quoting",
    "billing.sources",
    "billing.dunning",
    "billing.deals",
    "billing.treasury",
    "billing.accounting",
    "billing.fiscal",
    "billing.analytics",
    "home",
]

INSTALLED_APPS = [
    "nourx_site",  # its commands
    *NOURX_APPS,  # before Wagtail: our templates win
    "wagtail.contrib.settings",
    "core.accounts.users_app.NourxUsersConfig",  # replaces wagtail.users
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.embeds",
    "wagtail.admin",
    "wagtail",
    "wagtail_modeladmin",
    "modelcluster",
    "taggit",
    "django_filters",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.admin",  # wagtail-modeladmin needs it; it answers nowhere
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "core.access.headers.RequestIdMiddleware",
    "core.access.whole_bodies.WholeBodyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.access.headers.SecurityHeadersMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.accounts.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.accounts.activity.SessionActivityMiddleware",
    "core.accounts.middleware.StaffIdleMiddleware",
    "core.accounts.middleware.StaffSecondFactorMiddleware",
    "core.accounts.seeing.SeeingMiddleware",
    "core.access.middleware.RowSecurityMiddleware",
]

ROOT_URLCONF = "nourx_site.urls"
WSGI_APPLICATION = "nourx_site.wsgi.application"
ASGI_APPLICATION = "nourx_site.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.ui.context.portal",
            ],
        },
    }
]

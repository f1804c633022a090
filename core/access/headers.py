"""Headers of every answer: what a browser may run, keep and frame; and a number to quote."""

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

NONE = "'none'"
SELF = "'self'"
ADMIN_AREA = "/admin/"
CINETPAY_PAGES = ["https://checkout.cinetpay.com", "https://*.cinetpay.com"]
CINETPAY_V1_PAGES = ["https://secure.cinetpay.co", "https://secure.cinetpay.net"]
STRIPE_PAGES = ["https://checkout.stripe.com"]
WAVE_PAGES = ["https://pay.wave.com"]
ORANGE_PAGES = ["https://*.orange-money.com", "https://*.orange.com"]
NEVER_INDEXED = (
    "/admin/",
    "/api/",
    "/client/",
    "/espace/",
    "/fichiers/",
    "/invitation/",
    "/notifications/",
    "/p/",
    "/partage/",
    "/payer/",
    "/portail/",
)


def portal_policy(*, pays: bool = False) -> str:
    """Return the content policy of every page but the admin's: nothing inline, own origin.

    A page that `pays` may also send its form on to the payment provider.
    """
    targets = [SELF, *payment_origins()] if pays else [SELF]
    return "; ".join(
        [
            f"default-src {NONE}",
            f"script-src {SELF}",
            f"style-src {SELF}",
            f"img-src {SELF} data:",
            f"font-src {SELF}",
            f"connect-src {SELF} {settings.S3_ORIGIN}".rstrip(),
            f"manifest-src {SELF}",
            f"worker-src {SELF}",
            f"form-action {' '.join(targets)}",
            f"frame-ancestors {NONE}",
            f"base-uri {NONE}",
            f"object-src {NONE}",
        ]
    )


def lead_to_payment(request: HttpRequest) -> None:
    """Let the forms of this page, and of no other, lead to the payment provider."""
    request.leads_to_payment = True  # type: ignore[attr-defined]


def admin_policy() -> str:
    """Return the content policy of the admin, whose own forms hold inline scripts."""
    return "; ".join(
        [
            f"default-src {SELF}",
            f"script-src {SELF} 'unsafe-inline'",
            f"style-src {SELF} 'unsafe-inline'",
            f"img-src {SELF} data: blob:",
            f"frame-src {SELF}",
            f"frame-ancestors {SELF}",
            f"base-uri {SELF}",
            f"object-src {NONE}",
        ]
    )


def payment_origins() -> list[str]:
    """Return where a pay button may lead: browsers hold a form's redirects to `form-action`.

    The hosts of the pages of each provider, or the origin of a sandbox that stands in for it.
    """
    origins = [
        origin
        for base, domain, hosts in (
            (settings.CINETPAY_BASE_URL, "cinetpay.com", CINETPAY_PAGES),
            (settings.CINETPAY_V1_BASE_URL, "cinetpay.", CINETPAY_V1_PAGES),
            (settings.STRIPE_API_BASE, "stripe.com", STRIPE_PAGES),
            (settings.WAVE_BASE_URL, "wave.com", WAVE_PAGES),
            (settings.ORANGE_MONEY_BASE_URL, "orange.com", ORANGE_PAGES),
        )
        for origin in (hosts if not base or domain in base else [_origin_of(base)])
    ]
    return list(dict.fromkeys(origins))


def _origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


class RequestIdMiddleware:
    """Number each request, so that a person can quote it and the team can find it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = secrets.token_hex(4).upper()  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response


class SecurityHeadersMiddleware:
    """Say what browsers may run, and keep signed-in pages out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        in_admin = request.path.startswith(ADMIN_AREA)
        if "Content-Security-Policy" not in response:
            pays = getattr(request, "leads_to_payment", False)
            policy = admin_policy() if in_admin else portal_policy(pays=pays)
            response["Content-Security-Policy"] = policy
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        # The preview panel of the admin is a frame of its own pages.
        response["X-Frame-Options"] = "SAMEORIGIN" if in_admin else "DENY"
        if request.path.startswith(NEVER_INDEXED):
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response

"""Making a gateway out of keys: those of an account, or those of the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from billing.methods.keys import unseal
from billing.methods.models import ProviderAccount
from billing.methods.models.accounts import Dialect, Provider
from billing.payments.providers.base import Gateway
from billing.payments.providers.cinetpay import CinetPayGateway, CinetPayV1Gateway
from billing.payments.providers.orange import OrangeMoneyGateway
from billing.payments.providers.stripe_checkout import StripeGateway
from billing.payments.providers.wave import WaveGateway
from core.accounts.secrets import decrypt_text, encrypt_text

Keys = Mapping[str, str]
VARIABLES: dict[tuple[str, str], dict[str, str]] = {
    (Provider.CINETPAY, Dialect.V2): {
        "apikey": "CINETPAY_APIKEY",
        "site_id": "CINETPAY_SITE_ID",
        "secret_key": "CINETPAY_SECRET_KEY",
    },
    (Provider.CINETPAY, Dialect.V1): {
        "api_key": "CINETPAY_APIKEY",
        "api_password": "CINETPAY_API_PASSWORD",
    },
    (Provider.STRIPE, ""): {
        "secret_key": "STRIPE_SECRET_KEY",
        "webhook_secret": "STRIPE_WEBHOOK_SECRET",
    },
    (Provider.WAVE, ""): {
        "api_key": "WAVE_API_KEY",
        "webhook_secret": "WAVE_WEBHOOK_SECRET",
    },
    (Provider.ORANGE, ""): {
        "client_id": "ORANGE_MONEY_CLIENT_ID",
        "client_secret": "ORANGE_MONEY_CLIENT_SECRET",
        "merchant_key": "ORANGE_MONEY_MERCHANT_KEY",
    },
}


class CachedTokens:
    """Tokens that providers lend us, encrypted in Redis; without Redis none is kept."""

    def get(self, name: str) -> str:
        try:
            kept = cache.get(f"payments:token:{name}")
        except RedisError:
            return ""
        return decrypt_text(kept) if kept else ""

    def put(self, name: str, token: str, *, seconds: int) -> None:
        try:
            cache.set(f"payments:token:{name}", encrypt_text(token), timeout=seconds)
        except RedisError:
            return

    def drop(self, name: str) -> None:
        try:
            cache.delete(f"payments:token:{name}")
        except RedisError:
            return


def build(account: ProviderAccount) -> Gateway | None:
    """Return the gateway of an account, None when its keys cannot be read."""
    keys = unseal(account.keys)
    return _make(account.provider, account.dialect, account.country, keys) if keys else None


def build_from_settings(provider: str) -> Gateway | None:
    """Return the gateway that the keys of the environment make."""
    dialect = settings.CINETPAY_DIALECT if provider == Provider.CINETPAY else ""
    country = settings.ORANGE_MONEY_COUNTRY if provider == Provider.ORANGE else ""
    return _make(provider, dialect, country, _keys_of_settings(provider, dialect))


def has_keys(provider: str) -> bool:
    """Tell whether the environment holds any key of a provider."""
    dialect = settings.CINETPAY_DIALECT if provider == Provider.CINETPAY else ""
    return any(_keys_of_settings(provider, dialect).values())


def find_gateway_problems(provider: str, gateway: Gateway) -> list[str]:
    """Return why a gateway may not be used, one French sentence each."""
    problems = gateway.check_config()
    if gateway.capabilities.test_mode and not settings.PAYMENTS_ALLOW_SANDBOX:
        problems.append(_trial_text(provider))
    return problems


def _trial_text(provider: str) -> str:
    if provider == Provider.CINETPAY:
        return _(
            "CINETPAY_BASE_URL mène à un bac à sable, interdit ici : aucun argent n’arriverait."
        )
    return _("%(provider)s est en mode d’essai, interdit ici : aucun argent n’arriverait.") % {
        "provider": Provider(provider).label
    }


def _keys_of_settings(provider: str, dialect: str) -> dict[str, str]:
    names = VARIABLES.get((provider, dialect), {})
    return {name: getattr(settings, variable) for name, variable in names.items()}


def _make(provider: str, dialect: str, country: str, keys: Keys) -> Gateway | None:
    maker = MAKERS.get((provider, dialect))
    return maker(keys, country) if maker else None


def _cinetpay_v2(keys: Keys, country: str) -> Gateway:
    return CinetPayGateway(
        apikey=keys.get("apikey", ""),
        site_id=keys.get("site_id", ""),
        secret_key=keys.get("secret_key", ""),
        base_url=settings.CINETPAY_BASE_URL,
        hmac_mode=settings.CINETPAY_HMAC_MODE,
        max_amount=settings.CINETPAY_MAX_AMOUNT,
    )


def _cinetpay_v1(keys: Keys, country: str) -> Gateway:
    return CinetPayV1Gateway(
        api_key=keys.get("api_key", ""),
        api_password=keys.get("api_password", ""),
        base_url=settings.CINETPAY_V1_BASE_URL,
        fallback_email=settings.DEFAULT_FROM_EMAIL,
        max_amount=settings.CINETPAY_MAX_AMOUNT,
        tokens=CachedTokens(),
    )


def _stripe(keys: Keys, country: str) -> Gateway:
    return StripeGateway(
        secret_key=keys.get("secret_key", ""),
        webhook_secret=keys.get("webhook_secret", ""),
        base_url=settings.STRIPE_API_BASE,
    )


def _wave(keys: Keys, country: str) -> Gateway:
    return WaveGateway(
        api_key=keys.get("api_key", ""),
        webhook_secret=keys.get("webhook_secret", ""),
        base_url=settings.WAVE_BASE_URL,
    )


def _orange(keys: Keys, country: str) -> Gateway:
    return OrangeMoneyGateway(
        client_id=keys.get("client_id", ""),
        client_secret=keys.get("client_secret", ""),
        merchant_key=keys.get("merchant_key", ""),
        country=country or settings.ORANGE_MONEY_COUNTRY,
        base_url=settings.ORANGE_MONEY_BASE_URL,
        tokens=CachedTokens(),
    )


MAKERS: dict[tuple[str, str], Callable[[Keys, str], Gateway]] = {
    (Provider.CINETPAY, Dialect.V2): _cinetpay_v2,
    (Provider.CINETPAY, Dialect.V1): _cinetpay_v1,
    (Provider.STRIPE, ""): _stripe,
    (Provider.WAVE, ""): _wave,
    (Provider.ORANGE, ""): _orange,
}

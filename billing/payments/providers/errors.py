"""What may go wrong with a provider, sorted by what there is to do about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class GatewayError(Exception):
    """A provider did not do what was asked.

    The text is for the journal: it never holds a key, a body or a phone number.
    `may_exist` says the provider may hold the payment all the same: ask about the
    reference before doing anything else. `alert` says the team must be told.
    """

    payer_message: str | Promise = _(
        "Le paiement n’a pas pu démarrer. Réessayez dans quelques minutes."
    )

    def __init__(
        self,
        detail: str = "",
        *,
        code: str = "",
        alert: bool = False,
        may_exist: bool = False,
        payer_message: str | Promise | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.alert = alert
        self.may_exist = may_exist
        if payer_message is not None:
            self.payer_message = payer_message


class GatewayUnavailable(GatewayError):
    """Nobody answered, or nothing readable came back: try again later."""

    payer_message = _(
        "Le service de paiement ne répond pas pour le moment. Réessayez dans quelques minutes."
    )

    def __init__(self, detail: str = "", *, retry_after: int = 0, **facts) -> None:
        super().__init__(detail, **facts)
        self.retry_after = retry_after  # seconds to leave the provider alone, 0 when not told


class GatewayMisconfigured(GatewayError):
    """Our keys, site or addresses are wrong: hide the method and tell the team."""

    payer_message = _(
        "Ce moyen de paiement est momentanément indisponible. "
        "Choisissez-en un autre ou écrivez-nous."
    )

    def __init__(self, detail: str = "", **facts) -> None:
        super().__init__(detail, **{"alert": True, **facts})


class GatewayRejected(GatewayError):
    """What we asked breaks a rule of the provider; asking again changes nothing."""

    payer_message = _("Ce paiement n’a pas pu être préparé. Notre équipe va vous répondre.")


class WebhookRejected(GatewayError):
    """A notification that is not the provider's, or is malformed: answer 403."""


class WebhookTooLarge(WebhookRejected):
    """A notification larger than any real one: answer 413."""


class NotSupported(GatewayError):
    """The provider has no such call."""

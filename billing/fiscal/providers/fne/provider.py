"""The FNE as a provider: what it is asked, and how it is tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from billing.fiscal.providers.base import Certified, Credit, Prepared, Rejected, Sale
from billing.fiscal.providers.fne.answers import read_answer
from billing.fiscal.providers.fne.payload import SIGN, credit_request, sale_request
from billing.fiscal.providers.fne.transport import LOOPBACK, Limits, post


@dataclass(frozen=True)
class FneProvider:
    """One taxpayer at the FNE. `base_url` ends before « /external »."""

    base_url: str
    key: str = field(repr=False)
    point_of_sale: str
    establishment: str
    message: str = ""
    limits: Limits = field(default_factory=Limits)
    code: str = "fne"

    @property
    def is_test(self) -> bool:
        """Tell whether papers certified there have no legal worth: the test platform has no TLS."""
        return urlsplit(self.base_url).scheme != "https"

    @property
    def is_sandbox(self) -> bool:
        """Tell whether it is the imitation on this machine."""
        return urlsplit(self.base_url).hostname in LOOPBACK

    def prepare_sale(self, sale: Sale) -> Prepared:
        return sale_request(
            sale,
            point_of_sale=self.point_of_sale,
            establishment=self.establishment,
            message=self.message,
        )

    def prepare_credit(self, credit: Credit) -> Prepared:
        return credit_request(credit)

    def send(self, prepared: Prepared) -> Certified:
        url = self.base_url.rstrip("/") + prepared.path
        answer = post(url, prepared.body, key=self.key, limits=self.limits)
        return read_answer(answer, prepared)

    def check(self) -> str:
        """Send an empty body: it certifies nothing, and how it is refused tells two things."""
        try:
            self.send(Prepared(SIGN, {}))
        except Rejected as refusal:
            if refusal.status not in (400, 422):
                raise
        return _(
            "La DGI a répondu et n’a pas refusé la clé. Cela ne prouve ni le point de vente, ni "
            "l’établissement, ni le stock de stickers : seule une vraie facture les éprouve."
        )

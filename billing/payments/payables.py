"""What may be paid online: an invoice, or a sale that was won before there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from core.accounts.models import Client
from portal.crm.models import Opportunity


class Payable(Protocol):
    """What the routing of a payment asks about; amounts in minor units of `currency`."""

    @property
    def company_id(self) -> int: ...

    @property
    def client(self) -> Client: ...

    @property
    def client_id(self) -> int: ...

    @property
    def currency(self) -> str: ...

    @property
    def amount_payable_now(self) -> int: ...

    @property
    def attempts(self) -> Any: ...


@dataclass(frozen=True)
class Sale:
    """An opportunity to be paid at once for its whole amount."""

    opportunity: Opportunity

    @property
    def company_id(self) -> int:
        return self.client.company_id

    @property
    def client(self) -> Client:
        return self.opportunity.client

    @property
    def client_id(self) -> int:
        return self.opportunity.client_id

    @property
    def currency(self) -> str:
        return self.opportunity.currency

    @property
    def amount_payable_now(self) -> int:
        return self.opportunity.amount or 0

    @property
    def attempts(self) -> Any:
        return self.opportunity.attempts

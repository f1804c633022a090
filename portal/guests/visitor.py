"""Who comes by a link: nobody in particular, with what a guest may do at one client."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser

from core.access.grants import Grants
from core.access.roles import Grant

GRANTS = (Grant.ENTER, Grant.VIEW_BILLING, Grant.PAY_INVOICES, Grant.OPEN_TICKETS)


@dataclass(eq=False)
class LinkVisitor(AnonymousUser):
    """A visitor of one client's portal. `visible_to` shows them that client's rows.

    It stands for no account: it is never in a session, and what it writes has no author.
    """

    client_id: int
    _nourx_grants: Grants = field(init=False)

    def __post_init__(self) -> None:
        mine = frozenset({self.client_id})
        self._nourx_grants = Grants(clients=dict.fromkeys(GRANTS, mine))

    @property
    def is_authenticated(self) -> Any:
        return True

    is_active: Any = True

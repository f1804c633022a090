"""What the pages of papers share."""

from typing import Any

from django.http import Http404

from core.access.roles import Grant
from core.access.views import ClientPageMixin


class BillingPageMixin(ClientPageMixin):
    """A page for people who may read quotes and invoices."""

    grant = Grant.VIEW_BILLING
    nav_key = "billing"

    def paper_or_404(self, papers: Any) -> Any:
        """Return the paper of the address among those given, or answer 404.

        Two of our companies may have used one number: the newest paper answers.
        """
        paper = papers.filter(number=self.kwargs["number"]).order_by("-pk").first()  # type: ignore[attr-defined]
        if paper is None:
            raise Http404
        return paper

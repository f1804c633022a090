"""A quote that several people answer at the same moment, on the real database."""

import pytest

from billing.invoicing import services
from billing.invoicing.models import Quote, QuoteAnswer
from core import rls
from core.accounts.models import User
from tests.billing.invoicing.conftest import AT, ON, make_quote
from tests.billing.invoicing.test_issuing_race import PROCESSES, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def answer(rank, pk, actor_id):
    """Accept when the rank is even, refuse when it is odd."""
    quote, actor = Quote.objects.get(pk=pk), User.objects.get(pk=actor_id)
    try:
        if rank % 2:
            services.refuse_quote(quote=quote, reason="Non", at=AT, actor=actor)
        else:
            services.accept_quote(quote=quote, name="Awa Koné", at=AT, actor=actor)
    except services.CannotDecide:
        return "too late"
    return "refused" if rank % 2 else "accepted"


def test_one_answer_alone_is_taken_and_proved(acme, acme_owner, manager):
    with rls.staff("test"):
        quote = services.send_quote(quote=make_quote(acme), on=ON, at=AT, actor=manager)
        services.make_pdf(paper=quote)

    answers = at_once(answer, quote.pk, acme_owner.pk)

    (taken,) = [each for each in answers if each != "too late"]
    with rls.staff("test"):
        (proof,) = QuoteAnswer.objects.all()
        quote.refresh_from_db()
    assert answers.count("too late") == PROCESSES - 1
    assert (quote.status, proof.kind) == (taken, taken)

"""A quote that waits: seen, prolonged, reminded of, replaced by another version."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.invoicing import services
from billing.invoicing.models import Quote
from billing.invoicing.services.following import find_expiring
from core.notify.models import OutgoingMail
from tests.billing.invoicing.conftest import AT, ON, make_quote
from tests.billing.invoicing.test_quote_options import give_pdf, make_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
URL = "/client/devis/DEV-2026-0001/"
BUDGET = 14  # the shell of every page, and eight of its own
END = date(2026, 12, 13)  # thirty days after it was sent


def at(day):
    return datetime(day.year, day.month, day.day, 8, 10, tzinfo=UTC)


def mails(template):
    return OutgoingMail.objects.filter(template=template)


def test_opening_a_quote_is_kept_and_told_to_the_team_once(acme, acme_owner, client_of, manager):
    quote = make_quote(acme, valid_until=date(2999, 1, 1))
    services.send_quote(quote=quote, on=ON, at=AT, actor=manager)
    browser = client_of(acme_owner)

    assert browser.get(URL).status_code == 200
    seen_at = Quote.objects.get().seen_at
    browser.get(URL)

    assert seen_at is not None
    assert Quote.objects.get().seen_at == seen_at
    assert OutgoingMail.objects.filter(key__startswith="team:quote_seen").count() == 1


@pytest.mark.parametrize(("day", "count"), [(9, 0), (10, 1), (13, 1), (14, 0)])
def test_it_is_brought_to_mind_in_its_last_three_days(sent_quote, day, count):
    assert len(find_expiring(on=date(2026, 12, day))) == count


def test_the_job_reminds_once_and_tells_the_team(sent_quote):
    day = END - timedelta(days=3)

    first = list(services.remind_expiring(on=day, at=at(day)))
    again = list(services.remind_expiring(on=day, at=at(day)))
    later = list(services.remind_expiring(on=END, at=at(END)))

    assert ([quote.pk for quote in first], again, later) == ([sent_quote.pk], [], [])
    assert OutgoingMail.objects.filter(key__startswith="quote-reminder").count() == 1
    assert OutgoingMail.objects.filter(key__startswith="team:quote_expiring").count() == 1


def test_a_quote_prolonged_is_brought_to_mind_again(sent_quote, manager):
    day = END - timedelta(days=2)
    list(services.remind_expiring(on=day, at=at(day)))
    until = END + timedelta(days=30)

    services.prolong_quote(quote=sent_quote, until=until, on=day, actor=manager)

    assert find_expiring(on=day) == []
    assert find_expiring(on=until) == [sent_quote]


def test_a_client_is_reminded_by_hand_once_a_day(sent_quote, manager):
    services.remind_quote(quote=sent_quote, at=AT, actor=manager)

    with pytest.raises(services.CannotFollow, match="vient d’être relancé"):
        services.remind_quote(quote=sent_quote, at=AT + timedelta(hours=1), actor=manager)

    assert OutgoingMail.objects.filter(key__startswith="quote-reminder").count() == 1


def test_an_expired_quote_lives_again_once_prolonged(sent_quote, acme_owner, manager):
    late = END + timedelta(days=10)
    with pytest.raises(services.CannotFollow, match="prolongez"):
        services.remind_quote(quote=sent_quote, at=at(late), actor=manager)

    services.prolong_quote(quote=sent_quote, until=late, on=late, actor=manager)
    quote = give_pdf(sent_quote)
    services.accept_quote(quote=quote, name="Awa Koné", at=at(late), actor=acme_owner)

    quote = Quote.objects.get()
    assert (quote.status, quote.valid_until) == ("accepted", late)


@pytest.mark.parametrize("until", [END, ON, ON + timedelta(days=900)])
def test_a_day_that_makes_no_sense_is_refused(sent_quote, manager, until):
    with pytest.raises(services.CannotFollow):
        services.prolong_quote(quote=sent_quote, until=until, on=ON, actor=manager)

    assert Quote.objects.get().valid_until == END


def test_another_version_takes_the_place_of_the_one_sent(acme, acme_owner, manager):
    first = give_pdf(services.send_quote(quote=make_offer(acme), on=ON, at=AT, actor=manager))

    draft = services.revise_quote(quote=first, actor=manager)
    assert Quote.objects.get(pk=first.pk).status == "sent"
    second = services.send_quote(quote=draft, on=ON, at=AT, actor=manager)

    first.refresh_from_db()
    assert (first.status, second.number, second.revision) == ("replaced", "DEV-2026-0002", 2)
    assert second.lines.filter(is_option=True).count() == 2
    assert second.instalments.count() == 2
    with pytest.raises(services.CannotDecide, match="remplacé"):
        services.accept_quote(quote=first, name="Awa Koné", at=AT, actor=acme_owner)


def test_asking_for_a_version_twice_gives_one_draft(sent_quote, manager):
    first = services.revise_quote(quote=sent_quote, actor=manager)

    second = services.revise_quote(quote=sent_quote, actor=manager)

    assert first.pk == second.pk
    assert Quote.objects.count() == 2


def test_a_version_is_not_sent_over_an_acceptance(sent_quote, acme_owner, manager):
    draft = services.revise_quote(quote=sent_quote, actor=manager)
    services.accept_quote(quote=give_pdf(sent_quote), name="Awa Koné", at=AT, actor=acme_owner)

    with pytest.raises(services.CannotIssue, match="vient d’accepter"):
        services.send_quote(quote=draft, on=ON, at=AT, actor=manager)

    assert Quote.objects.get(pk=draft.pk).status == "draft"
    assert Quote.objects.get(pk=sent_quote.pk).status == "accepted"


def test_the_page_of_a_replaced_quote_leads_to_the_next(acme, acme_owner, client_of, manager):
    first = services.send_quote(
        quote=make_quote(acme, valid_until=date(2999, 1, 1)), on=ON, at=AT, actor=manager
    )
    draft = services.revise_quote(quote=first, actor=manager)
    services.send_quote(quote=draft, on=ON, at=AT, actor=manager)

    page = client_of(acme_owner).get(URL).content.decode()

    assert "Remplacé" in page
    assert "/client/devis/DEV-2026-0002/" in page
    assert "Accepter le devis" not in page


def test_the_page_tells_the_steps_of_a_quote(acme, acme_owner, client_of, manager):
    quote = make_quote(acme, valid_until=date(2999, 1, 1))
    services.send_quote(quote=quote, on=ON, at=AT, actor=manager)
    browser = client_of(acme_owner)
    browser.get(URL)

    steps = browser.get(URL).context["steps"]

    titles = [step.title for step in steps]
    assert titles == ["En attente de votre réponse", "Devis consulté", "Devis envoyé"]
    assert steps[1].at is not None


def test_the_page_of_a_quote_costs_few_queries(
    acme, acme_owner, client_of, manager, django_assert_max_num_queries
):
    quote = make_offer(acme)
    services.send_quote(quote=quote, on=ON, at=AT, actor=manager)
    browser = client_of(acme_owner)
    browser.get(URL)

    with django_assert_max_num_queries(BUDGET):
        browser.get(URL)

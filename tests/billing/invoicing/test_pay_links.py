"""Pay links: one live per invoice, worked out again, changed, revoked; who may do so."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from billing.invoicing import services
from billing.invoicing.models import PayLink
from billing.invoicing.pay_links import find_link, hash_of, token_from, url_of
from tests.billing.invoicing.conftest import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


def token_of(link):
    return token_from(link.nonce)


@pytest.fixture
def link(invoice, manager):
    return services.make_pay_link(invoice=invoice, at=AT, actor=manager)


def test_a_link_is_made_once_and_shown_again(invoice, link, acme_owner):
    again = services.make_pay_link(invoice=invoice, at=AT, actor=acme_owner)

    assert again == link
    assert url_of(again).endswith(f"/payer/{token_of(link)}/")
    assert PayLink.objects.count() == 1


def test_a_token_holds_256_bits_and_only_its_hash_is_kept(link):
    token = token_of(link)

    assert len(token) == 43
    assert link.token_hash == hash_of(token)
    assert token not in (link.nonce, link.token_hash)
    assert find_link(token, at=AT) == link


def test_a_changed_link_closes_the_old_one(invoice, link, acme_owner):
    renewed = services.renew_pay_link(invoice=invoice, at=AT, actor=acme_owner)

    assert find_link(token_of(link), at=AT) is None
    assert find_link(token_of(renewed), at=AT) == renewed


def test_a_revoked_link_finds_nothing(invoice, link, acme_owner):
    services.revoke_pay_link(invoice=invoice, at=AT, actor=acme_owner)

    assert find_link(token_of(link), at=AT) is None
    with pytest.raises(services.CannotShare):
        services.revoke_pay_link(invoice=invoice, at=AT, actor=acme_owner)


def test_a_new_secret_key_makes_a_new_link(invoice, link, manager, settings):
    old = token_of(link)
    settings.SECRET_KEY = "une-autre-cle"

    renewed = services.make_pay_link(invoice=invoice, at=AT, actor=manager)

    assert renewed != link
    assert find_link(old, at=AT) is None
    assert find_link(token_of(renewed), at=AT) == renewed


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (30, True), (31, False)])
def test_a_link_lives_thirty_days_after_the_payment(invoice, link, days, is_open):
    services.apply_payment(invoice=invoice, amount=invoice.total, at=AT)

    found = find_link(token_of(link), at=AT + timedelta(days=days))

    assert (found == link) is is_open


def test_nothing_to_pay_makes_no_link(draft, invoice, manager):
    services.apply_payment(invoice=invoice, amount=invoice.total, at=AT)

    for paper in (draft, invoice):
        with pytest.raises(services.CannotShare):
            services.make_pay_link(invoice=paper, at=AT, actor=manager)
    assert not PayLink.objects.exists()


@pytest.mark.parametrize("role", ["project", "guest"])
def test_who_may_not_pay_makes_no_link(invoice, acme, make_member, role):
    with pytest.raises(PermissionDenied):
        services.make_pay_link(invoice=invoice, at=AT, actor=make_member(acme, role))

    assert not PayLink.objects.exists()


@pytest.mark.parametrize("act", [services.renew_pay_link, services.revoke_pay_link])
def test_billing_people_hand_a_link_over_but_do_not_close_it(invoice, acme, make_member, act):
    accountant = make_member(acme, "billing")
    link = services.make_pay_link(invoice=invoice, at=AT, actor=accountant)

    with pytest.raises(PermissionDenied):
        act(invoice=invoice, at=AT, actor=accountant)

    assert find_link(token_of(link), at=AT) == link


def test_a_rival_closes_nothing(invoice, link, rival_owner):
    with pytest.raises(PermissionDenied):
        services.revoke_pay_link(invoice=invoice, at=AT, actor=rival_owner)

    assert find_link(token_of(link), at=AT) == link


def test_the_mail_of_an_invoice_pays_without_an_account(invoice, manager, acme_owner, do_owed_work):
    services.send_invoice(invoice=invoice, actor=manager)

    (mail,) = do_owed_work()

    assert url_of(PayLink.objects.get()) in mail.body


# --- The page of the client -----------------------------------------------------------------


def page(invoice):
    return f"/client/factures/{invoice.number}/lien/"


def test_the_owner_makes_and_revokes_a_link_on_its_page(invoice, acme_owner, client_of):
    browser = client_of(acme_owner)

    browser.post(page(invoice), {"acte": "creer"})
    shown = browser.get(page(invoice)).content.decode()
    link = PayLink.objects.get()
    browser.post(page(invoice), {"acte": "revoquer"})

    assert url_of(link) in shown
    assert "https://wa.me/?text=Bonjour" in shown
    assert PayLink.objects.get().revoked_at is not None


def test_the_page_of_a_paid_invoice_says_so_and_keeps_its_link(
    invoice, link, acme_owner, client_of
):
    services.apply_payment(invoice=invoice, amount=invoice.total, at=AT)

    shown = client_of(acme_owner).get(page(invoice)).content.decode()

    assert "Il n’y a rien à payer sur cette facture." in shown
    assert "Révoquer le lien" in shown
    assert "0 F CFA" not in shown


def test_strangers_and_lesser_members_have_no_such_page(
    invoice, acme, rival_owner, make_member, client_of
):
    for person in (rival_owner, make_member(acme, "guest")):
        browser = client_of(person)
        assert browser.get(page(invoice)).status_code == 404
        assert browser.post(page(invoice), {"acte": "creer"}).status_code == 404

    assert not PayLink.objects.exists()


def test_a_forged_revocation_is_refused(invoice, acme, make_member, client_of):
    accountant = make_member(acme, "billing")
    link = services.make_pay_link(invoice=invoice, at=AT, actor=accountant)

    response = client_of(accountant).post(page(invoice), {"acte": "revoquer"})

    assert response.status_code == 403
    assert PayLink.objects.get() == link
    assert PayLink.objects.get().revoked_at is None

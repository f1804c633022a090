"""One's own data: counted with consent, copied for oneself alone, erased where law allows."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.utils import timezone
from wagtail.models import ModelLogEntry

from core import rls
from core.accounts import services
from core.accounts.models import Contact, DataExport, ErasureRequest, Invitation, User
from core.notify.models import DeliveryWishes, DigestEntry
from tests.conftest import AT, PASSWORD
from tests.portal.conftest import private_folder  # noqa: F401  its files stay in the test

DATA = "/client/profil/donnees/"
COPY, ERASURE = f"{DATA}copie/", f"{DATA}effacement/"


def acts():
    with rls.staff("test"):
        return list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))


def confirm(browser):
    """Give the password again, as the pages ask it."""
    browser.post("/connexion/confirmer/", {"password": PASSWORD})
    return browser


@pytest.fixture
def browser(client_of, acme_owner):
    return confirm(client_of(acme_owner))


# --- Consent --------------------------------------------------------------------------------


def test_counting_is_off_until_accepted_and_off_again_when_withdrawn(client_of, acme_owner):
    browser = client_of(acme_owner)
    states = [acme_owner.analytics_since]

    for form in ({"is_on": "on"}, {}):
        browser.post(f"{DATA}mesure/", form)
        states.append(User.objects.get(pk=acme_owner.pk).analytics_since)

    assert (states[0], states[2]) == (None, None)
    assert states[1].date() == timezone.localdate()
    assert acts()[-2:] == ["analytics_accepted", "analytics_withdrawn"]


# --- A copy ---------------------------------------------------------------------------------


def test_asking_for_a_copy_asks_the_password_again(client_of, acme_owner):
    response = client_of(acme_owner).post(COPY)

    assert response.url.startswith("/connexion/confirmer/")
    assert not DataExport.objects.exists()


def test_the_copy_holds_what_each_module_knows(browser, acme_owner, do_owed_work):
    browser.post(COPY)
    [mail] = do_owed_work()
    export = DataExport.objects.get()

    answer = browser.get(f"{COPY}{export.pk}/")

    archive = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))
    whole = json.loads(archive.read("donnees.json"))
    assert answer["Content-Disposition"].startswith('attachment; filename="mes-donnees-')
    assert mail.to == [acme_owner.email]
    assert whole["compte"][0]["email"] == "awa@acme.test"
    assert whole["societes"][0]["client"] == "Acme Distribution"
    for part in ("messages-au-support", "commentaires-de-taches", "documents-deposes",
                 "devis-repondus", "paiements-lances", "notifications"):  # fmt: skip
        assert whole[part] == []
    assert acts()[-2:] == ["data_export_asked", "data_export_downloaded"]


def test_asking_twice_makes_one_copy(browser):
    browser.post(COPY)
    browser.post(COPY)

    assert DataExport.objects.count() == 1


def test_the_copy_of_somebody_else_does_not_exist(browser, rival_owner, do_owed_work):
    services.ask_export(user=rival_owner, at=timezone.now())
    do_owed_work()
    export = DataExport.objects.get()

    answer = browser.get(f"{COPY}{export.pk}/")

    assert answer.status_code == 404
    assert "data_export_downloaded" not in acts()


def test_the_copy_is_gone_after_seven_days(browser, do_owed_work):
    browser.post(COPY)
    do_owed_work()
    export = DataExport.objects.get()
    DataExport.objects.update(expires_at=timezone.now())

    answer = browser.get(f"{COPY}{export.pk}/")
    removed = services.remove_old_exports(at=timezone.now())
    do_owed_work()

    assert export.expires_at - export.made_at == timedelta(days=7)
    assert answer.status_code == 404
    assert removed == 1
    assert not storages["private"].exists(export.key)


# --- Erasure --------------------------------------------------------------------------------


@pytest.fixture
def asked(acme_owner):
    """A request of Acme's owner, who has a contact there and a second factor."""
    with rls.staff("test"):
        client = acme_owner.memberships.get().client
        Contact.objects.create(client=client, name="Awa Koné", email="Awa@acme.test", phone="07")
    Authenticator.objects.create(user=acme_owner, type="totp", data={})
    return services.ask_erasure(user=acme_owner, reason="Je pars.", at=AT)


def test_a_request_reaches_the_team_and_is_acknowledged(
    browser, acme, acme_owner, owner_staff, do_owed_work
):
    with rls.staff("test"):
        type(acme).objects.filter(pk=acme.pk).update(lead=owner_staff)

    browser.post(ERASURE, {"reason": "Je pars.", "is_sure": "on"})

    request = ErasureRequest.objects.get()
    assert (request.user, request.reason, request.state) == (acme_owner, "Je pars.", "received")
    assert sorted(mail.to for mail in do_owed_work()) == [[acme_owner.email], [owner_staff.email]]
    assert acts()[-1] == "erasure_asked"


def test_a_request_asks_the_password_again(client_of, acme_owner):
    response = client_of(acme_owner).post(ERASURE, {"is_sure": "on"})

    assert response.url.startswith("/connexion/confirmer/")
    assert not ErasureRequest.objects.exists()


def test_a_request_that_is_not_confirmed_keeps_its_words(browser):
    response = browser.post(ERASURE, {"reason": "Je pars."})

    assert response.status_code == 422
    assert "Je pars." in response.content.decode()
    assert not ErasureRequest.objects.exists()


def test_one_request_is_open_at_a_time(asked, acme_owner):
    again = services.ask_erasure(user=acme_owner, reason="Encore", at=AT)

    assert again == asked
    assert ErasureRequest.objects.count() == 1


def test_erasing_takes_what_names_the_person_and_keeps_papers(
    asked, acme, acme_owner, owner_staff, invoice, do_owed_work
):
    with rls.staff("test"):
        services.erase_account(request=asked, actor=owner_staff, at=AT)
        person, asked = User.objects.get(pk=acme_owner.pk), ErasureRequest.objects.get()
        contact = Contact.objects.get(client=acme)
        invoice.refresh_from_db()

    assert (str(person), person.email, person.phone) == (
        "Compte effacé", f"efface-{person.pk}@efface.invalid", "",
    )  # fmt: skip
    assert (person.is_active, person.has_usable_password(), person.erased_at) == (False, False, AT)
    assert (contact.name, contact.email, contact.phone) == ("Contact effacé", "", "")
    assert not Authenticator.objects.filter(user=person).exists()
    assert not person.memberships.exists()
    assert invoice.number == "FAC-2026-0001"
    assert (asked.state, asked.answered_by) == ("done", owner_staff)
    assert "factures" in asked.answer
    last = do_owed_work()[-1]
    assert last.to == ["awa@acme.test"]
    assert "que la loi fait garder dix ans" in last.body
    assert acts()[-1] == "account_erased"


def test_an_erased_account_signs_in_no_more(asked, acme_owner, owner_staff, client):
    services.erase_account(request=asked, actor=owner_staff, at=AT)

    client.post("/connexion/", {"login": "awa@acme.test", "password": PASSWORD})

    assert client.get("/client/").status_code == 302


def test_only_owners_of_the_back_office_erase(asked, acme_owner, manager):
    with pytest.raises(PermissionDenied):
        services.erase_account(request=asked, actor=manager, at=AT)

    assert User.objects.get(pk=acme_owner.pk).email == "awa@acme.test"


def test_an_account_of_the_team_is_not_erased_on_request(owner_staff):
    with pytest.raises(services.IsOfTheTeam):
        services.ask_erasure(user=owner_staff, reason="", at=AT)

    assert not ErasureRequest.objects.exists()


def test_a_refusal_says_why_and_leaves_the_account(asked, acme_owner, manager, do_owed_work):
    services.refuse_erasure(request=asked, answer="Une facture est due.", actor=manager, at=AT)

    assert "Une facture est due." in do_owed_work()[-1].body
    assert ErasureRequest.objects.get().state == "refused"
    assert User.objects.get(pk=acme_owner.pk).is_active
    with pytest.raises(services.NotOpen):
        services.take_erasure_up(request=asked, actor=manager)


def test_the_team_answers_from_its_queue(asked, client_of, manager, owner_staff):
    base = "/admin/snippets/accounts/erasurerequest/"
    clerk, head = client_of(manager), client_of(owner_staff)

    listed = clerk.get(f"{base}").content.decode()
    clerk.post(f"{base}prendre-en-charge/{asked.pk}/")
    refused = clerk.post(f"{base}effacer/{asked.pk}/")
    state = ErasureRequest.objects.get().state
    head.post(f"{base}effacer/{asked.pk}/")

    assert "Awa Koné" in listed
    assert state == "in_progress"
    assert refused.status_code in (302, 403)
    assert ErasureRequest.objects.get().state == "done"


# --- Invitations of who left ----------------------------------------------------------------


def test_the_invitations_somebody_sent_end_with_their_membership(
    acme, acme_owner, make_member, team
):
    other = make_member(acme, "owner")
    services.invite_member(client=acme, email="ami@x.test", role="owner", actor=other, at=AT)
    services.invite_member(client=acme, email="b@x.test", role="guest", actor=acme_owner, at=AT)

    services.remove_member(membership=other.memberships.get(), actor=acme_owner)

    revoked = Invitation.objects.exclude(revoked_at=None).values_list("email", flat=True)
    assert list(revoked) == ["ami@x.test"]


def test_the_invitations_end_with_the_right_to_invite(acme, acme_owner, make_member, team):
    other = make_member(acme, "owner")
    services.invite_member(client=acme, email="ami@x.test", role="owner", actor=other, at=AT)

    services.change_role(membership=other.memberships.get(), role="guest", actor=acme_owner)

    assert Invitation.objects.get().revoked_at is not None


def test_erasing_takes_wishes_and_what_waits_for_a_digest(asked, acme, acme_owner, owner_staff):
    with rls.staff("test"):
        DeliveryWishes.objects.create(user=acme_owner)
        DigestEntry.objects.create(
            user=acme_owner,
            client=acme,
            event="x",
            text="Devis",
            url="/client/",
            key="k",
            due_at=AT,
        )

        services.erase_account(request=asked, actor=owner_staff, at=AT)

        assert not DeliveryWishes.objects.filter(user=acme_owner).exists()
        assert not DigestEntry.objects.filter(user=acme_owner).exists()

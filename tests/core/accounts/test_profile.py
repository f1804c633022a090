"""A person’s own page: their facts, their company’s members, and who must not touch them."""

import pytest
from allauth.usersessions.models import UserSession
from django.utils import timezone
from wagtail.models import ModelLogEntry

from core import rls
from core.access.roles import Role
from core.accounts import services
from core.accounts.models import Contact, Invitation, Membership, User
from tests.conftest import PASSWORD

PROFILE = "/client/profil/"
FACTS = {
    "first_name": "Awa",
    "last_name": "Traoré",
    "job_title": "Gérante",
    "phone": "07 12 34 56 78",
    "preferred_channel": "whatsapp",
    "language": "fr",
    "theme": "dark",
}


def test_the_page_shows_and_saves_ones_own_facts(client_of, acme_owner):
    browser = client_of(acme_owner)

    response = browser.post(PROFILE, FACTS, follow=True)

    acme_owner.refresh_from_db()
    assert {name: getattr(acme_owner, name) for name in FACTS} == FACTS
    assert "Votre profil est enregistré." in response.content.decode()
    assert 'data-theme="dark"' in response.content.decode()


def test_other_fields_of_the_account_are_not_taken(client_of, acme_owner):
    more = {"is_staff": "on", "is_superuser": "on", "email": "autre@acme.test", "is_active": ""}

    client_of(acme_owner).post(PROFILE, {**FACTS, **more})

    person = User.objects.get(pk=acme_owner.pk)
    assert (person.is_staff, person.is_superuser, person.is_active) == (False, False, True)
    assert person.email == "awa@acme.test"


def test_the_service_refuses_other_fields(acme_owner, team):
    with pytest.raises(KeyError):
        services.change_profile(user=acme_owner, values={"is_superuser": "1"})

    assert not User.objects.get(pk=acme_owner.pk).is_superuser


def test_a_refused_form_changes_nothing_and_keeps_the_words(client_of, acme_owner):
    page = client_of(acme_owner).post(PROFILE, {**FACTS, "last_name": ""}).content.decode()

    assert 'aria-invalid="true"' in page
    assert 'value="Gérante"' in page
    assert User.objects.get(pk=acme_owner.pk).job_title == ""


def test_the_theme_is_remembered(client_of, acme_owner):
    client_of(acme_owner).post("/client/profil/theme/", {"theme": "light"})

    assert User.objects.get(pk=acme_owner.pk).theme == "light"


def test_the_session_list_ends_the_other_ones(client, client_of, acme_owner):
    elsewhere = client_of(acme_owner)
    elsewhere.get(PROFILE)
    client.post("/connexion/", {"login": acme_owner.email, "password": PASSWORD})
    client.get(PROFILE)
    page = client.get("/appareils/").content.decode()

    client.post("/appareils/")

    assert "Cet appareil" in page
    assert client.get(PROFILE).status_code == 200
    assert elsewhere.get(PROFILE).status_code == 302


def test_one_session_is_ended_and_not_the_others(client, client_of, acme_owner):
    elsewhere = client_of(acme_owner)
    elsewhere.get(PROFILE)
    client.post("/connexion/", {"login": acme_owner.email, "password": PASSWORD})
    client.get(PROFILE)
    row = UserSession.objects.exclude(session_key=client.session.session_key).get()

    response = client.post(f"/appareils/{row.pk}/", follow=True)

    assert "Cet appareil est déconnecté." in response.content.decode()
    assert elsewhere.get(PROFILE).status_code == 302


def test_the_session_of_somebody_else_does_not_exist(client_of, acme_owner, rival_owner):
    theirs = client_of(rival_owner)
    theirs.get(PROFILE)

    response = client_of(acme_owner).post(f"/appareils/{UserSession.objects.get().pk}/")

    assert response.status_code == 404
    assert theirs.get(PROFILE).status_code == 200


def test_the_contact_that_the_team_keeps_follows_the_profile(client_of, acme, acme_owner):
    with rls.staff("test"):
        contact = Contact.objects.create(
            client=acme, name="Awa Koné", email="AWA@acme.test", phone="01", is_main=True
        )

    client_of(acme_owner).post(PROFILE, FACTS)

    with rls.staff("test"):
        contact.refresh_from_db()
        line = ModelLogEntry.objects.get(action="contact_changed")
    assert (contact.phone, contact.job_title, contact.name) == (
        "07 12 34 56 78",
        "Gérante",
        "Awa Traoré",
    )
    assert line.data["changes"]["phone"] == ["01", "07 12 34 56 78"]


def test_the_team_reads_how_a_contact_prefers_to_be_reached(
    client_of, acme, acme_owner, owner_staff
):
    with rls.staff("test"):
        Contact.objects.create(client=acme, name="Awa Koné", email="awa@acme.test")
    client_of(acme_owner).post(PROFILE, FACTS)

    page = client_of(owner_staff).get(f"/admin/snippets/accounts/client/inspect/{acme.pk}/")

    assert "WhatsApp" in page.content.decode()


def test_the_pages_speak_the_language_that_was_chosen(client_of, acme_owner):
    browser = client_of(acme_owner)

    browser.post(PROFILE, {**FACTS, "language": "en"})
    response = browser.get(PROFILE)

    assert '<html lang="en"' in response.content.decode()
    assert "Your profile has been saved." in response.content.decode()
    assert response["Content-Language"] == "en"


def test_a_visitor_is_answered_in_the_language_of_their_browser(client, db):
    english = client.get("/connexion/", headers={"Accept-Language": "en-GB,en;q=0.9"})
    other = client.get("/connexion/", headers={"Accept-Language": "de"})

    assert (english["Content-Language"], other["Content-Language"]) == ("en", "fr")
    assert "Accept-Language" in english["Vary"]


def test_the_back_office_stays_in_french(client_of, owner_staff):
    User.objects.filter(pk=owner_staff.pk).update(language="en")

    response = client_of(owner_staff).get("/admin/")

    assert response["Content-Language"] == "fr"


# --- Members --------------------------------------------------------------------------------


def member_of(person):
    return Membership.objects.get(user=person)


def test_an_owner_reads_and_changes_the_members(client_of, acme, acme_owner, make_member):
    person = make_member(acme, Role.GUEST, first_name="Salif")
    browser = client_of(acme_owner)
    page = browser.get(PROFILE).content.decode()

    browser.post(f"/client/profil/membres/{member_of(person).pk}/role/", {"role": "billing"})

    assert "Salif Koné" in page
    assert member_of(person).role == Role.BILLING


@pytest.mark.parametrize("role", [Role.BILLING, Role.PROJECT, Role.GUEST])
def test_other_roles_find_no_members_page(client_of, acme, acme_owner, make_member, role):
    browser = client_of(make_member(acme, role))
    target = member_of(acme_owner).pk

    statuses = [
        browser.get("/client/profil/membres/inviter/").status_code,
        browser.post(f"/client/profil/membres/{target}/role/", {"role": "guest"}).status_code,
        browser.post(f"/client/profil/membres/{target}/retirer/").status_code,
    ]

    assert statuses == [404, 404, 404]
    assert member_of(acme_owner).role == Role.OWNER
    assert "awa@acme.test" not in browser.get(PROFILE).content.decode()


def test_members_of_another_client_do_not_exist(client_of, acme_owner, rival_owner):
    target = member_of(rival_owner).pk
    browser = client_of(acme_owner)

    role = browser.post(f"/client/profil/membres/{target}/role/", {"role": "guest"})
    removal = browser.post(f"/client/profil/membres/{target}/retirer/")

    assert (role.status_code, removal.status_code) == (404, 404)
    assert member_of(rival_owner).role == Role.OWNER


def test_a_removed_member_finds_nothing_at_the_next_request(
    client_of, acme, acme_owner, make_member
):
    make_member(acme, Role.OWNER)
    person = make_member(acme, Role.PROJECT)
    browser = client_of(person)
    assert browser.get(PROFILE).status_code == 200

    client_of(acme_owner).post(f"/client/profil/membres/{member_of(person).pk}/retirer/")

    assert browser.get(PROFILE).status_code in (302, 404)
    assert not Membership.objects.filter(user=person).exists()


def test_the_last_owner_is_told_why_they_stay(client_of, acme_owner):
    response = client_of(acme_owner).post(
        f"/client/profil/membres/{member_of(acme_owner).pk}/role/", {"role": "guest"}, follow=True
    )

    assert "Une société garde au moins un responsable" in response.content.decode()
    assert member_of(acme_owner).role == Role.OWNER


def test_an_owner_invites_and_takes_it_back(client_of, acme, acme_owner, do_owed_work):
    browser = client_of(acme_owner)
    sent = {"client": acme.pk, "email": "Mariam@acme.test", "name": "Mariam", "role": "guest"}

    page = browser.post("/client/profil/membres/inviter/", sent, follow=True).content.decode()
    invitation = Invitation.objects.get()
    browser.post(f"/client/profil/invitations/{invitation.pk}/annuler/")

    assert "L’invitation part à l’adresse Mariam@acme.test." in page
    assert [mail.to for mail in do_owed_work()] == [["mariam@acme.test"]]
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


def test_an_owner_invites_to_no_other_client(client_of, rival, acme_owner):
    sent = {"client": rival.pk, "email": "x@rival.test", "role": "owner"}

    response = client_of(acme_owner).post("/client/profil/membres/inviter/", sent)

    assert response.status_code == 200
    assert not Invitation.objects.exists()


def test_the_invitation_of_another_client_does_not_exist(client_of, acme_owner, rival, team):
    services.invite_member(
        client=rival, email="x@rival.test", role=Role.GUEST, actor=None, at=timezone.now()
    )
    invitation = Invitation.objects.get()

    response = client_of(acme_owner).post(f"/client/profil/invitations/{invitation.pk}/annuler/")

    assert response.status_code == 404
    invitation.refresh_from_db()
    assert invitation.revoked_at is None


def test_an_invitation_makes_nobody_a_manager_by_default(client_of, acme_owner):
    page = client_of(acme_owner).get("/client/profil/membres/inviter/").content.decode()

    assert '<option value="project" selected>' in page
    assert page.count(" selected>") == 1

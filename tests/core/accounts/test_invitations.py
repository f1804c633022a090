"""Invitations: a link by e-mail, good once and for some days, that opens exactly what it says."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.access.roles import Role
from core.accounts import services
from core.accounts.models import Invitation, Membership, User
from tests.conftest import AT, PASSWORD

NEW = {"first_name": "Mariam", "last_name": "Traoré", "password": "une-phrase-toute-neuve"}


@pytest.fixture
def invite(acme, acme_owner, do_owed_work, team):
    """Return a function that invites somebody, and returns the address in the mail."""

    def send(email="mariam@acme.test", **fields):
        fields = {"client": acme, "role": Role.BILLING, "actor": acme_owner, **fields}
        services.invite_member(email=email, at=timezone.now(), **fields)
        return link_in(do_owed_work()[-1])

    return send


def link_in(mail):
    return re.search(r"http://testserver(/invitation/\S+/)", mail.body)[1]


def test_the_mail_says_who_invites_and_where(invite, mailoutbox):
    invite(name="Mariam")

    assert mailoutbox[0].to == ["mariam@acme.test"]
    assert mailoutbox[0].subject == "Votre accès à l’espace de Acme Distribution"
    assert "Awa Koné vous ouvre l’espace de Acme Distribution" in mailoutbox[0].body
    assert "pendant 7 jours" in mailoutbox[0].body


def test_the_token_is_nowhere_but_in_the_mail(invite):
    token = invite().split("/")[2]

    invitation = Invitation.objects.get()
    assert token not in str(vars(invitation))
    assert len(invitation.token_hash) == 64
    assert len(token) == 64


def test_accepting_opens_the_account_and_signs_in(client, acme, invite):
    path = invite(name="Mariam Traoré")
    page = client.get(path)

    response = client.post(path, NEW)

    person = User.objects.get(email="mariam@acme.test")
    assert 'value="Mariam"' in page.content.decode()
    assert response.url == "/espace/"
    assert client.session[SESSION_KEY] == str(person.pk)
    assert person.check_password("une-phrase-toute-neuve")
    assert not person.is_staff
    assert person.memberships.get().role == Role.BILLING
    assert EmailAddress.objects.get(user=person).verified
    assert client.get("/admin/").status_code == 302


def test_a_link_serves_once(client, client_of, invite):
    path = invite()
    client.post(path, NEW)

    again = client_of().post(path, {**NEW, "password": "encore-une-autre-phrase"})

    assert again.status_code == 404
    assert User.objects.filter(email="mariam@acme.test").count() == 1
    assert User.objects.get(email="mariam@acme.test").check_password(NEW["password"])


def test_a_link_that_is_over_reads_like_an_unknown_one(client, client_of, invite):
    path = invite()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    over, unknown = client.get(path), client.get("/invitation/inconnue/")

    assert over.status_code == unknown.status_code == 404
    assert "Cette invitation n’est plus valable" in over.content.decode()
    assert client.post(path, NEW).status_code == 404
    assert not User.objects.filter(email="mariam@acme.test").exists()


def test_the_address_of_the_page_is_told_to_no_other_site(client, invite):
    assert client.get(invite())["Referrer-Policy"] == "same-origin"


def test_inviting_again_revokes_the_former_link(client, client_of, invite):
    former, latter = invite(), invite()

    assert client.get(former).status_code == 404
    assert client.get(latter).status_code == 200


def test_a_revoked_link_opens_nothing(client, acme_owner, invite):
    path = invite()

    services.revoke_invitation(
        invitation=Invitation.objects.get(), actor=acme_owner, at=timezone.now()
    )

    assert client.post(path, NEW).status_code == 404
    assert Membership.objects.count() == 1


def test_a_weak_password_is_refused_with_its_reason(client, invite):
    response = client.post(invite(), {**NEW, "password": "12345"})

    assert response.status_code == 200
    assert "trop court" in response.content.decode()
    assert not User.objects.filter(email="mariam@acme.test").exists()


def test_somebody_with_an_account_accepts_by_signing_in(client, invite, rival_owner, acme):
    path = invite(email=rival_owner.email)
    page = client.get(path).content.decode()

    refused = client.post(path, NEW)
    client.post("/connexion/", {"login": rival_owner.email, "password": PASSWORD})
    accepted = client.post(path)

    assert "Vous avez déjà un compte" in page
    assert refused.status_code == 200
    assert accepted.url == "/espace/"
    assert set(rival_owner.memberships.values_list("client__name", "role")) == {
        ("Acme Distribution", "billing"),
        ("Rival Transit", "owner"),
    }
    rival_owner.refresh_from_db()
    assert rival_owner.check_password(PASSWORD)


def test_nobody_accepts_for_somebody_else(client_of, invite, rival_owner):
    path = invite()

    response = client_of(rival_owner).post(path)

    assert response.status_code == 200
    assert "connecté avec une autre adresse" in response.content.decode()
    assert rival_owner.memberships.count() == 1
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize("role", [Role.BILLING, Role.PROJECT, Role.GUEST])
def test_only_owners_of_the_client_invite(acme, make_member, role, team):
    with pytest.raises(PermissionDenied):
        services.invite_member(
            client=acme, email="x@acme.test", role=Role.OWNER, actor=make_member(acme, role), at=AT
        )

    assert not Invitation.objects.exists()


def test_a_limited_member_is_invited_to_some_projects(client, invite, project, make_project, acme):
    make_project(acme, "Application mobile")
    path = invite(role=Role.PROJECT, is_limited=True, project_ids=[project.pk])

    client.post(path, NEW)

    from core.access.grants import grants_of

    person = User.objects.get(email="mariam@acme.test")
    assert grants_of(person).projects == {project.pk}
    assert grants_of(person).clients_with("portal_view_projects") == frozenset()


def test_an_owner_of_the_agency_invites_into_the_team(client, owner_staff, do_owed_work):
    services.invite_staff(
        email="Recrue@nourx.test", role="manager", actor=owner_staff, at=timezone.now()
    )
    path = link_in(do_owed_work()[0])

    client.post(path, NEW)

    person = User.objects.get(email="recrue@nourx.test")
    assert person.is_staff
    assert not person.is_superuser
    assert [group.name for group in person.groups.all()] == ["manager"]


def test_the_team_chooses_longer_passwords_from_the_first(client, owner_staff, do_owed_work):
    services.invite_staff(
        email="recrue@nourx.test", role="editor", actor=owner_staff, at=timezone.now()
    )

    page = client.post(link_in(do_owed_work()[0]), {**NEW, "password": "onze-signes"})

    assert "au moins 12 caractères" in page.content.decode()
    assert not User.objects.filter(email="recrue@nourx.test").exists()


def test_a_manager_invites_nobody_into_the_team(manager):
    with pytest.raises(PermissionDenied):
        services.invite_staff(email="x@nourx.test", role="owner", actor=manager, at=AT)

    assert not Invitation.objects.exists()

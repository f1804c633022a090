"""Buttons of records: offered, confirmed, done by one service call, refused with a sentence."""

import pytest
from django.utils import timezone

from core.access.grants import grants_of
from core.accounts import services
from core.accounts.models import Client, Contact, Invitation, Membership, User
from core.backoffice.actions import RecordAction
from core.backoffice.pages import RecordButtons
from core.notify.models import OutgoingMail
from core.outbox.models import OwedWork

SNIPPETS = "/admin/snippets/accounts/"


@pytest.fixture
def invitation(acme):
    return Invitation.objects.create(
        client=acme,
        email="zie@acme.test",
        role="guest",
        token_hash="x",
        expires_at=timezone.now() + timezone.timedelta(days=2),
    )


@pytest.fixture
def member(acme, acme_owner):
    return Membership.objects.get(user=acme_owner, client=acme)


def failed_mail():
    return OutgoingMail.objects.create(
        key="facture:1",
        template="invoicing/invoice",
        recipients=["awa@acme.test"],
        subject="Votre facture",
        text="…",
        state=OutgoingMail.State.FAILED,
        last_error="SMTPServerDisconnected",
    )


def test_invites_a_member_from_the_page_of_a_client(acme, as_manager):
    answer = as_manager.post(
        f"{SNIPPETS}client/inviter/{acme.pk}/",
        {"name": "Zié Ouattara", "email": "zie@acme.test", "role": "billing"},
    )

    invitation = Invitation.objects.get(email="zie@acme.test")
    assert answer.url == f"{SNIPPETS}client/inspect/{acme.pk}/"
    assert (invitation.client, invitation.role) == (acme, "billing")
    assert OutgoingMail.objects.get().recipients == ["zie@acme.test"]


def test_limits_an_invited_member_to_projects_of_the_client_only(
    acme, rival, make_project, as_manager
):
    ours, theirs = make_project(acme), make_project(rival)
    page = as_manager.get(f"{SNIPPETS}client/inviter/{acme.pk}/").content.decode()

    as_manager.post(
        f"{SNIPPETS}client/inviter/{acme.pk}/",
        {"name": "Zié", "email": "zie@acme.test", "role": "guest", "project_ids": [theirs.pk]},
    )

    assert f'value="{ours.pk}"' in page
    assert f'value="{theirs.pk}"' not in page
    assert not Invitation.objects.exists()


def test_says_why_a_role_cannot_be_limited(acme, as_manager):
    page = as_manager.post(
        f"{SNIPPETS}client/inviter/{acme.pk}/",
        {"name": "Zié", "email": "zie@acme.test", "role": "owner", "is_limited": "on"},
        follow=True,
    ).content.decode()

    assert "peuvent être limités" in page
    assert not Invitation.objects.exists()


def test_asks_before_it_removes_a_member(member, as_manager):
    page = as_manager.get(f"{SNIPPETS}membership/retirer/{member.pk}/").content.decode()

    assert "n’ouvrira plus l’espace de ce client" in page
    assert Membership.objects.filter(pk=member.pk).exists()


def test_removes_a_member_with_the_grants(acme, acme_owner, member, as_manager):
    as_manager.post(f"{SNIPPETS}membership/retirer/{member.pk}/")

    assert not Membership.objects.filter(pk=member.pk).exists()
    assert not grants_of(User.objects.get(pk=acme_owner.pk)).all_clients


def test_changes_the_role_of_a_member(member, as_manager):
    as_manager.post(f"{SNIPPETS}membership/role/{member.pk}/", {"role": "billing"})

    member.refresh_from_db()
    assert member.role == "billing"


def test_only_an_owner_revokes_an_invitation_into_the_team(owner_staff, as_manager, as_owner):
    invitation = services.invite_staff(
        email="nouvelle@nourx.test", role="manager", actor=owner_staff, at=timezone.now()
    )
    address = f"{SNIPPETS}invitation/annuler/{invitation.pk}/"

    assert address not in as_manager.get(f"{SNIPPETS}invitation/").content.decode()
    as_manager.post(address)
    invitation.refresh_from_db()
    assert invitation.revoked_at is None

    as_owner.post(address)
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


def test_revokes_an_invitation_once(invitation, as_manager):
    address = f"{SNIPPETS}invitation/annuler/{invitation.pk}/"
    as_manager.post(address)
    invitation.refresh_from_db()
    revoked_at = invitation.revoked_at

    page = as_manager.post(address, follow=True).content.decode()

    invitation.refresh_from_db()
    assert "Rien n’a été fait" in page
    assert invitation.revoked_at == revoked_at is not None


def test_offers_no_button_that_the_row_refuses(invitation, as_manager):
    invitation.accepted_at = timezone.now()
    invitation.save()

    page = as_manager.get(f"{SNIPPETS}invitation/").content.decode()

    assert "/annuler/" not in page


@pytest.mark.parametrize(
    "address",
    ["client/inviter/{client}/", "membership/retirer/{member}/", "membership/role/{member}/"],
)
def test_refuses_an_act_without_its_right(address, acme, member, as_editor):
    path = SNIPPETS + address.format(client=acme.pk, member=member.pk)

    as_editor.post(path, {"name": "Zié", "email": "zie@acme.test", "role": "guest"})

    member.refresh_from_db()
    assert member.role == "owner"
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("address", ["add/", "edit/{pk}/", "delete/{pk}/", "copy/{pk}/"])
def test_a_journal_has_nothing_to_add_edit_or_delete(address, member, as_owner):
    answer = as_owner.post(
        f"{SNIPPETS}membership/{address.format(pk=member.pk)}", {"role": "guest"}
    )

    member.refresh_from_db()
    assert answer.status_code == 404
    assert member.role == "owner"


def test_sends_again_a_mail_that_failed(as_manager):
    mail = failed_mail()

    as_manager.post(f"/admin/journaux/courriels/renvoyer/{mail.pk}/")

    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.OWED
    assert OwedWork.objects.get().payload == {"mail_id": mail.pk}


def test_a_mail_that_left_is_not_sent_again(as_manager):
    mail = failed_mail()
    OutgoingMail.objects.filter(pk=mail.pk).update(state=OutgoingMail.State.SENT)

    as_manager.post(f"/admin/journaux/courriels/renvoyer/{mail.pk}/")

    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.SENT
    assert not OwedWork.objects.exists()


def test_owners_alone_take_up_work_that_was_given_up(as_manager, as_owner):
    work = OwedWork.objects.create(
        key="mail:1", topic="mail", next_try_at=timezone.now(), state="dead", tries=12
    )
    as_manager.post(f"/admin/journaux/travaux/reprendre/{work.pk}/")
    work.refresh_from_db()
    assert work.state == OwedWork.State.DEAD

    as_owner.post(f"/admin/journaux/travaux/reprendre/{work.pk}/")

    work.refresh_from_db()
    assert (work.state, work.tries) == (OwedWork.State.OWED, 0)


def test_the_page_of_a_client_shows_its_members_and_its_contacts(acme, acme_owner, as_manager):
    Contact.objects.create(client=acme, name="Mariam Traoré", job_title="DAF", phone="0712345678")

    page = as_manager.get(f"{SNIPPETS}client/inspect/{acme.pk}/?onglet=personnes").content.decode()

    assert "awa@acme.test" in page
    assert "Mariam Traoré" in page
    assert f"{SNIPPETS}client/inviter/{acme.pk}/" in page


def test_a_new_client_belongs_to_our_company(company, as_manager):
    formset = {f"contacts-{n}": 0 for n in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}

    as_manager.post(
        f"{SNIPPETS}client/add/",
        {
            "name": "Lagune Transit",
            "stage": "won",
            "sector": "company",
            "country": "CI",
            "currency": "XOF",
            "company": company.pk,
            **formset,
        },
    )

    assert Client.objects.get().company == company


ACTS = [
    type("Act", (RecordAction,), {"label": label, "is_main": label == "Encaisser"})
    for label in ("Dupliquer", "Envoyer", "Annuler", "Encaisser")
]


def test_a_record_shows_three_buttons_and_keeps_the_rest_in_its_menu():
    class Buttons(RecordButtons):
        def action_links(self, record, *, is_listed=False):
            return [(each, f"/{each.label}/") for each in ACTS]

    head = Buttons().action_buttons(None)
    more = Buttons().more_action_buttons(None)

    assert [each.label for each in head] == ["Encaisser", "Dupliquer", "Envoyer"]
    assert [each.label for each in more] == ["Annuler"]

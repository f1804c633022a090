"""Each hole of Wagtail's generic views, closed: the row is the same afterwards."""

import pytest
from django.test import RequestFactory
from wagtail.models import ModelLogEntry

from core.access.policies import KeptRecordPolicy, TeamPolicy
from core.access.row_guard import guarded
from core.accounts.models import Client, ClientTag
from core.backoffice.pages import RecordCopyView

CLIENTS = "/admin/snippets/accounts/client/"

CHOOSER = "/admin/snippets/choose/accounts/client/"
TAGS = "/admin/snippets/accounts/clienttag/"


class FrozenWhenWon(KeptRecordPolicy):
    """Won clients are kept as they are."""

    def is_locked(self, record):
        return record.stage == Client.Stage.WON


class OnlyLagune(TeamPolicy):
    """A member of the team who follows one client only."""

    def narrow(self, user, rows):
        return rows.filter(name="Lagune Transit")


def test_edits_a_row_that_the_policy_leaves_open(make_client, form_of, as_manager):
    client = make_client()

    as_manager.post(f"{CLIENTS}edit/{client.pk}/", form_of(client, name="Akwaba Négoce"))

    assert Client.objects.get(pk=client.pk).name == "Akwaba Négoce"


@pytest.mark.parametrize("who", ["as_manager", "as_owner"])
def test_refuses_to_edit_a_locked_row(who, request, make_client, form_of, use_policy):
    client = make_client()
    use_policy(FrozenWhenWon(Client))
    browser = request.getfixturevalue(who)

    browser.post(f"{CLIENTS}edit/{client.pk}/", form_of(client, name="Changé"))

    assert Client.objects.get(pk=client.pk).name == "Akwaba Distribution"


def test_leads_from_the_edit_page_of_a_locked_row_to_its_page(make_client, use_policy, as_owner):
    client = make_client()
    use_policy(FrozenWhenWon(Client))

    answer = as_owner.get(f"{CLIENTS}edit/{client.pk}/")

    assert answer.url == f"{CLIENTS}inspect/{client.pk}/"


def test_refuses_to_delete_a_locked_row(make_client, use_policy, as_owner):
    client = make_client()
    use_policy(FrozenWhenWon(Client))

    as_owner.post(f"{CLIENTS}delete/{client.pk}/")

    assert Client.objects.filter(pk=client.pk).exists()


def test_offers_no_edit_nor_delete_on_a_locked_row(make_client, use_policy, as_owner):
    locked, free = make_client(), make_client("Prospect", stage=Client.Stage.PROSPECT)
    use_policy(FrozenWhenWon(Client))

    page = as_owner.get(CLIENTS).content.decode()

    assert f"edit/{locked.pk}/" not in page
    assert f"delete/{locked.pk}/" not in page
    assert f"edit/{free.pk}/" in page


def test_has_no_copy_address_unless_a_screen_asks_for_it(make_client, form_of, as_owner):
    client = make_client()

    answer = as_owner.post(f"{CLIENTS}copy/{client.pk}/", form_of(client, name="Écrasé"))

    assert answer.status_code == 404
    assert Client.objects.get(pk=client.pk).name == "Akwaba Distribution"


def test_a_copy_page_never_takes_a_post(make_client, form_of, owner_staff):
    client = make_client()
    view = guarded(RecordCopyView).as_view(model=Client, viewset=Client.snippet_viewset)
    request = RequestFactory().post("/", form_of(client, name="Écrasé"))
    request.user = owner_staff

    answer = view(request, pk=client.pk)

    assert answer.status_code == 405
    assert Client.objects.get(pk=client.pk).name == "Akwaba Distribution"


@pytest.mark.parametrize(
    "address",
    [
        "edit/{pk}/",
        "inspect/{pk}/",
        "history/{pk}/",
        "history-results/{pk}/",
        "delete/{pk}/",
        "inviter/{pk}/",
    ],
)
def test_a_row_out_of_reach_does_not_exist(address, make_client, use_policy, as_manager):
    hidden = make_client()
    use_policy(OnlyLagune(Client))

    answer = as_manager.get(CLIENTS + address.format(pk=hidden.pk))

    assert answer.status_code in (302, 404)
    assert "Akwaba" not in answer.content.decode()


@pytest.mark.parametrize("query", ["", "results/", "?export=csv", "?q=distribution"])
def test_lists_and_exports_only_the_rows_in_reach(query, make_client, use_policy, as_manager):
    make_client()
    make_client("Lagune Transit")
    use_policy(OnlyLagune(Client))

    answer = as_manager.get(CLIENTS + query)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content

    assert b"Akwaba" not in content


@pytest.mark.parametrize("address", ["", "results/", "chosen-multiple/?id={pk}", "chosen/{pk}/"])
def test_a_chooser_shows_only_the_rows_in_reach(address, make_client, use_policy, as_manager):
    hidden = make_client()
    use_policy(OnlyLagune(Client))

    answer = as_manager.get(CHOOSER + address.format(pk=hidden.pk))

    assert "Akwaba" not in answer.content.decode()


@pytest.mark.parametrize("address", ["", "results/", "chosen-multiple/?id={pk}", "chosen/{pk}/"])
def test_a_chooser_is_closed_to_whoever_may_not_read_its_model(address, make_client, as_editor):
    client = make_client()

    answer = as_editor.get(CHOOSER + address.format(pk=client.pk))

    assert answer.status_code == 302
    assert answer.url == "/admin/"


def test_a_chooser_finds_without_accents(make_client, as_manager):
    make_client("Koné et fils")
    make_client("Lagune Transit")

    page = as_manager.get(f"{CHOOSER}results/?q=kone").content.decode()

    assert "Koné et fils" in page
    assert "Lagune" not in page


def test_deletes_nothing_in_bulk_where_a_screen_does_not_offer_it(make_client, as_owner):
    client = make_client()

    as_owner.post(f"/admin/bulk/accounts/client/delete/?id={client.pk}")

    assert Client.objects.filter(pk=client.pk).exists()


def test_all_means_all_that_is_filtered_and_each_deletion_is_logged(as_owner):
    kept, gone = ClientTag.objects.create(name="BTP"), ClientTag.objects.create(name="Santé")

    as_owner.post(f"/admin/bulk/accounts/clienttag/delete/?id=all&q=sant&next={TAGS}")

    assert list(ClientTag.objects.all()) == [kept]
    entries = ModelLogEntry.objects.filter(action="wagtail.delete", label="Santé")
    assert [entry.object_id for entry in entries] == [str(gone.pk)]


def test_deletes_nothing_in_bulk_for_whoever_may_not_delete(as_editor):
    tag = ClientTag.objects.create(name="BTP")

    as_editor.post(f"/admin/bulk/accounts/clienttag/delete/?id={tag.pk}")

    assert ClientTag.objects.filter(pk=tag.pk).exists()


def test_says_why_a_row_that_others_rest_on_stays(make_client, as_owner):
    from portal.projects.models import Project

    client = make_client()
    Project.objects.create(client=client, title="Refonte du site")

    page = as_owner.post(f"{CLIENTS}delete/{client.pk}/", follow=True).content.decode()

    assert "ne peut pas être supprimé" in page
    assert Client.objects.filter(pk=client.pk).exists()

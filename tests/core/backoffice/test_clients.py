"""Clients: health with its reasons, segments, archives, contacts invited from their row."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts import services
from core.accounts.health import health_from, health_of
from core.accounts.models import Client, ClientCategory, ClientHealth, ClientTag, Contact
from core.hooks import HealthSign
from tests.conftest import AT, DUE

LIST = "/admin/snippets/accounts/client/"


@pytest.mark.parametrize(
    ("points", "score", "band"),
    [
        ([], 100, "good"),
        ([5], 100, "good"),
        ([-25], 75, "good"),
        ([-26], 74, "fair"),
        ([-40, -15, 5], 50, "fair"),
        ([-51], 49, "fragile"),
        ([-80, -60], 0, "fragile"),
    ],
)
def test_health_starts_at_100_and_stays_between_0_and_100(points, score, band):
    health = health_from([HealthSign(1, each, "x") for each in points])

    assert (health.score, health.band) == (score, band)


def test_signs_are_told_worst_first():
    signs = [HealthSign(1, 5, "b"), HealthSign(1, -30, "a"), HealthSign(1, -10, "c")]

    assert [sign.text for sign in health_from(signs).signs] == ["a", "c", "b"]


def test_modules_worry_about_absence_and_late_invoices(
    make_client, make_member, make_invoice, django_assert_max_num_queries
):
    quiet, late = make_client("Absente"), make_client("En retard")
    person = make_member(quiet)
    type(person).objects.filter(pk=person.pk).update(last_login=AT - timedelta(days=90))
    make_invoice(late, "FA-1")

    with django_assert_max_num_queries(12):
        found = health_of([quiet.pk, late.pk], on=DUE + timedelta(days=70))

    assert found[quiet.pk].score == 85
    assert found[late.pk].score == 75
    assert "1 facture en retard, de 70 jours" in str(found[late.pk].signs[0].text)


def test_the_night_measures_clients_twice_without_doubles(make_client):
    make_client("Cliente")
    make_client("Prospecte", stage=Client.Stage.PROSPECT)

    counts = [services.measure_health(on=AT.date(), at=AT) for _time in range(2)]

    assert counts == [1, 1]
    assert ClientHealth.objects.get().score == 100


def test_a_list_is_filtered_by_health(make_client, as_manager):
    good, bad = make_client("Sereine"), make_client("Fragile")
    ClientHealth.objects.create(client=good, score=90, measured_at=AT)
    ClientHealth.objects.create(client=bad, score=30, reason="3 factures", measured_at=AT)

    page = as_manager.get(LIST, {"health": "fragile"})

    assert list(page.context["object_list"]) == [bad]
    assert "3 factures" in page.content.decode()


def test_segments_add_up_in_the_filter(make_client):
    tags = [ClientTag.objects.create(name=name) for name in ("BTP", "Export")]
    both, one = make_client("Les deux"), make_client("Une")
    for client, wanted in ((both, tags), (one, tags[:1])):
        for tag in wanted:
            services.tag_client(client=client, tag=tag, actor=None)

    found = Client.objects.filter(tags=tags[0]).filter(tags=tags[1])

    assert list(found) == [both]
    assert Client.objects.filter(tags=tags[0]).count() == 2


def test_three_clients_are_tagged_at_once_and_found_exactly(make_client, as_manager):
    tag = ClientTag.objects.create(name="BTP")
    chosen = [make_client(f"BTP {n}") for n in range(3)]
    make_client("Autre")
    keys = "&".join(f"id={row.pk}" for row in chosen)

    as_manager.post(f"/admin/bulk/accounts/client/segmenter/?{keys}&next={LIST}", {"tag": tag.pk})
    page = as_manager.get(LIST, {"tags": tag.pk})
    as_manager.post(f"/admin/bulk/accounts/client/desegmenter/?id={chosen[0].pk}", {"tag": tag.pk})

    assert list(page.context["object_list"]) == chosen
    assert Client.objects.filter(tags=tag).count() == 2


def test_editors_tag_nobody(make_client, as_editor):
    tag, client = ClientTag.objects.create(name="BTP"), make_client()

    as_editor.post(f"/admin/bulk/accounts/client/segmenter/?id={client.pk}", {"tag": tag.pk})

    assert not Client.objects.filter(tags=tag).exists()


def test_an_archived_client_leaves_the_list_and_comes_back_as_it_was(make_client, as_manager):
    client = make_client(stage=Client.Stage.PROSPECT)

    as_manager.post(f"{LIST}archiver/{client.pk}/")
    hidden, shown = as_manager.get(LIST), as_manager.get(LIST, {"stage": "archived"})
    as_manager.post(f"{LIST}restaurer/{client.pk}/")

    assert list(hidden.context["object_list"]) == []
    assert list(shown.context["object_list"]) == [client]
    client.refresh_from_db()
    assert (client.stage, client.archived_from) == ("prospect", "")


def test_archiving_twice_is_refused(make_client):
    client = make_client()
    services.archive_client(client=client, actor=None)

    with pytest.raises(services.CannotArchive):
        services.archive_client(client=client, actor=None)

    client.refresh_from_db()
    assert client.archived_from == "won"


def test_a_category_in_use_stays(make_client, as_manager):
    category = ClientCategory.objects.create(name="Grand compte")
    make_client(category=category)

    as_manager.post(f"/admin/snippets/accounts/clientcategory/delete/{category.pk}/")

    assert ClientCategory.objects.filter(pk=category.pk).exists()


def test_a_contact_without_account_is_invited_from_its_row(make_client, make_member, as_manager):
    client = make_client()
    member = make_member(client)
    Contact.objects.create(client=client, name="Awa", email=member.email, is_main=True)
    Contact.objects.create(client=client, name="Yao Konan", email="yao@akwaba.test", part="billing")
    Contact.objects.create(client=client, name="Sans adresse")

    page = as_manager.get(f"{LIST}inspect/{client.pk}/?onglet=personnes").content.decode()
    form = as_manager.get(f"{LIST}inviter/{client.pk}/?name=Yao+Konan&email=yao%40akwaba.test")

    assert page.count("inviter/") == 3  # the contact, the head of the page, the members
    assert "Il faut une adresse e-mail" in page
    assert "Comptabilité" in page
    assert form.context["form"].initial["email"] == "yao@akwaba.test"


@pytest.mark.parametrize(
    "tab", ["apercu", "projets", "argent", "documents", "support", "personnes", "historique", "x"]
)
def test_each_tab_of_a_client_opens(tab, make_client, as_manager):
    page = as_manager.get(f"{LIST}inspect/{make_client().pk}/?onglet={tab}")

    assert page.status_code == 200
    assert page.context["tab"] == (tab if tab != "x" else "apercu")


def test_the_list_asks_as_many_questions_for_1_and_for_20_clients(make_client, as_manager):
    tag = ClientTag.objects.create(name="BTP")

    def add(number):
        client = make_client(f"Client {number}")
        services.tag_client(client=client, tag=tag, actor=None)
        ClientHealth.objects.create(client=client, score=number, measured_at=AT)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            as_manager.get(LIST)
        return len(queries)

    add(1)
    as_manager.get(LIST)
    few = asked()
    for number in range(2, 22):
        add(number)

    assert asked() == few

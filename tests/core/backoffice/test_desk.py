"""Columns and filters as each keeps them; acts taken back."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.models import Client, ClientTag
from core.accounts.services import tag_client
from core.desk.models import ListingChoice, SavedFilter, UndoRecord
from core.desk.undo import Change, TooLate, declare_undo, remember, undo_act

CLIENTS = "/admin/snippets/accounts/client/"
LISTING = "wagtailsnippets_accounts_client:list"


def set_city(client, city, actor):
    Client.objects.filter(pk=client.pk).update(city=city)


declare_undo("test_city", model=Client, read=lambda client: client.city, put_back=set_city)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Return a context that runs at its end what a commit would run."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def moved(make_client, manager):
    """A client that went from Abidjan to Bouaké, which may be taken back."""
    client = make_client(city="Bouaké")
    at = timezone.now()
    rows = [Change(client.pk, "Abidjan", "Bouaké")]
    return client, remember("test_city", actor=manager, label="Ville", rows=rows, at=at)


def test_hidden_columns_leave_the_list_and_its_export(make_client, as_manager, committed):
    make_client(city="Abidjan")
    page = as_manager.get(CLIENTS)
    shown = [column.name for column in page.context["view"].columns]

    with committed():
        as_manager.post("/admin/liste/", {"liste": LISTING, "acte": "colonnes", "ordre": ["city"]})

    left = [column.name for column in as_manager.get(CLIENTS).context["view"].columns]
    assert len(shown) > len(left) >= 1
    assert left == shown[: len(left)]  # the boxes, when there are some, and the name

    with committed():
        as_manager.post("/admin/liste/", {"liste": LISTING, "acte": "origine"})
    again = as_manager.get(CLIENTS).context["view"]
    assert [column.name for column in again.columns] == shown


def test_a_filter_kept_for_the_team_shows_to_others_and_opens_the_list(
    make_client, as_manager, make_staff, client_of, committed
):
    make_client("Lagune Transit", stage=Client.Stage.PROSPECT)
    colleague = client_of(make_staff("manager", email="gestion2@nourx.test"))
    kept = {"liste": LISTING, "nom": "Prospects", "filtre": "?stage=prospect", "equipe": "on"}

    with committed():
        answer = as_manager.post("/admin/liste/filtre/", kept | {"toujours": "on"})

    saved = SavedFilter.objects.get()
    assert answer.url == f"{CLIENTS}?stage=prospect&vue={saved.pk}"
    assert [chip.saved.name for chip in colleague.get(CLIENTS).context["chips"]] == ["Prospects"]
    assert as_manager.get(CLIENTS).url == f"{CLIENTS}?stage=prospect&vue={saved.pk}"
    assert as_manager.get(f"{CLIENTS}?vue=tout").status_code == 200

    colleague.post("/admin/liste/", {"liste": LISTING, "acte": f"supprimer:{saved.pk}"})

    assert SavedFilter.objects.count() == 1


def test_a_filter_without_a_name_or_without_anything_filtered_is_refused(as_manager):
    for nameless in ({"nom": "", "filtre": "stage=won"}, {"nom": "Tous", "filtre": "p=2"}):
        as_manager.post("/admin/liste/filtre/", {"liste": LISTING, **nameless})

    assert not SavedFilter.objects.exists()


def test_a_filter_whose_field_is_gone_says_so_and_shows_the_list(make_client, as_manager):
    make_client()

    page = as_manager.get(f"{CLIENTS}?disparu=oui&vue=1")

    assert page.status_code == 200
    assert "Ce filtre ne tient plus : disparu" in page.content.decode()


def test_a_list_that_one_may_not_open_is_not_set_up_either(as_editor, as_manager):
    answers = [
        as_editor.get(f"/admin/liste/?liste={LISTING}"),
        as_editor.post("/admin/liste/", {"liste": LISTING, "acte": "colonnes"}),
        as_editor.post("/admin/liste/filtre/", {"liste": LISTING, "nom": "x", "filtre": "q=a"}),
    ]

    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert not SavedFilter.objects.exists()
    assert not ListingChoice.objects.exists()
    assert as_manager.get("/admin/liste/?liste=wagtailadmin_home").status_code == 404


def test_an_act_is_taken_back_once(moved, manager):
    client, kept = moved

    outcome = undo_act(kept=kept, actor=manager, at=timezone.now())

    client.refresh_from_db()
    assert (outcome.done, outcome.refused, client.city) == (1, [], "Abidjan")
    with pytest.raises(TooLate):
        undo_act(kept=kept, actor=manager, at=timezone.now())


def test_a_row_that_changed_since_stays_as_it_is(moved, manager):
    client, kept = moved
    Client.objects.filter(pk=client.pk).update(city="Yamoussoukro")

    outcome = undo_act(kept=kept, actor=manager, at=timezone.now())

    client.refresh_from_db()
    assert (outcome.done, outcome.refused) == (0, [str(client)])
    assert client.city == "Yamoussoukro"


def test_after_ten_minutes_or_by_somebody_else_nothing_is_taken_back(moved, manager, as_owner):
    client, kept = moved

    assert as_owner.post(f"/admin/annuler/{kept.token}/").status_code == 404
    with pytest.raises(TooLate):
        undo_act(kept=kept, actor=manager, at=timezone.now() + timedelta(minutes=11))

    client.refresh_from_db()
    assert client.city == "Bouaké"


def test_the_rights_of_now_hold_when_an_act_is_taken_back(moved, editor):
    client, kept = moved

    outcome = undo_act(kept=kept, actor=editor, at=timezone.now())

    client.refresh_from_db()
    assert outcome.done == 0
    assert client.city == "Bouaké"


def test_what_is_kept_of_an_act_is_plain_json(moved):
    assert json.dumps(moved[1].rows) == json.dumps(
        [{"pk": moved[0].pk, "before": "Abidjan", "after": "Bouaké"}]
    )


def test_many_clients_leave_the_segment_they_were_put_in(make_client, as_manager, manager):
    rows = [make_client(name) for name in ("Akwaba", "Bandama")]
    tag = ClientTag.objects.create(name="Commerce")
    tag_client(client=rows[1], tag=tag, actor=manager)
    chosen = "&".join(f"id={row.pk}" for row in rows)

    page = as_manager.post(
        f"/admin/bulk/accounts/client/segmenter/?{chosen}&next={CLIENTS}", {"tag": tag.pk}
    )

    kept = UndoRecord.objects.get()
    assert page.url == CLIENTS
    assert tag.client_set.count() == 2
    assert kept.rows == [{"pk": rows[0].pk, "before": [], "after": [tag.pk]}]

    as_manager.post(f"/admin/annuler/{kept.token}/", {"retour": CLIENTS})

    assert list(tag.client_set.all()) == [rows[1]]

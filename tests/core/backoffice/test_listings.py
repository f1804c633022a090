"""Listings: fast whatever their size, found without accents, drawn with their words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.access.staff_roles import put_in_role
from core.accounts.models import Client, ClientTag, Invitation, Membership
from core.backoffice.paginator import CappedPaginator
from core.notify.models import OutgoingMail
from core.outbox.models import OwedWork

CLIENTS = "/admin/snippets/accounts/client/"

SNIPPETS = "/admin/snippets/accounts/"


def add_clients(make_client, make_user, numbers):
    for number in numbers:
        lead = make_user(f"lead{number}@nourx.test", is_staff=True)
        make_client(f"Client {number}", lead=lead)


def add_tags(make_client, make_user, numbers):
    ClientTag.objects.bulk_create(ClientTag(name=f"Segment {number}") for number in numbers)


def add_members(make_client, make_user, numbers):
    for number in numbers:
        user = make_user(f"membre{number}@client.test")
        Membership.objects.create(user=user, client=make_client(f"Client {number}"), role="owner")


def add_invitations(make_client, make_user, numbers):
    for number in numbers:
        Invitation.objects.create(
            client=make_client(f"Client {number}"),
            email=f"invite{number}@client.test",
            token_hash=str(number),
            expires_at=timezone.now(),
        )


def add_accounts(make_client, make_user, numbers):
    for number in numbers:
        put_in_role(make_user(f"equipe{number}@nourx.test"), "manager")


def add_mails(make_client, make_user, numbers):
    for number in numbers:
        OutgoingMail.objects.create(
            key=f"k{number}",
            template="account/invitation",
            client=make_client(f"Client {number}"),
            recipients=["a@b.test"],
            subject="Votre facture",
            text="…",
        )


def add_work(make_client, make_user, numbers):
    for number in numbers:
        OwedWork.objects.create(key=f"k{number}", topic="mail", next_try_at=timezone.now())


LISTINGS = {
    CLIENTS: add_clients,
    f"{SNIPPETS}clienttag/": add_tags,
    f"{SNIPPETS}membership/": add_members,
    f"{SNIPPETS}invitation/": add_invitations,
    "/admin/users/": add_accounts,
    "/admin/journaux/courriels/": add_mails,
    "/admin/journaux/travaux/": add_work,
}


def count_queries(browser, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(address).status_code == 200
    return len(
        [query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    )


@pytest.mark.parametrize("address", LISTINGS)
def test_a_listing_asks_the_same_questions_at_1_and_at_50_rows(
    address, make_client, make_user, as_owner
):
    as_owner.get(address)  # what is read once per process
    LISTINGS[address](make_client, make_user, [0])
    at_one = count_queries(as_owner, address)

    LISTINGS[address](make_client, make_user, range(1, 50))

    assert count_queries(as_owner, address) == at_one
    assert at_one <= 12


@pytest.mark.parametrize("text", ["kone", "KONÉ", "l’étoile", "l'etoile kone", "etoil"])
def test_a_client_is_found_without_accents(text, make_client, as_manager):
    make_client("Koné – L’Étoile")
    make_client("Lagune Transit")

    page = as_manager.get(CLIENTS, {"q": text}).content.decode()

    assert "L’Étoile" in page
    assert "Lagune" not in page


@pytest.mark.parametrize("text", ["& | !", "kone:*", "' OR 1=1"])
def test_search_takes_any_text_as_words(text, make_client, as_manager):
    make_client("Lagune Transit")

    answer = as_manager.get(CLIENTS, {"q": text})

    assert answer.status_code == 200


def test_a_status_shows_a_shape_and_its_word(make_client, as_manager):
    make_client(stage=Client.Stage.PROSPECT)

    page = as_manager.get(CLIENTS).content.decode()

    assert '<span class="nx-status" data-tone="now"><svg' in page
    assert "</svg>Prospect</span>" in page


def test_counts_up_to_the_cap_and_says_so(company):
    Client.objects.bulk_create(Client(company=company, name=f"C{n}") for n in range(10_001))

    paginator = CappedPaginator(Client.objects.order_by("name"), 50)

    assert paginator.count == 10_000
    assert paginator.num_pages == 200
    assert paginator.items_count_label == "plus de 10\u202f000 clients"


def test_counts_exactly_under_the_cap(make_client):
    make_client()

    paginator = CappedPaginator(Client.objects.order_by("name"), 50)

    assert paginator.count == 1
    assert paginator.items_count_label == "1 client"


def test_an_empty_listing_says_so_and_offers_to_begin(client_of, manager):
    page = client_of(manager).get("/admin/snippets/crm/opportunity/")

    assert "Rien ici pour l’instant." in page.content.decode()


@pytest.mark.parametrize("value", ["abc", "9" * 40, "0", "²", "-1"])
@pytest.mark.parametrize(
    ("listing", "name"),
    [
        ("accounts/membership", "client"),
        ("invoicing/invoice", "client"),
        ("invoicing/quote", "client"),
        ("projects/project", "client"),
        ("projects/task", "project"),
        ("projects/surveyanswer", "project"),
    ],
)
def test_a_filter_that_names_no_row_shows_the_list(listing, name, value, as_manager):
    answer = as_manager.get(f"/admin/snippets/{listing}/", {name: value})

    assert answer.status_code == 200


def test_a_form_that_names_no_row_is_shown_again(as_manager):
    answer = as_manager.post("/admin/snippets/projects/project/add/", {"client": "abc"})

    assert answer.status_code == 200
    assert "Select a valid choice" not in answer.content.decode()

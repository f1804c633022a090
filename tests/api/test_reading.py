"""The JSON API: the rows of one's own client, and the page that explains it."""

import json

import pytest

from core import rls
from portal.projects.models import Milestone

READS = ["/api/v1/projects/", "/api/v1/invoices/"]


def json_of(response):
    return json.loads(response.content)


@pytest.mark.parametrize("address", [*READS, "/api/v1/projects/1/", "/api/v1/invoices/X/"])
def test_nobody_reads_nothing(db, address, client_of):
    assert client_of().get(address).status_code == 403


@pytest.mark.parametrize("address", READS)
def test_the_team_has_no_client_s_view(address, owner_staff, client_of, project, invoice):
    assert client_of(owner_staff).get(address).status_code == 403


def test_a_client_lists_its_own_projects(acme, rival, acme_owner, client_of, make_project):
    mine = make_project(acme, "Boutique", budget=1_000_000)
    make_project(rival, "Conteneurs")

    answer = json_of(client_of(acme_owner).get("/api/v1/projects/"))

    assert answer["count"] == 1
    assert answer["results"] == [
        {
            "id": mine.pk,
            "title": "Boutique",
            "summary": "",
            "status": "active",
            "progress": 0,
            "start_date": None,
            "due_date": None,
        }
    ]


def test_a_project_comes_with_its_roadmap_in_order(acme_owner, client_of, project):
    with rls.staff("test world"):
        Milestone.objects.create(project=project, title="Recette", sort_order=2)
        Milestone.objects.create(project=project, title="Cadrage", sort_order=1)

    answer = json_of(client_of(acme_owner).get(f"/api/v1/projects/{project.pk}/"))

    assert [row["title"] for row in answer["milestones"]] == ["Cadrage", "Recette"]


def test_rows_of_another_client_do_not_exist(rival_owner, client_of, project, invoice):
    browser = client_of(rival_owner)

    assert browser.get(f"/api/v1/projects/{project.pk}/").status_code == 404
    assert browser.get(f"/api/v1/invoices/{invoice.number}/").status_code == 404
    assert json_of(browser.get("/api/v1/invoices/"))["results"] == []


def test_a_person_of_billing_lists_invoices_and_no_project(
    acme, client_of, project, invoice, make_member
):
    browser = client_of(make_member(acme, "billing"))

    assert json_of(browser.get("/api/v1/projects/"))["results"] == []
    (row,) = json_of(browser.get("/api/v1/invoices/"))["results"]
    assert (row["number"], row["total"], row["amount_due"]) == ("FAC-2026-0001", 118_000, 118_000)


def test_a_member_limited_to_a_project_reads_that_one_only(
    acme, client_of, make_project, make_member, invoice
):
    mine, other = make_project(acme, "Boutique"), make_project(acme, "Livreurs")
    browser = client_of(make_member(acme, "project", projects=[mine]))

    assert [row["id"] for row in json_of(browser.get("/api/v1/projects/"))["results"]] == [mine.pk]
    assert browser.get(f"/api/v1/projects/{other.pk}/").status_code == 404
    assert json_of(browser.get("/api/v1/invoices/"))["results"] == []


def test_a_draft_invoice_is_ours_alone(acme_owner, client_of, draft, invoice):
    answer = json_of(client_of(acme_owner).get("/api/v1/invoices/"))

    assert [row["number"] for row in answer["results"]] == ["FAC-2026-0001"]


@pytest.mark.parametrize("address", READS)
def test_reading_is_all_one_may_do(address, acme_owner, client_of, project):
    assert client_of(acme_owner).post(address, {"title": "x"}).status_code == 405


def test_the_documentation_names_every_address(db, client_of):
    response = client_of().get("/api/docs/")

    page = response.content.decode()
    assert response.status_code == 200
    for address in ("/api/v1/projects/", "/api/v1/invoices/{number}/pay/", "/api/v1/payments/"):
        assert address in page
    assert "<script>" not in page


def test_the_schema_is_served(db, client_of):
    response = client_of().get("/api/schema/", HTTP_ACCEPT="application/json")

    assert response.status_code == 200
    assert "/api/v1/invoices/{number}/pay/" in response.content.decode()

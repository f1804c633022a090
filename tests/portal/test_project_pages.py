"""Projects as their client sees them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import rls
from portal.projects.models import MilestoneComment, ProjectMember

LIST = "/client/projets/"


def address_of(project, page="detail"):
    return reverse(f"projects:{page}", args=[project.pk])


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_the_two_tabs_count_and_list_the_client_s_own_projects(
    acme, rival, acme_owner, client_of, make_project
):
    make_project(acme, "Boutique")
    make_project(acme, "Refonte", status="delivered")
    make_project(acme, "Ancien site", status="archived")
    make_project(rival, "Conteneurs")
    browser = client_of(acme_owner)

    running = browser.get(LIST)
    over = browser.get(f"{LIST}?vue=archives")

    assert [card.project.title for card in running.context["cards"]] == ["Boutique"]
    assert {card.project.title for card in over.context["cards"]} == {"Refonte", "Ancien site"}
    assert [tab["count"] for tab in running.context["tabs"]] == [1, 2]


def test_a_client_without_a_project_reads_what_will_come(acme_owner, client_of):
    response = client_of(acme_owner).get(LIST)

    assert "Aucun projet en cours" in text_of(response)


def test_a_project_shows_its_facts_its_team_and_its_milestones(
    acme, acme_owner, client_of, make_project, make_milestone, make_staff, owner_staff
):
    project = make_project(acme, "Boutique", summary="Vendre partout.", progress=58)
    make_milestone(project, "Cadrage", status="done", delivers=[("Cahier", "approved")])
    make_milestone(project, "Maquettes", status="review", delivers=[("Panier", "submitted")])
    hidden = make_staff("manager", first_name="Kouadio", last_name="Brou")
    with rls.staff("test world"):
        ProjectMember.objects.create(project=project, user=owner_staff, part="Cheffe de projet")
        ProjectMember.objects.create(project=project, user=hidden, is_visible=False)

    page = text_of(client_of(acme_owner).get(address_of(project)))

    for text in ("Vendre partout.", "58", "Cadrage", "Cahier", "Panier", "Cheffe de projet"):
        assert text in page
    assert "Attend votre accord" in page
    assert "Kouadio" not in page


def test_the_budget_of_a_project_is_ours_alone(acme, acme_owner, client_of, make_project):
    project = make_project(acme, budget=4_321_987)

    page = text_of(client_of(acme_owner).get(address_of(project)))

    assert "4321987" not in page.replace(" ", "")


def test_the_roadmap_is_grouped_by_version(acme, acme_owner, client_of, project, make_milestone):
    make_milestone(project, "Cadrage", release="v1.0", sort_order=1)
    make_milestone(project, "Maquettes", release="v1.0", sort_order=2)
    make_milestone(project, "Recette", release="v1.1", sort_order=3)

    groups = client_of(acme_owner).get(address_of(project, "roadmap")).context["groups"]

    assert [
        (group["name"], [step.milestone.title for step in group["steps"]]) for group in groups
    ] == [
        ("v1.0", ["Cadrage", "Maquettes"]),
        ("v1.1", ["Recette"]),
    ]


def test_an_archived_project_stays_readable(acme, acme_owner, client_of, make_project):
    project = make_project(acme, "Refonte", status="archived")

    response = client_of(acme_owner).get(address_of(project))

    assert "Archivé" in text_of(response)


@pytest.mark.parametrize("page", ["detail", "roadmap"])
def test_a_project_of_another_client_does_not_exist(page, project, rival_owner, client_of):
    assert client_of(rival_owner).get(address_of(project, page)).status_code == 404


def test_a_person_of_billing_has_no_project_page(acme, project, make_member, client_of):
    browser = client_of(make_member(acme, "billing"))

    assert browser.get(LIST).status_code == 404
    assert browser.get(address_of(project)).status_code == 404


def test_nobody_is_sent_to_sign_in(project, client_of):
    response = client_of().get(address_of(project))

    assert response.status_code == 302
    assert response["Location"] == f"/connexion/?next={address_of(project)}"


def test_a_member_limited_to_a_project_sees_only_that_one(
    acme, client_of, make_project, make_member, make_task
):
    mine, other = make_project(acme, "Boutique"), make_project(acme, "Livreurs")
    make_task(mine, "La mienne")
    hidden = make_task(other, "L’autre")
    browser = client_of(make_member(acme, "project", projects=[mine]))

    assert [card.project for card in browser.get(LIST).context["cards"]] == [mine]
    assert browser.get(address_of(mine)).status_code == 200
    assert browser.get(address_of(other)).status_code == 404
    assert browser.get(reverse("projects:task", args=[hidden.pk])).status_code == 404
    assert "La mienne" in text_of(browser.get("/client/taches/?qui=tous"))
    assert "L’autre" not in text_of(browser.get("/client/taches/?qui=tous"))
    assert "Livreurs" not in text_of(browser.get("/client/taches/?qui=tous"))


def test_a_member_limited_to_a_project_reads_no_bill(acme, client_of, project, make_member):
    browser = client_of(make_member(acme, "project", projects=[project]))

    assert browser.get("/client/factures/").status_code == 404
    assert "Factures et devis" not in text_of(browser.get("/client/"))


def test_long_titles_are_escaped_and_whole(acme, acme_owner, client_of, make_project):
    project = make_project(acme, "<b>" + "Très long " * 25)

    page = text_of(client_of(acme_owner).get(address_of(project)))

    assert "&lt;b&gt;Très long" in page
    assert "<b>Très" not in page


def test_a_word_on_a_milestone_reaches_the_home_page(
    acme, acme_owner, owner_staff, client_of, project, make_milestone
):
    with rls.staff("test world"):
        MilestoneComment.objects.create(
            project=project,
            milestone=make_milestone(project, "Maquettes"),
            author=owner_staff,
            body="Dites-nous ce que vous en pensez.",
        )

    page = text_of(client_of(acme_owner).get("/client/"))

    assert "a commenté le jalon « Maquettes »" in page


def test_the_card_counts_milestones_and_draws_one_segment_each(
    acme, acme_owner, client_of, project, make_milestone, today
):
    make_milestone(project, "Cadrage", status="done", due_date=today - timedelta(days=3))
    make_milestone(project, "Maquettes", status="active", sort_order=1)
    make_milestone(project, "Recette", sort_order=2)

    card = client_of(acme_owner).get(LIST).context["cards"][0]

    assert (card.done, card.rank, card.current.title) == (1, 2, "Maquettes")
    assert card.segments == [{"state": "done"}, {"state": "now", "percent": 40}, {}]

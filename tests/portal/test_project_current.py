"""The project a person looks at, and the list where they find the others."""

import pytest
from django.urls import reverse

from core import rls
from portal.projects.models import ProjectChoice

CURRENT, CHOOSE, LIST = "/client/projet/", "/client/projet/choisir/", "/client/projets/"


def page_of(project):
    return reverse("projects:detail", args=[project.pk])


def choices():
    with rls.staff("test"):
        return list(ProjectChoice.objects.values_list("user_id", "project_id"))


def test_the_only_project_opens_at_once(project, acme_owner, client_of):
    response = client_of(acme_owner).get(CURRENT)

    assert response.status_code == 302
    assert response["Location"] == page_of(project)


def test_without_a_choice_the_most_pressing_of_those_that_run_opens(
    acme, acme_owner, make_project, client_of, in_days
):
    make_project(acme, "Livré", status="delivered", due_date=in_days(-30))
    make_project(acme, "Plus tard", due_date=in_days(60))
    pressing = make_project(acme, "Bientôt", due_date=in_days(6))

    assert client_of(acme_owner).get(CURRENT)["Location"] == page_of(pressing)


def test_the_chosen_project_opens_from_then_on(acme, acme_owner, make_project, client_of, in_days):
    first = make_project(acme, "Bientôt", due_date=in_days(6))
    other = make_project(acme, "Livré", status="delivered")
    browser = client_of(acme_owner)

    assert browser.post(CHOOSE, {"projet": other.pk})["Location"] == page_of(other)
    assert browser.get(CURRENT)["Location"] == page_of(other)
    browser.post(CHOOSE, {"projet": first.pk})

    assert client_of(acme_owner).get(CURRENT)["Location"] == page_of(first)
    assert choices() == [(acme_owner.pk, first.pk)]


@pytest.mark.parametrize("asked", ["", "0", "abc", "9" * 30, "rival"])
def test_a_project_of_nobody_or_of_others_is_not_chosen(
    asked, acme, rival, acme_owner, make_project, client_of
):
    make_project(acme)
    foreign = make_project(rival, "Conteneurs")

    sent = {"projet": foreign.pk if asked == "rival" else asked}
    response = client_of(acme_owner).post(CHOOSE, sent)

    assert response.status_code == 404
    assert choices() == []


def test_a_project_that_was_closed_to_somebody_is_left(acme, make_project, make_member, client_of):
    kept, lost = make_project(acme, "Gardé"), make_project(acme, "Perdu")
    person = make_member(acme, "project", projects=[kept, lost])
    client_of(person).post(CHOOSE, {"projet": lost.pk})
    make_member(acme, "project", projects=[kept], user=person)

    assert client_of(person).get(CURRENT)["Location"] == page_of(kept)


def test_without_a_project_the_list_says_what_will_come(acme_owner, client_of):
    browser = client_of(acme_owner)

    assert browser.get(CURRENT)["Location"] == LIST
    assert "Votre prochain projet apparaîtra ici" in browser.get(CHOOSE).content.decode()


def test_a_person_of_billing_chooses_nothing(acme, project, make_member, client_of):
    browser = client_of(make_member(acme, "billing"))

    assert browser.get(CURRENT).status_code == 404
    assert browser.post(CHOOSE, {"projet": project.pk}).status_code == 404
    assert choices() == []


def test_a_long_list_is_searched_and_paged(acme, acme_owner, make_project, client_of):
    for number in range(26):
        make_project(acme, f"Projet {number:02d}")
    browser = client_of(acme_owner)

    first, second = browser.get(LIST), browser.get(f"{LIST}?page=2")
    found = browser.get(f"{LIST}?q=projet+07")

    assert [len(page.context["cards"]) for page in (first, second)] == [24, 2]
    assert 'name="q"' in first.content.decode()
    assert [card.project.title for card in found.context["cards"]] == ["Projet 07"]


@pytest.mark.parametrize("words", ["%", "'", "\0", "x" * 5000, "<b>"])
def test_strange_words_find_nothing_and_break_nothing(words, project, acme_owner, client_of):
    response = client_of(acme_owner).get(LIST, {"q": words})

    assert response.status_code == 200
    assert "<b>" not in response.content.decode()


def test_the_card_says_the_next_date(acme_owner, project, make_milestone, client_of, in_days):
    make_milestone(project, "Fait", status="done", due_date=in_days(1))
    make_milestone(project, "Loin", due_date=in_days(30), sort_order=1)
    make_milestone(project, "Proche", due_date=in_days(9), sort_order=2)

    page = client_of(acme_owner).get(LIST)

    assert page.context["cards"][0].next_date == in_days(9)
    assert ", dans 9\u00a0jours</p>" in page.content.decode()


def test_a_next_date_gone_by_is_said_late(acme_owner, project, make_milestone, client_of, in_days):
    make_milestone(project, "En retard", due_date=in_days(-2))

    page = client_of(acme_owner).get(f"{LIST}{project.pk}/").content.decode()

    assert "en retard de 2\u00a0jours" in page[page.index("Prochaine date") :][:400]


def test_the_head_counts_the_tasks_that_wait_for_the_reader(
    acme, acme_owner, owner_staff, project, make_task, client_of
):
    make_task(project, "À moi", assignee=acme_owner)
    make_task(project, "Faite", assignee=acme_owner, status="done")
    make_task(project, "À l’équipe", assignee=owner_staff)
    make_task(project, "Interne", assignee=acme_owner, is_shared=False)

    shown = client_of(acme_owner).get(page_of(project)).context["project"]

    assert shown.waiting == 1

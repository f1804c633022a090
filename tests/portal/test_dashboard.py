"""The home page: what waits, what is owed, where the work stands."""

from datetime import timedelta

from django.utils import timezone

from core import rls

HOME = "/client/"


def page_of(browser):
    response = browser.get(HOME)
    assert response.status_code == 200
    return response


def text_of(response):
    return " ".join(response.content.decode().replace("\u202f", " ").replace("\u00a0", " ").split())


def test_the_home_page_says_where_things_stand_in_a_sentence(
    acme, acme_owner, client_of, make_project, make_milestone, make_ticket, today
):
    project = make_project(acme, "Boutique", progress=58)
    make_milestone(project, "Maquettes", status="active", due_date=today + timedelta(days=3))
    make_ticket(acme, acme_owner, status="waiting")

    response = page_of(client_of(acme_owner))

    assert response.context["situation"][0].startswith("Boutique avance à 58")
    assert "Un point attend votre réponse." in text_of(response)


def test_everything_that_waits_is_listed_answers_first(
    acme, acme_owner, client_of, project, make_milestone, make_task, make_ticket, in_days
):
    make_milestone(project, delivers=[("Page panier", "submitted")])
    make_task(project, "Envoyer les photos", assignee=acme_owner, due_date=in_days(-3))
    make_task(project, "Tarifs", assignee=acme_owner, due_date=in_days(4))
    make_ticket(acme, acme_owner, status="waiting")

    rows = page_of(client_of(acme_owner)).context["to_dos"]

    assert [str(row.title) for row in rows] == [
        "Valider\u00a0: Page panier",
        "Répondre à la demande T-1",
        "Envoyer les photos",
        "Tarifs",
    ]
    assert [row.tone for row in rows] == ["now", "warn", "bad", ""]
    assert "En retard de 3" in rows[2].detail


def test_the_invoice_to_pay_stands_in_its_card(acme_owner, client_of, invoice):
    text = text_of(page_of(client_of(acme_owner)))

    assert "Payer 118 000 F CFA" in text
    assert "FAC-2026-0001" in text


def test_a_paid_client_sees_no_pay_button(acme_owner, client_of, project):
    assert "Payer" not in text_of(page_of(client_of(acme_owner)))


def test_dates_of_projects_are_announced(
    acme_owner, client_of, project, make_milestone, today, in_days
):
    make_milestone(project, "Passé", due_date=in_days(-1))
    make_milestone(project, "Recette", due_date=in_days(9))
    make_milestone(project, "Cadrage", due_date=in_days(2))
    make_milestone(project, "Déjà fini", due_date=in_days(1), status="done")

    rows = page_of(client_of(acme_owner)).context["deadlines"]

    assert [(row.on, row.label) for row in rows] == [
        (in_days(2), "Cadrage, Boutique en ligne"),
        (in_days(9), "Recette, Boutique en ligne"),
    ]


def test_the_latest_version_of_a_document_is_within_reach(
    acme_owner, client_of, project, make_document
):
    document = make_document(project, "Compte rendu")

    text = text_of(page_of(client_of(acme_owner)))

    assert f"/client/documents/{document.pk}/v1/" in text


def test_a_new_client_is_told_what_will_come(acme_owner, client_of):
    text = text_of(page_of(client_of(acme_owner)))

    for words in (
        "Rien ne vous attend",
        "Rien n’attend votre réponse.",
        "Aucun projet en cours",
        "Aucune date à venir.",
        "Rien de partagé pour l’instant.",
    ):
        assert words in text


def test_a_person_of_billing_sees_bills_and_no_work(
    acme, client_of, invoice, project, make_member, make_task
):
    person = make_member(acme, "billing")
    make_task(project, "Photos", assignee=person)

    text = text_of(page_of(client_of(person)))

    assert "FAC-2026-0001" in text
    assert "Boutique en ligne" not in text
    assert "Photos" not in text


def test_the_client_knows_whom_to_write_to(acme, acme_owner, owner_staff, client_of):
    with rls.staff("test world"):
        owner_staff.phone = "+225 07 12 34 56 78"
        owner_staff.save()
        acme.lead = owner_staff
        acme.save()

    text = text_of(page_of(client_of(acme_owner)))

    assert 'href="tel:+2250712345678"' in text
    assert "Acme Distribution" in text


def test_another_client_s_work_never_shows(
    rival_owner, client_of, invoice, project, make_task, make_milestone, acme_owner
):
    make_task(project, "Photos", assignee=acme_owner)
    make_milestone(project, "Maquettes", due_date=timezone.localdate())

    text = text_of(page_of(client_of(rival_owner)))

    for words in ("Boutique", "Photos", "Maquettes", "FAC-2026-0001", "Acme"):
        assert words not in text


def test_a_prospect_without_anything_opens_their_space(make_client, make_member, client_of):
    prospect = make_client("Hôtel Les Cocotiers", stage="prospect")

    assert "Hôtel Les Cocotiers" in text_of(page_of(client_of(make_member(prospect, "owner"))))


def test_an_account_without_a_client_has_no_space(make_user, client_of):
    assert client_of(make_user()).get(HOME).status_code == 404


def test_a_page_that_is_not_found_hides_no_contact_from_the_others(
    acme, acme_owner, client_of, team
):
    type(acme).objects.filter(pk=acme.pk).update(lead=acme_owner)
    browser = client_of(acme_owner)

    browser.get("/nulle-part/")

    assert str(page_of(browser).context["portal_contact"]) == str(acme_owner)


# --- The current project --------------------------------------------------------------------


def test_two_running_projects_and_an_archived_one_make_two_cards(
    acme, acme_owner, client_of, make_project
):
    for title, status in (("Boutique", "active"), ("Site", "active"), ("Vieux", "archived")):
        make_project(acme, title, status=status, progress=40)

    response = page_of(client_of(acme_owner))

    assert response.content.decode().count('<article class="card pad relative">') == 2
    assert "Vieux" not in text_of(response)


def test_the_progress_of_all_projects_is_their_mean(acme, acme_owner, client_of, make_project):
    make_project(acme, "Boutique", progress=60)
    make_project(acme, "Site", progress=25)

    assert "Tous vos projets ensemble : 42 %" in text_of(page_of(client_of(acme_owner)))


def test_with_one_project_the_page_is_about_it(acme_owner, client_of, project, make_task):
    make_task(project, assignee=acme_owner)

    response = page_of(client_of(acme_owner))

    assert response.context["focus"].card.project == project
    assert "1 tâche pour vous" in text_of(response)
    assert "Changer" not in text_of(response)


def test_the_current_project_is_chosen_and_remembered(acme, acme_owner, client_of, make_project):
    make_project(acme, "Boutique")
    wanted = make_project(acme, "Site")

    answer = client_of(acme_owner).post("/client/projet-courant/", {"projet": wanted.pk})

    assert answer.url == HOME
    assert page_of(client_of(acme_owner)).context["focus"].card.project == wanted


def test_the_project_of_another_client_cannot_be_current(
    rival, acme_owner, client_of, make_project, project
):
    theirs = make_project(rival, "Entrepôt")
    browser = client_of(acme_owner)

    answers = [
        browser.post("/client/projet-courant/", {"projet": value}) for value in (theirs.pk, "x", "")
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert page_of(browser).context["focus"].card.project == project


# --- What waits, in full --------------------------------------------------------------------


def test_five_are_shown_and_the_rest_one_tap_away(acme_owner, client_of, project, make_task):
    for number in range(7):
        make_task(project, f"Tâche {number}", assignee=acme_owner)
    browser = client_of(acme_owner)

    home, whole = page_of(browser), browser.get("/client/a-faire/")

    assert len(home.context["to_dos"]) == 5
    assert "7 points" in text_of(home)
    assert 'href="/client/a-faire/"' in home.content.decode()
    assert all(f"Tâche {number}" in text_of(whole) for number in range(7))


def test_up_to_five_there_is_nothing_more_to_see(acme_owner, client_of, project, make_task):
    make_task(project, assignee=acme_owner)

    assert "/client/a-faire/" not in page_of(client_of(acme_owner)).content.decode()


def test_a_task_that_is_done_waits_no_more(acme_owner, client_of, project, make_task):
    task = make_task(project, "Photos", assignee=acme_owner)
    browser = client_of(acme_owner)
    assert "Photos" in text_of(browser.get("/client/a-faire/"))

    with rls.staff("test"):
        type(task).objects.filter(pk=task.pk).update(status="done")

    assert "Photos" not in text_of(browser.get("/client/a-faire/"))


# --- Around ---------------------------------------------------------------------------------


def test_a_new_client_is_shown_the_first_steps(acme, acme_owner, client_of, make_member):
    owner, guest = client_of(acme_owner), client_of(make_member(acme, "guest"))

    assert "Invitez vos collègues" in text_of(page_of(owner))
    assert "Bienvenue dans votre espace" in text_of(page_of(guest))
    assert "Invitez vos collègues" not in text_of(page_of(guest))


def test_who_has_work_is_not_welcomed_again(acme_owner, client_of, project):
    assert "Bienvenue dans votre espace" not in text_of(page_of(client_of(acme_owner)))


def test_the_latest_document_says_its_project_and_downloads(
    acme_owner, client_of, project, make_document
):
    document = make_document(project, "Charte")

    page = page_of(client_of(acme_owner)).content.decode()

    assert f'href="/client/documents/{document.pk}/v1/" download' in page
    assert "Télécharger Charte" in page


def test_the_menu_has_seven_entries_at_most_each_with_a_shortcut(acme_owner, client_of, invoice):
    response = page_of(client_of(acme_owner))

    entries = [entry for entry in response.context["client_nav"] if entry.key != "home"]
    shortcuts = text_of(response).partition('aria-label="Accès rapide"')[2]
    assert len(entries) + 1 <= 7
    assert all(f'href="{entry.url}"' in shortcuts for entry in entries)


def test_the_home_page_asks_little_of_the_database(
    acme, acme_owner, client_of, fill, invoice, count_queries
):
    fill(acme, acme_owner, 10)

    assert count_queries(client_of(acme_owner), HOME) <= 12

"""Words on milestones and on roadmaps: the client's, the team's, and who is told."""

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import rls
from core.notify.models import Notification, OutgoingMail
from portal.projects.models import CommentFile, MilestoneComment
from portal.projects.services import words

PDF = b"%PDF-1.7\nbonjour\n%%EOF"
XSS = "<script>alert(1)</script>"


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def milestone(project, make_milestone):
    return make_milestone(project, "Maquettes", summary="Les écrans.")


def page_of(milestone):
    return reverse("projects:milestone", args=[milestone.project_id, milestone.pk])


def road_of(project):
    return reverse("projects:roadmap", args=[project.pk])


def all_words():
    with rls.staff("test"):
        return list(MilestoneComment.objects.order_by("pk"))


def mails():
    with rls.staff("test"):
        return list(OutgoingMail.objects.order_by("pk"))


def notices_of(user):
    with rls.staff("test"):
        return list(Notification.objects.filter(user=user).order_by("pk"))


def test_a_client_writes_on_a_milestone_and_the_team_is_told(milestone, acme_owner, client_of):
    response = client_of(acme_owner).post(page_of(milestone), {"body": "Le bouton est trop bas."})

    word = all_words()[0]
    assert response.status_code == 302
    assert response["Location"] == f"{page_of(milestone)}#mot-{word.pk}"
    assert (word.body, word.milestone_id, word.author) == (
        "Le bouton est trop bas.",
        milestone.pk,
        acme_owner,
    )
    told = mails()[0]
    assert told.recipients == ["contact@nourx.test"]
    assert "Awa Koné a écrit sur « Maquettes »" in told.subject.replace("\u00a0", " ")
    assert "Le bouton est trop bas." in told.text
    assert f"/milestone/inspect/{milestone.pk}/" in told.text


def test_a_client_writes_on_the_roadmap_without_a_milestone(project, acme_owner, client_of):
    response = client_of(acme_owner).post(road_of(project), {"body": "Peut-on avancer ?"})

    word = all_words()[0]
    assert response["Location"] == f"{road_of(project)}#mot-{word.pk}"
    assert (word.project_id, word.milestone_id) == (project.pk, None)
    assert "la feuille de route de Boutique en ligne" in mails()[0].subject
    assert f"/project/inspect/{project.pk}/" in mails()[0].text


def test_the_page_shows_its_own_words_and_not_those_of_the_roadmap(
    milestone, acme_owner, owner_staff, client_of
):
    with rls.staff("test world"):
        for where, body in ((milestone, "Sur le jalon."), (None, "Sur tout le projet.")):
            MilestoneComment.objects.create(
                project=milestone.project, milestone=where, author=owner_staff, body=body
            )
    browser = client_of(acme_owner)

    page, road = text_of(browser.get(page_of(milestone))), browser.get(road_of(milestone.project))

    assert "Sur le jalon." in page
    assert "Sur tout le projet." not in page
    assert "Sur tout le projet." in text_of(road)
    assert "Sur le jalon." not in text_of(road)
    assert f'data-live="projects:{milestone.project_id}"' in page


def test_the_team_replies_and_the_client_gets_a_notice_and_a_mail(
    milestone, acme_owner, manager, client_of
):
    address = reverse("wagtailsnippets_projects_milestone:repondre", args=[milestone.pk])

    response = client_of(manager).post(address, {"body": "C’est corrigé."})

    assert response.status_code == 302
    assert [(word.body, word.author) for word in all_words()] == [("C’est corrigé.", manager)]
    notice = notices_of(acme_owner)[0]
    assert notice.text.replace("\u00a0", " ") == f"{manager} a écrit sur « Maquettes »"
    assert notice.url == f"{page_of(milestone)}#mot-{all_words()[0].pk}"
    assert [row.recipients for row in mails()] == [["awa@acme.test"]]
    assert "C’est corrigé." in text_of(client_of(acme_owner).get(page_of(milestone)))


def test_the_team_reads_the_thread_where_it_replies(milestone, acme_owner, manager, client_of):
    with rls.staff("test world"):
        MilestoneComment.objects.create(
            project=milestone.project, milestone=milestone, author=acme_owner, body=f"Vu {XSS}"
        )
    browser = client_of(manager)

    reply = reverse("wagtailsnippets_projects_milestone:repondre", args=[milestone.pk])
    inspect = reverse("wagtailsnippets_projects_milestone:inspect", args=[milestone.pk])

    for address in (reply, inspect):
        page = text_of(browser.get(address))
        assert "Vu &lt;script&gt;" in page
        assert XSS not in page


def test_the_team_lists_what_is_said_and_replies_there(milestone, acme_owner, manager, client_of):
    with rls.staff("test world"):
        word = MilestoneComment.objects.create(
            project=milestone.project, milestone=milestone, author=acme_owner, body="Vu."
        )
    browser = client_of(manager)

    listing = browser.get(reverse("wagtailsnippets_projects_milestonecomment:list"))
    address = reverse("wagtailsnippets_projects_milestonecomment:repondre", args=[word.pk])
    browser.post(address, {"body": "Merci."})

    inspect = reverse("wagtailsnippets_projects_milestonecomment:inspect", args=[word.pk])
    assert "Vu." in text_of(listing)
    assert f'href="{inspect}"' in text_of(listing)
    assert [(one.body, one.milestone_id) for one in all_words()] == [
        ("Vu.", milestone.pk),
        ("Merci.", milestone.pk),
    ]


def test_the_team_downloads_what_the_client_joined(
    milestone, acme_owner, manager, editor, client_of
):
    upload = SimpleUploadedFile("croquis.pdf", PDF)
    client_of(acme_owner).post(page_of(milestone), {"body": "Voici.", "files": upload})
    with rls.staff("test"):
        row = CommentFile.objects.get()
    address = reverse("projects_admin_file", args=["commentaires", row.pk])

    assert b"".join(client_of(manager).get(address).streaming_content) == PDF
    assert client_of(editor).get(address).status_code in (302, 403)
    assert client_of(acme_owner).get(address).status_code in (302, 403)


def test_the_team_replies_on_the_roadmap_of_a_project(project, acme_owner, manager, client_of):
    address = reverse("wagtailsnippets_projects_project:repondre", args=[project.pk])

    client_of(manager).post(address, {"body": "Nous avançons."})

    assert [(word.body, word.milestone_id) for word in all_words()] == [("Nous avançons.", None)]
    assert notices_of(acme_owner)[0].url.startswith(road_of(project))


def test_people_limited_to_another_project_are_not_told(
    milestone, acme, make_project, make_member, owner_staff
):
    here = make_member(acme, "project", projects=[milestone.project])
    elsewhere = make_member(acme, "project", projects=[make_project(acme, "Autre")])

    with rls.staff("test"):
        words.comment_as_team(
            project=milestone.project, milestone=milestone, body="Prêt.", actor=owner_staff
        )

    assert [len(notices_of(person)) for person in (here, elsewhere)] == [1, 0]


def test_fifty_thousand_letters_are_refused_with_the_limit_and_kept(
    milestone, acme_owner, client_of
):
    long = "mot " * 12_500

    response = client_of(acme_owner).post(page_of(milestone), {"body": long})

    assert response.status_code == 422
    assert "5000" in text_of(response)
    assert long.strip() in response.content.decode()
    assert all_words() == []
    assert mails() == []


def test_an_empty_word_is_refused(milestone, acme_owner, client_of):
    response = client_of(acme_owner).post(page_of(milestone), {"body": "   "})

    assert response.status_code == 422
    assert all_words() == []


def test_a_guest_reads_and_does_not_write(milestone, acme, make_member, client_of):
    browser = client_of(make_member(acme, "guest"))

    page = text_of(browser.get(page_of(milestone)))
    forged = [
        browser.post(at, {"body": "Coucou"}).status_code
        for at in (page_of(milestone), road_of(milestone.project))
    ]

    assert 'name="body"' not in page
    assert forged == [403, 403]
    assert all_words() == []
    assert mails() == []


def test_another_client_finds_neither_page(milestone, rival_owner, client_of):
    browser = client_of(rival_owner)

    for address in (page_of(milestone), road_of(milestone.project)):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"body": "Coucou"}).status_code == 404
    assert all_words() == []


def test_a_milestone_under_another_project_does_not_exist(
    milestone, acme, make_project, acme_owner, client_of
):
    other = make_project(acme, "Autre")
    address = reverse("projects:milestone", args=[other.pk, milestone.pk])

    assert client_of(acme_owner).get(address).status_code == 404


def test_a_limited_member_writes_on_the_project_opened_to_them_only(
    milestone, acme, make_project, make_milestone, make_member, client_of
):
    hidden = make_milestone(make_project(acme, "Autre"), "Caché")
    browser = client_of(make_member(acme, "project", projects=[milestone.project]))

    assert browser.post(page_of(milestone), {"body": "Vu."}).status_code == 302
    assert browser.post(page_of(hidden), {"body": "Vu."}).status_code == 404
    assert [word.milestone_id for word in all_words()] == [milestone.pk]


def test_words_are_shown_as_they_were_typed(milestone, acme_owner, client_of):
    browser = client_of(acme_owner)
    browser.post(page_of(milestone), {"body": XSS})

    page = browser.get(page_of(milestone)).content.decode()
    home = browser.get(reverse("projects:detail", args=[milestone.project_id])).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert XSS not in page + home


def test_the_same_form_sent_twice_writes_once(milestone, acme_owner, client_of):
    browser = client_of(acme_owner)
    sent = {"body": "Une fois.", "cle": "6c1c9b1e-8f0e-4f4d-9c1b-1f0f3a1d2c3b"}

    first, second = browser.post(page_of(milestone), sent), browser.post(page_of(milestone), sent)

    assert first["Location"] == second["Location"]
    assert [word.body for word in all_words()] == ["Une fois."]
    assert len(mails()) == 1


def test_nobody_writes_on_an_archived_project(
    acme, make_project, make_milestone, acme_owner, client_of
):
    milestone = make_milestone(make_project(acme, "Ancien", status="archived"), "Fini")

    response = client_of(acme_owner).post(page_of(milestone), {"body": "Encore ?"})

    assert response.status_code == 409
    assert "Encore ?" in text_of(response)
    assert all_words() == []


def test_a_file_joined_to_a_word_is_handed_over_to_its_readers(
    milestone, acme, acme_owner, rival_owner, make_member, client_of
):
    browser = client_of(acme_owner)
    upload = SimpleUploadedFile("croquis.pdf", PDF)

    browser.post(page_of(milestone), {"body": "Voici.", "files": upload})

    with rls.staff("test"):
        row = CommentFile.objects.select_related("file").get()
    address = reverse("projects:comment_file", args=[milestone.project_id, row.pk])
    assert (row.file.name, row.client_id) == ("croquis.pdf", acme.pk)
    assert address in text_of(browser.get(page_of(milestone)))
    assert b"".join(browser.get(address).streaming_content) == PDF
    assert client_of(rival_owner).get(address).status_code == 404
    assert client_of(make_member(acme, "billing")).get(address).status_code == 404


def test_a_file_that_may_harm_is_refused_and_the_words_are_kept(milestone, acme_owner, client_of):
    upload = SimpleUploadedFile("jeu.exe", b"MZ\x90\x00")

    response = client_of(acme_owner).post(page_of(milestone), {"body": "Voici.", "files": upload})

    assert response.status_code == 422
    assert "Voici." in text_of(response)
    assert all_words() == []


def test_the_latest_two_hundred_words_show_first(milestone, acme_owner, client_of):
    with rls.staff("test world"):
        for number in range(205):
            MilestoneComment.objects.create(
                project=milestone.project,
                milestone=milestone,
                author=acme_owner,
                body=f"n{number}.",
            )
    browser = client_of(acme_owner)

    page, whole = (
        text_of(browser.get(page_of(milestone))),
        text_of(browser.get(f"{page_of(milestone)}?tout")),
    )

    assert ("n0." in page, "n204." in page) == (False, True)
    assert "n0." in whole
    assert mail.outbox == []

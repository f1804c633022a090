"""What a client writes on tasks and joins to them, who is told, and what is refused."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import rls
from core.files.models import StoredFile
from core.notify.models import Notification, OutgoingMail
from portal.projects.models import TaskAttachment, TaskComment
from tests.portal.conftest import PDF
from tests.portal.tasks import BOARD, count, to

# --- Messages -------------------------------------------------------------------------------


def test_a_message_shows_its_author_and_is_sent_once(theirs, acme_owner, client_of):
    browser, key = client_of(acme_owner), uuid.uuid4()

    for _ in range(2):
        browser.post(to("comment_task", theirs.pk), {"body": "Vu <b>merci</b>", "cle": key})

    page = browser.get(to("task", theirs.pk)).content.decode()
    assert page.count("Vu &lt;b&gt;merci&lt;/b&gt;") == 1
    assert "Awa Koné" in page
    assert count(TaskComment) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [("", "Champ requis"), ("é" * 50_000, "5000 caractères")],
    ids=["empty", "endless"],
)
def test_a_message_that_cannot_be_kept_stays_in_its_form(body, said, mine, acme_owner, client_of):
    response = client_of(acme_owner).post(to("comment_task", mine.pk), {"body": body})

    assert response.status_code == 422
    assert said in response.content.decode()
    assert f"{body}</textarea>" in response.content.decode()
    assert count(TaskComment) == 0


def test_a_message_is_written_on_its_card(mine, acme_owner, client_of):
    browser, address = client_of(acme_owner), to("comment_task", mine.pk)
    htmx = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{BOARD}"}

    form = browser.get(address, headers={**htmx, "HX-Target": f"div#write-{mine.pk}"})
    refused = browser.post(address, {"body": ""}, headers={**htmx, "HX-Target": "div#tasks"})
    sent = browser.post(address, {"body": "Bien vu"}, headers={**htmx, "HX-Target": "div#tasks"})

    assert f'id="quick-{mine.pk}"' in form.content.decode()
    assert (refused.status_code, "Champ requis" in refused.content.decode()) == (
        422,
        True,
    )
    assert sent.context["columns"][0].cards[0].task.comment_count == 1
    assert f'<div id="write-{mine.pk}" hx-swap-oob="innerHTML"></div>' in sent.content.decode()


def test_a_guest_reads_and_does_not_write(mine, acme, client_of, make_member):
    guest = client_of(make_member(acme, "guest"))

    page = guest.get(to("task", mine.pk)).content.decode()
    answers = [
        guest.post(to("comment_task", mine.pk), {"body": "Bonjour"}),
        guest.post(to("join_task_files", mine.pk), {"files": SimpleUploadedFile("a.pdf", PDF)}),
    ]

    assert 'name="body"' not in page
    assert [answer.status_code for answer in answers] == [403, 403]
    assert (count(TaskComment), count(TaskAttachment)) == (0, 0)


def test_a_forged_message_names_nobody_else(mine, acme_owner, rival_owner, client_of):
    response = client_of(acme_owner).post(
        to("comment_task", mine.pk), {"body": "Bonjour", "author": rival_owner.pk}
    )

    assert response.status_code == 403
    assert count(TaskComment) == 0


# --- Files ----------------------------------------------------------------------------------


def test_a_pdf_joined_to_a_task_is_read_by_both_sides_only(
    mine, acme_owner, rival_owner, owner_staff, client_of
):
    browser = client_of(acme_owner)

    browser.post(to("join_task_files", mine.pk), {"files": SimpleUploadedFile("plan.pdf", PDF)})

    with rls.staff("test"):
        row = TaskAttachment.objects.get()
    address = to("task_file", mine.pk, row.pk)
    assert "plan.pdf" in browser.get(to("task", mine.pk)).content.decode()
    assert b"".join(browser.get(address).streaming_content) == PDF
    team = client_of(owner_staff).get(reverse("task_admin_file", args=[mine.pk, row.pk]))
    assert b"".join(team.streaming_content) == PDF
    assert client_of(rival_owner).get(address).status_code == 404


def test_a_message_comes_with_its_file(theirs, acme_owner, client_of):
    browser = client_of(acme_owner)
    words = {"body": "Voici.", "files": SimpleUploadedFile("photo.pdf", PDF)}

    browser.post(to("comment_task", theirs.pk), words)

    with rls.staff("test"):
        (row,) = TaskAttachment.objects.select_related("comment", "file")
        assert (row.comment.body, row.file.name) == ("Voici.", "photo.pdf")


@pytest.mark.parametrize("name", ["join_task_files", "comment_task"])
def test_a_program_is_refused_with_a_clear_word(name, mine, acme_owner, client_of):
    words = {"body": "Essayez ceci", "files": SimpleUploadedFile("jeu.exe", b"MZ\x90\x00")}
    if name == "join_task_files":
        del words["body"]

    response = client_of(acme_owner).post(to(name, mine.pk), words)

    assert response.status_code == 422
    assert "Ce type de fichier n’est pas accepté" in response.content.decode()
    assert (count(TaskAttachment), count(StoredFile), count(TaskComment)) == (0, 0, 0)


# --- Who is told ----------------------------------------------------------------------------


def mails():
    with rls.staff("test"):
        return sorted(OutgoingMail.objects.values_list("template", "recipients"))


def test_the_team_s_doer_is_told_of_a_message_by_mail(theirs, acme_owner, owner_staff, client_of):
    client_of(acme_owner).post(to("comment_task", theirs.pk), {"body": "Où en est-on ?"})

    assert mails() == [("notify/team", ["direction@nourx.test"])]
    assert count(Notification) == 0


def test_followers_of_the_client_are_told_of_each_other(mine, acme, client_of, make_member):
    colleague = make_member(acme, "project", first_name="Ali")

    client_of(colleague).post(to("comment_task", mine.pk), {"body": "Je m’en occupe"})

    with rls.staff("test"):
        (notice,) = Notification.objects.all()
    assert (notice.user_id, notice.event) == (mine.assignee_id, "task_comment")
    assert notice.text == "Ali Koné a écrit sur la tâche « Envoyer les photos »."
    assert notice.url == to("task", mine.pk)

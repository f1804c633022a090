"""From an act of the team to the person: the notice, the mail, and what they chose of both."""

import re

import pytest
from django.utils import timezone

from core import rls
from core.notify.models import Notification
from portal.projects.services.projects import note_project

CENTRE, CHOICES = "/client/notifications/", "/client/profil/notifications/"


def fields_of(page):
    """Return what the page of choices would send as it stands."""
    ticked = re.findall(r'<input type="checkbox" name="([^"]+)"[^>]*? checked>', page)
    return {**dict.fromkeys(ticked, "on"), "frequency": "now"}


@pytest.fixture
def watching(acme_owner, client_of):
    return client_of(acme_owner)


def test_a_document_is_told_in_the_portal_and_by_mail(
    acme_owner, project, make_document, watching, do_owed_work
):
    make_document(project, "Charte")

    [mail] = do_owed_work()
    assert mail.to == [acme_owner.email]
    assert mail.subject == "Nouveau document : Charte"
    assert "Nouveau document : Charte" in watching.get(CENTRE).content.decode()


def test_a_document_whose_mail_was_unticked_is_told_in_the_portal_alone(
    project, make_document, watching, do_owed_work
):
    fields = fields_of(watching.get(CHOICES).content.decode())
    assert fields.pop("email-document_shared") == "on"
    watching.post(CHOICES, fields)

    make_document(project, "Charte")

    assert do_owed_work() == []
    assert "Nouveau document : Charte" in watching.get(CENTRE).content.decode()


def test_a_new_status_of_a_project_is_unread_until_it_is_opened(
    project, owner_staff, acme_owner, watching
):
    with rls.staff("test"):
        project.status = project.Status.DELIVERED
        project.save()
        note_project(project=project, actor=owner_staff, is_new=False, at=timezone.now())
        notice = Notification.objects.get(user=acme_owner, event="project_status")
    home = watching.get("/client/").content.decode()
    assert home.count("data-unread") >= 1
    assert notice.text in home.replace("&#x27;", "'")

    watching.get(f"{CENTRE}{notice.pk}/")

    with rls.staff("test"):
        notice.refresh_from_db()
    assert notice.read_at is not None

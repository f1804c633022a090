"""The security page tells owners of failures, and closes sessions of the team."""

from allauth.usersessions.models import UserSession
from django.utils import timezone
from wagtail.models import ModelLogEntry

from core.accounts import services
from core.backoffice import security
from core.hooks import team_alerts

PAGE = "/admin/securite/"


def fail(times, email="awa@acme.test"):
    for _time in range(times):
        services.keep_sign_in(
            email=email,
            user=None,
            method="password",
            address="10.0.0.9",
            device="",
            at=timezone.now(),
            reason="wrong",
        )


def test_a_burst_is_of_one_account_or_of_one_address():
    rows = [(f"a{number}@b.test", "10.0.0.1", 2) for number in range(5)]
    rows += [("seule@b.test", "10.0.0.2", 5), ("", None, 50)]

    found = security.bursts_among(rows)

    assert [(one.email, one.address, one.count) for one in found] == [
        ("", "10.0.0.1", 10),
        ("seule@b.test", "", 5),
    ]


def test_owners_are_alerted_of_a_burst(rf, owner_staff, manager):
    fail(5)
    request = rf.get("/admin/")

    request.user = owner_staff
    kinds = {one.kind: one for one in team_alerts(request)}
    request.user = manager
    others = {one.kind for one in team_alerts(request)}

    assert kinds["sign-in-burst"].total == 1
    assert kinds["sign-in-burst"].rows(5)[0].title == "awa@acme.test"
    assert "sign-in-burst" not in others


def test_an_account_held_back_by_limits_is_told(client, as_owner, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "1/5m/key"}
    client.post("/connexion/", {"login": "awa@acme.test", "password": "faux"})

    page = as_owner.get(PAGE).content.decode()

    held = page.partition("Comptes retenus en ce moment")[2].partition("Échecs par jour")[0]
    assert "awa@acme.test" in held
    assert "Aucun compte" not in held


def test_the_page_reads_a_fixed_number_of_queries(
    as_owner, make_staff, django_assert_max_num_queries
):
    fail(6)
    for number in range(3):
        make_staff("editor", email=f"e{number}@nourx.test")
    as_owner.get(PAGE)

    with django_assert_max_num_queries(45):
        page = as_owner.get(PAGE).content.decode()

    assert "awa@acme.test" in page


def test_a_session_of_the_team_is_closed_by_an_owner(
    as_owner, as_manager, manager, django_capture_on_commit_callbacks
):
    as_manager.get("/admin/")
    session = session_of(manager, as_manager)

    as_manager.post(f"{PAGE}sessions/{session.pk}/fermer/")
    assert UserSession.objects.filter(pk=session.pk).exists()

    with django_capture_on_commit_callbacks(execute=True):
        as_owner.post(f"{PAGE}sessions/{session.pk}/fermer/")

    assert not UserSession.objects.filter(pk=session.pk).exists()
    assert ModelLogEntry.objects.get(action="session_closed").label == str(manager)


def session_of(person, browser):
    """Return the session of a browser as allauth keeps it."""
    return UserSession.objects.get_or_create(
        session_key=browser.session.session_key,
        defaults={"user": person, "ip": "127.0.0.1", "user_agent": "test"},
    )[0]


def test_a_manager_reads_no_security(as_manager):
    assert as_manager.get(PAGE).status_code in (302, 403)

"""Rules of the team: what they tell, to whom, once; what they ask first, hold back, or stop."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import rls
from core.hooks.rules import Fact, rule_events
from core.notify.events import declare_event
from core.notify.models import (
    NotificationRule,
    OutgoingMail,
    OutgoingText,
    RuleCondition,
    RuleSend,
    UndeliverableAddress,
)
from core.notify.rules import services
from core.notify.rules.engine import run_rules

ON = date(2026, 11, 20)
LATE_BY_SEVEN = ON - timedelta(days=7)
EMAIL_AND_SMS = ["email", "sms"]


def at(day=ON, hour=9):
    return timezone.make_aware(datetime.combine(day, time(hour)))


@pytest.fixture(autouse=True)
def told_by_rules(some_events):
    declare_event("rule_told", label="Rappels", group="Rappels")


@pytest.fixture
def sms_on(settings):
    settings.SMS_CLIENT_ID, settings.SMS_CLIENT_SECRET = "id", "secret"
    settings.SMS_SENDER = "+2250000"


@pytest.fixture
def make_rule(db):
    def make(**fields):
        values = {
            "name": "Retard de sept jours",
            "event": "invoice_unpaid",
            "days": 7,
            "audience": ["client:billing"],
            "channels": EMAIL_AND_SMS,
            "is_on": True,
            "on_since": ON - timedelta(days=60),
            **fields,
        }
        return NotificationRule.objects.create(**values)

    return make


@pytest.fixture
def accountant_of_acme(acme, make_member):
    return make_member(acme, "billing", email="compta@acme.test", phone="0700000001")


@pytest.fixture
def due_on(acme, make_invoice):
    """Return a function that makes an issued invoice due on a day."""

    def make(number, day):
        invoice = make_invoice(acme, due_date=day)
        with rls.staff("test"):
            type(invoice).objects.filter(pk=invoice.pk).update(
                number=number, status="issued", issue_date=day, issued_at=at(day)
            )
        invoice.refresh_from_db()
        return invoice

    return make


@pytest.fixture
def late(due_on, team):
    return due_on("FAC-2026-0007", LATE_BY_SEVEN)


def sends():
    with rls.staff("test"):
        rows = RuleSend.objects.order_by("pk")
        return [(row.channel, row.name, row.state) for row in rows]


# --- What a rule does -------------------------------------------------------------------------


def test_an_invoice_late_by_seven_days_makes_one_mail_and_one_sms_and_nothing_else(
    make_rule, accountant_of_acme, acme_owner, late, sms_on
):
    make_rule()

    noted, left = run_rules(at=at())

    assert (noted, left) == (2, 2)
    with rls.staff("test"):
        mail, text = OutgoingMail.objects.get(), OutgoingText.objects.get()
        assert mail.recipients == ["compta@acme.test"]
        assert "FAC-2026-0007" in mail.subject
        assert (text.phone, text.channel) == ("+2250700000001", "sms")
        assert "FAC-2026-0007" in text.text


def test_run_again_in_an_hour_or_the_day_after_it_tells_nobody_twice(
    make_rule, accountant_of_acme, late, sms_on
):
    make_rule()
    run_rules(at=at())

    again = [run_rules(at=at(hour=10)), run_rules(at=at(ON + timedelta(days=1)))]

    assert again == [(0, 0), (0, 0)]
    assert len(sends()) == 2


def test_a_job_stopped_for_some_days_tells_what_it_missed_and_nothing_older(
    make_rule, accountant_of_acme, due_on, team
):
    make_rule(channels=["email"])
    for days, number in ((10, "FAC-2026-0001"), (20, "FAC-2026-0002")):
        due_on(number, ON - timedelta(days=days))

    noted, _left = run_rules(at=at())

    assert noted == 1
    with rls.staff("test"):
        assert "FAC-2026-0001" in OutgoingMail.objects.get().subject


def test_what_was_due_before_it_was_switched_on_is_never_told(make_rule, accountant_of_acme, late):
    make_rule(on_since=ON + timedelta(days=1))

    assert run_rules(at=at(ON + timedelta(days=1))) == (0, 0)


def test_a_paid_invoice_is_told_to_nobody(make_rule, accountant_of_acme, late):
    make_rule(channels=["email"])
    with rls.staff("test"):
        type(late).objects.filter(pk=late.pk).update(settled_at=at(), amount_paid=late.total)

    assert run_rules(at=at()) == (0, 0)


def test_what_ceased_to_be_true_before_it_left_does_not_leave(make_rule, accountant_of_acme, late):
    make_rule(channels=["email"], quiet_from=time(8), quiet_to=time(12))
    rule = make_rule(name="Autre", channels=["email"])
    with rls.staff("test"):
        RuleSend.objects.create(
            rule=rule, client=late.client, fact_key="invoice:999999", fact_on=ON, title="Partie",
            recipient=f"user:{accountant_of_acme.pk}", name="Awa", channel="email", due_on=ON,
            created_at=at(),
        )  # fmt: skip
        type(late).objects.filter(pk=late.pk).update(settled_at=at(), amount_paid=late.total)

    run_rules(at=at())

    assert [state for _channel, _name, state in sends()] == ["held"]
    with rls.staff("test"):
        assert not OutgoingMail.objects.exists()


def test_quiet_hours_hold_everything_until_they_end(make_rule, accountant_of_acme, late):
    make_rule(channels=["email"], quiet_from=time(19), quiet_to=time(8))

    held, morning = run_rules(at=at(hour=20)), run_rules(at=at(ON + timedelta(days=1), hour=8))

    assert (held, morning) == ((0, 0), (1, 1))


def test_only_people_who_may_read_it_are_told(make_rule, acme, make_member, late):
    make_member(acme, "guest", email="invite@acme.test")
    make_rule(audience=["client:guest", "client:billing"], channels=["email"])

    assert run_rules(at=at()) == (0, 0)


def test_an_address_that_takes_no_mail_is_held_with_its_reason(make_rule, accountant_of_acme, late):
    make_rule(channels=["email"])
    with rls.staff("test"):
        UndeliverableAddress.objects.create(email="compta@acme.test", since=at(), last_at=at())

    run_rules(at=at())

    assert sends() == [("email", str(accountant_of_acme), "held")]
    with rls.staff("test"):
        assert not OutgoingMail.objects.exists()


def test_of_two_rules_on_one_fact_the_higher_speaks_alone(make_rule, accountant_of_acme, late):
    make_rule(channels=["email"], name="Basse", priority=10)
    high = make_rule(channels=["email"], name="Haute", priority=90)

    run_rules(at=at())

    with rls.staff("test"):
        assert RuleSend.objects.get().rule == high


def test_conditions_keep_what_they_say(make_rule, accountant_of_acme, late):
    rule = make_rule(channels=["email"])
    RuleCondition.objects.create(rule=rule, fact="montant", operator="at_least", value="500 000")

    assert run_rules(at=at()) == (0, 0)


# --- Asked first, capped, stopped -----------------------------------------------------------


def many(monkeypatch, client, count):
    """Have the event find facts of as many invoices, without their rows."""
    event = rule_events()["invoice_unpaid"]
    facts = [
        Fact(
            key=f"invoice:{number}",
            on=LATE_BY_SEVEN,
            title=f"FAC-{number}",
            values={"numero": f"FAC-{number}", "montant": 1},
            url="/admin/",
            client_id=client.pk,
        )
        for number in range(count)
    ]
    object.__setattr__(event, "find", lambda since, until: facts)
    monkeypatch.setattr("core.notify.rules.finding.rule_events", lambda: {event.name: event})


def test_a_rule_that_would_write_to_a_crowd_asks_first_and_can_be_stopped(
    make_rule, acme, make_user, owner_staff, monkeypatch
):
    rule = make_rule(audience=[], addresses="a@nourx.test", channels=["email"])
    many(monkeypatch, acme, 2_000)

    noted, left = run_rules(at=at())

    assert (noted, left) == (2_000, 0)
    with rls.staff("test"):
        assert set(RuleSend.objects.values_list("state", flat=True)) == {"asked"}
        assert owner_staff.team_notices.get().event == "rule_asked"
    assert services.stop_rule(rule=rule, actor=owner_staff) == 2_000
    assert run_rules(at=at(hour=10)) == (0, 0)


def test_what_was_let_through_leaves_under_the_cap_of_an_hour(
    make_rule, acme, owner_staff, monkeypatch, settings
):
    settings.RULES_MOST_AN_HOUR = 3
    rule = make_rule(audience=[], addresses="a@nourx.test", channels=["email"])
    many(monkeypatch, acme, 201)
    run_rules(at=at())
    services.let_send(rule=rule, count=201, actor=owner_staff)

    left = [run_rules(at=moment)[1] for moment in (at(), at(hour=9), at(hour=11))]

    assert left == [3, 0, 3]


def test_a_number_that_changed_meanwhile_is_read_again(make_rule, acme, owner_staff, monkeypatch):
    rule = make_rule(audience=[], addresses="a@nourx.test", channels=["email"])
    many(monkeypatch, acme, 201)
    run_rules(at=at())

    with pytest.raises(services.CannotRun):
        services.let_send(rule=rule, count=200, actor=owner_staff)

    assert {state for _channel, _name, state in sends()} == {"asked"}


def test_a_crowd_is_agreed_to_by_its_number_before_the_rule_is_on(
    make_rule, acme, owner_staff, monkeypatch
):
    rule = make_rule(audience=[], addresses="a@nourx.test", channels=["email"], is_on=False)
    many(monkeypatch, acme, 300)

    with pytest.raises(services.CannotRun, match="300"), rls.staff("test"):
        services.switch_on(rule=rule, actor=owner_staff, on=ON, agreed=None)
    with rls.staff("test"):
        services.switch_on(rule=rule, actor=owner_staff, on=ON, agreed=300)

    rule.refresh_from_db()
    assert (rule.is_on, rule.on_since) == (True, ON)


# --- Tried on the past ------------------------------------------------------------------------


def test_trying_a_rule_tells_who_would_have_been_told_and_sends_nothing(
    make_rule, accountant_of_acme, due_on, late
):
    paid = due_on("FAC-2026-0006", ON - timedelta(days=17))
    rule = make_rule(is_on=False)
    with rls.staff("test"):
        type(paid).objects.filter(pk=paid.pk).update(
            settled_at=at(ON - timedelta(days=5)), amount_paid=paid.total
        )

        tried = services.try_rule(rule=rule, on=ON)

    assert (tried.facts, tried.people, tried.sends) == (2, 1, 4)
    assert sends() == []
    with rls.staff("test"):
        assert not OutgoingMail.objects.exists()


# --- The screen -------------------------------------------------------------------------------

RULES = "wagtailsnippets_notify_notificationrule"


def rule_form(**fields):
    return {
        "name": "Retard",
        "event": "invoice_unpaid",
        "days": "7",
        "direction": "after",
        "audience": ["client:billing"],
        "channels": ["email"],
        "addresses": "",
        "priority": "50",
        "conditions-TOTAL_FORMS": "1",
        "conditions-INITIAL_FORMS": "0",
        "conditions-MIN_NUM_FORMS": "0",
        "conditions-MAX_NUM_FORMS": "1000",
        "conditions-0-fact": "montant",
        "conditions-0-operator": "at_least",
        "conditions-0-value": "100000",
        **fields,
    }


def test_an_owner_writes_a_rule_and_is_led_to_its_trial(owner_staff, client_of, late):
    browser = client_of(owner_staff)

    saved = browser.post(reverse(f"{RULES}:add"), rule_form())

    rule = NotificationRule.objects.get()
    assert (rule.is_on, rule.conditions.get().value) == (False, "100000")
    assert browser.get(saved.url).status_code == 200


def test_a_condition_without_sense_keeps_the_rule_from_being_saved(owner_staff, client_of):
    page = client_of(owner_staff).post(
        reverse(f"{RULES}:add"), rule_form(**{"conditions-0-value": "beaucoup"})
    )

    assert "n’est pas un nombre entier" in page.content.decode()
    assert not NotificationRule.objects.exists()


def test_a_manager_and_an_editor_write_no_rule(manager, editor, acme_owner, client_of):
    for person in (manager, editor, acme_owner):
        client_of(person).post(reverse(f"{RULES}:add"), rule_form())

    assert not NotificationRule.objects.exists()


def test_the_pages_of_a_rule_show(owner_staff, client_of, make_rule, accountant_of_acme, late):
    rule = make_rule(channels=["email"])
    run_rules(at=at())
    browser = client_of(owner_staff)

    pages = [
        browser.get(reverse(f"{RULES}:{name}", args=args)).status_code
        for name, args in (("list", []), ("inspect", [rule.pk]), ("edit", [rule.pk]))
    ]
    journal = browser.get(reverse("wagtailsnippets_notify_rulesend:list"))

    assert pages == [200, 200, 200]
    assert "FAC-2026-0007" in journal.content.decode()

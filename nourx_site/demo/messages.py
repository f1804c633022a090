"""Rules of notification, templates of ours, and mail that came in."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.accounts.models import User
from core.accounts.secrets import encrypt_text
from core.notify.message_versions import note_version
from core.notify.models import MessageTemplate, NotificationRule, RuleCondition
from portal.inbox.models import IncomingMail, Mailbox

LATE = "Facture en retard"
LETTER = "Point du mois"
CAME = (
    (
        IncomingMail.State.UNKNOWN,
        "f.bamba@exemple.test",
        "Devis pour un site",
        "Aucun client ni contact n’a cette adresse.",
        5,
    ),
    (
        IncomingMail.State.REFUSED,
        "absence@exemple.test",
        "Réponse automatique",
        "Réponse automatique (Auto-Submitted).",
        20,
    ),
)


def make_messages(now: datetime) -> None:
    """Make two rules, three templates, a mailbox and what came to it. Safe to repeat."""
    owner = User.objects.filter(is_superuser=True).order_by("pk").first()
    sms, mail = _templates(owner, now)
    _rules(sms, mail, timezone.localdate(now))
    _mailbox(now)


def _templates(owner: User | None, now: datetime) -> tuple[MessageTemplate, MessageTemplate]:
    sms, _is_new = MessageTemplate.objects.get_or_create(
        kind="sms",
        name=LATE,
        language="fr",
        defaults={
            "about": "invoice_unpaid",
            "body": "{{ societe }} : la facture {{ numero }} ({{ montant }}) attend depuis "
            "{{ jours }} jours. {{ lien }}",
        },
    )
    mail, is_new = MessageTemplate.objects.get_or_create(
        kind="mail",
        name=LATE,
        language="fr",
        defaults={
            "about": "invoice_unpaid",
            "subject": "Facture {{ numero }} : {{ montant }} à régler",
            "body": "Bonjour {{ nom }},\n\nLa facture {{ numero }} était à régler le {{ echeance }}.",
        },
    )
    if is_new:
        note_version(message=mail, actor=owner, at=now - timedelta(days=3))
        mail.body += "\n\nSi le paiement est parti entre-temps, ne tenez pas compte de ce message."
        mail.save(update_fields=["body"])
        note_version(message=mail, actor=owner, at=now)
    MessageTemplate.objects.get_or_create(
        kind="mail",
        name=LETTER,
        language="fr",
        defaults={
            "about": "client",
            "subject": "{{ client }} : où nous en sommes",
            "body": "Bonjour {{ nom }},\n\nVoici où nous en sommes ce mois-ci.\n\n{{ societe }}",
        },
    )
    return sms, mail


def _rules(sms: MessageTemplate, mail: MessageTemplate, today: date) -> None:
    late, is_new = NotificationRule.objects.get_or_create(
        name="Facture en retard de sept jours",
        defaults={
            "event": "invoice_unpaid",
            "days": 7,
            "audience": ["client:billing", "client:owner"],
            "channels": ["email", "sms"],
            "mail_template": mail,
            "text_template": sms,
            "quiet_from": time(19),
            "quiet_to": time(8),
            "works_only": True,
        },
    )
    if is_new:
        RuleCondition.objects.create(rule=late, fact="montant", operator="at_least", value="100000")
    NotificationRule.objects.get_or_create(
        name="Jalon dans trois jours : prévenir l’équipe",
        defaults={
            "event": "milestone_close",
            "days": 3,
            "direction": "before",
            "audience": ["team"],
            "channels": ["notice"],
            "is_on": True,
            "on_since": today,
        },
    )


def _mailbox(now: datetime) -> None:
    box, is_new = Mailbox.objects.get_or_create(
        address="support@nourx.test",
        defaults={
            "name": "Support",
            "kind": Mailbox.Kind.WEBHOOK,
            "trusted_server": "mx.nourx.test",
            "sealed": encrypt_text("secret-de-la-demonstration"),
            "is_on": False,
        },
    )
    if is_new:
        for state, sender, subject, reason, hours in CAME:
            IncomingMail.objects.create(
                mailbox=box,
                message_id=f"demo-{hours}@exemple.test",
                sender=sender,
                recipients=box.address,
                subject=subject,
                text="Bonjour, pourriez-vous nous proposer un devis ?",
                state=state,
                reason=reason,
                received_at=now - timedelta(hours=hours),
                treated_at=now - timedelta(hours=hours),
            )

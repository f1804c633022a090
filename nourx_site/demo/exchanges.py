"""What was said with the clients of the demo: e-mails, calls, a meeting."""

from datetime import datetime, timedelta

from nourx_site.demo.people import World
from portal.crm.models import Interaction
from portal.crm.services import Email, keep_email, keep_exchange

Kind = Interaction.Kind
EMAILS = [
    ("akwaba", 6, "Aminata Koné <aminata@akwaba.test>", "Photos des quarante produits",
     "Bonjour Mariam,\n\nLes photos partent demain de l’entrepôt. Peut-on garder le rouge de "
     "l’enseigne sur la page d’accueil ?\n\nAminata", False, "demo-1@akwaba.test"),
    ("akwaba", 5, "Mariam Traoré <direction@nourx.test>", "Re : Photos des quarante produits",
     "Bonjour Aminata,\n\nOui pour le rouge. Nous mettons les photos en ligne dès réception.\n\n"
     "Mariam", True, "demo-2@nourx.test"),
    ("lagune", 9, "Yao N’Guessan <yao@lagune.test>", "Accès des déclarants",
     "Trois nouveaux déclarants arrivent lundi : pouvez-vous leur ouvrir l’extranet ?", False,
     "demo-3@lagune.test"),
]  # fmt: skip
TALKS = [
    ("akwaba", 2, Kind.CALL, "Aminata valide les maquettes ; elle attend la date des tests."),
    ("akwaba", 12, Kind.MEETING, "Atelier à l’entrepôt : parcours du livreur relevé pas à pas."),
    ("lagune", 4, Kind.MESSAGE, "WhatsApp : le virement de l’acompte est parti ce matin."),
]


def make_exchanges(world: World, now: datetime) -> None:
    """Put a few e-mails, calls and a meeting in the history of two clients."""
    actor = world.team["owner"]
    for client, days, sender, subject, body, is_ours, message_id in EMAILS:
        email = Email(
            sender=sender,
            subject=subject,
            body=body,
            sent_at=now - timedelta(days=days),
            is_ours=is_ours,
            message_id=message_id,
        )
        keep_email(client=world.clients[client], email=email, at=now, actor=actor)
    for client, days, kind, body in TALKS:
        keep_exchange(
            client=world.clients[client],
            kind=kind,
            body=body,
            happened_at=now - timedelta(days=days),
            at=now,
            actor=actor,
        )

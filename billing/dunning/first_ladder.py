"""The ladder everybody begins with: polite, then firm, never beyond what the law allows.

Without words of its own, a step sends the built-in mail of its key, in the reader's language.
"""

from typing import Any

NAME = "Relances"
FIRST_STEPS: tuple[dict[str, Any], ...] = (
    {
        "key": "before",
        "days": -3,
        "label": "Rappel avant l’échéance",
        "by_email": True,
        "short_text": (
            "{{ societe }} : facture {{ facture }}, {{ montant }} à régler avant le "
            "{{ echeance }}. Payer : {{ lien }}"
        ),
    },
    {
        "key": "late",
        "days": 1,
        "label": "Première relance",
        "by_email": True,
        "by_sms": True,
        "by_whatsapp": True,
        "short_text": (
            "{{ societe }} : facture {{ facture }}, {{ montant }} échue le {{ echeance }}. "
            "Payer : {{ lien }}"
        ),
    },
    {
        "key": "second",
        "days": 7,
        "label": "Deuxième relance",
        "by_email": True,
        "by_sms": True,
        "by_whatsapp": True,
        "with_letter": True,
        "subject": "Deuxième relance : facture {{ facture }}, {{ montant }} à régler",
        "body": (
            "Bonjour,\n\n"
            "Sauf erreur de notre part, la facture {{ facture }} (« {{ objet }} »), échue le "
            "{{ echeance }}, reste à régler à hauteur de {{ montant }}. Nous vous avons déjà écrit "
            "à ce sujet.\n\n"
            "Merci de procéder à son règlement dès que possible, ou de nous dire quelle date vous "
            "convient : vous pouvez l’indiquer sur la page de la facture, où vous pouvez aussi "
            "nous signaler un désaccord.\n\n"
            "Si votre règlement est déjà parti, ne tenez pas compte de ce message.\n\n"
            "Cordialement,\n{{ societe }}"
        ),
        "short_text": (
            "{{ societe }} : 2e relance, facture {{ facture }}, {{ montant }} échue le "
            "{{ echeance }}. Payer : {{ lien }}"
        ),
    },
    {
        "key": "formal",
        "days": 30,
        "label": "Mise en demeure",
        "gap_days": 7,
        "by_email": True,
        "with_letter": True,
        "with_statement": True,
        "copies_lead": True,
        "subject": "Mise en demeure : facture {{ facture }}, {{ montant }}",
        "body": (
            "Madame, Monsieur,\n\n"
            "Malgré nos relances, la facture {{ facture }} (« {{ objet }} »), échue le "
            "{{ echeance }}, demeure impayée à hauteur de {{ montant }}, soit {{ retard }} de "
            "retard.\n\n"
            "Nous vous mettons en demeure de régler cette somme sous huit jours à compter de ce "
            "message. Le relevé de vos factures impayées l’accompagne.\n\n"
            "Si une difficulté explique ce retard, écrivez-nous : nous préférons toujours convenir "
            "avec vous d’une date ou d’un échéancier. À défaut de règlement ou de réponse, nous "
            "nous réservons d’user des voies que la loi nous ouvre.\n\n"
            "Si votre règlement est déjà parti, ne tenez pas compte de ce message.\n\n"
            "Veuillez agréer, Madame, Monsieur, nos salutations distinguées.\n{{ societe }}"
        ),
        "short_text": "",
    },
)

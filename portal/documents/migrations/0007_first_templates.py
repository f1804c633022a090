# ruff: noqa: E501  sentences of papers are easier to read whole
"""Give the team templates and lists to start from, in French. Names already taken stay as they are.

Reversible as long as no paper was written from them.
"""

import hashlib

from django.db import migrations
from django.utils import timezone

PARTIES = (
    "<p>Entre les soussignés :</p>"
    "<p><b>{{ societe.nom }}</b>, immatriculée au RCCM sous le numéro "
    "{{ societe.rccm }}, compte contribuable {{ societe.ncc }}, dont le siège est à "
    "{{ societe.adresse }}, ci-après « le Prestataire »,</p>"
    "<p>et <b>{{ client.nom }}</b>, immatriculée au RCCM sous le numéro {{ client.rccm }}, dont le "
    "siège est à {{ client.adresse }}, représentée par {{ contact.nom }}, {{ contact.fonction }}, "
    "ci-après « le Client »,</p>"
)
SIGNED = (
    "<p>Fait à {{ societe.ville }}, le {{ date.jour }}, en deux exemplaires.</p>"
    "<p><b>Pour le Prestataire</b> : {{ auteur.nom }}</p>"
    "<p><b>Pour le Client</b> : {{ contact.nom }}, précédé de « lu et approuvé »</p>"
)
TEMPLATES = [
    (
        "Contrat de prestation",
        "contract",
        "Contrat de prestation – {{ projet.titre }}",
        "Contrats",
        PARTIES + "<p>il a été convenu ce qui suit.</p>"
        "<h2>1. Objet</h2><p>Le Client confie au Prestataire la réalisation de « {{ projet.titre }} ». "
        "{{ projet.description }}</p>"
        "<h2>2. Calendrier</h2><p>Les travaux commencent le {{ projet.debut }}. La livraison est prévue "
        "le {{ projet.livraison }}, sous réserve que le Client remette à temps les contenus et "
        "validations qui lui sont demandés.</p>"
        "<h2>3. Prix et paiement</h2><p>Le prix est fixé à {{ projet.budget }}. Il est facturé selon "
        "l’échéancier du devis accepté. Tout retard de paiement suspend les travaux après un rappel "
        "resté sans effet pendant huit jours.</p>"
        "<h2>4. Recette</h2><p>Le Client dispose de dix jours ouvrés après la livraison pour faire "
        "connaître ses réserves. Passé ce délai, la prestation est réputée acceptée.</p>"
        "<h2>5. Propriété</h2><p>Les droits sur les livrables sont cédés au Client au paiement complet "
        "du prix. Le Prestataire garde ses méthodes et ses outils.</p>"
        "<h2>6. Confidentialité</h2><p>Chaque partie tient secret ce qu’elle apprend de l’autre, "
        "pendant le contrat et trois ans après sa fin.</p>"
        "<h2>7. Droit applicable</h2><p>Le contrat est soumis au droit ivoirien et aux Actes uniformes "
        "de l’OHADA. À défaut d’accord amiable, le tribunal de commerce d’Abidjan est compétent.</p>"
        + SIGNED,
    ),
    (
        "Procès-verbal de recette",
        "handover",
        "PV de recette – {{ projet.titre }}",
        "Recette",
        "<p>Client : <b>{{ client.nom }}</b></p><p>Projet : <b>{{ projet.titre }}</b></p>"
        "<p>Date de la recette : {{ date.jour }}</p>"
        "<h2>Constat</h2><p>{{ contact.nom }}, {{ contact.fonction }}, agissant pour {{ client.nom }}, "
        "a vérifié les livrables remis par {{ societe.nom }} et prononce la recette :</p>"
        "<ul><li>☐ sans réserve</li><li>☐ avec les réserves ci-dessous</li><li>☐ refusée, pour les "
        "motifs ci-dessous</li></ul>"
        "<h2>Réserves ou motifs</h2><p>…</p><p>…</p>"
        "<h2>Suites</h2><p>Les réserves sont levées sous quinze jours. La garantie court à compter de "
        "la date de ce procès-verbal.</p>" + SIGNED,
    ),
    (
        "Accord de confidentialité",
        "secrecy",
        "Accord de confidentialité – {{ client.nom }}",
        "Contrats",
        PARTIES + "<p>qui souhaitent échanger des informations au sujet de « {{ projet.titre }} », "
        "il a été convenu ce qui suit.</p>"
        "<h2>1. Ce qui est confidentiel</h2><p>Toute information écrite, orale ou numérique remise par "
        "une partie à l’autre à l’occasion de ce projet, sauf ce qui est déjà public ou déjà connu de "
        "qui la reçoit.</p>"
        "<h2>2. Engagements</h2><ul><li>N’en user que pour le projet.</li><li>Ne la communiquer "
        "qu’aux personnes qui en ont besoin, tenues au même secret.</li><li>La rendre ou la détruire "
        "à la première demande.</li></ul>"
        "<h2>3. Données personnelles</h2><p>Elles sont traitées selon la loi n° 2013-450 du 19 juin "
        "2013, pour le seul besoin du projet.</p>"
        "<h2>4. Durée</h2><p>Trois ans à compter de la signature.</p>"
        "<h2>5. Droit applicable</h2><p>Droit ivoirien ; tribunal de commerce d’Abidjan.</p>"
        + SIGNED,
    ),
    (
        "Compte rendu de réunion",
        "minutes",
        "Compte rendu du {{ date.jour }} – {{ projet.titre }}",
        "Comptes rendus",
        "<p>Projet : <b>{{ projet.titre }}</b>, {{ client.nom }}</p>"
        "<p>Date : {{ date.jour }} · Rédigé par {{ auteur.nom }}</p>"
        "<h2>Présents</h2><p>{{ contact.nom }} ({{ client.nom }}), {{ auteur.nom }} "
        "({{ societe.nom }})</p>"
        "<h2>Ce qui a été vu</h2><ul><li>…</li></ul>"
        "<h2>Décisions</h2><ul><li>…</li></ul>"
        "<h2>À faire</h2><ul><li>Qui, quoi, pour quand</li></ul>"
        "<h2>Prochain point</h2><p>…</p>",
    ),
    (
        "Ordre de mission",
        "order",
        "Ordre de mission – {{ projet.titre }}",
        "Missions",
        "<p>{{ societe.nom }} charge {{ auteur.nom }} de la mission suivante.</p>"
        "<h2>Mission</h2><p>Intervention pour {{ client.nom }}, projet « {{ projet.titre }} ».</p>"
        "<h2>Lieu</h2><p>{{ client.adresse }}</p>"
        "<h2>Contact sur place</h2><p>{{ contact.nom }}, {{ contact.telephone }}</p>"
        "<h2>Dates</h2><p>Du … au …</p>"
        "<h2>Frais</h2><p>Transport et séjour sur justificatifs.</p>"
        "<p>Fait à {{ societe.ville }}, le {{ date.jour }}.</p>"
        "<p><b>Pour {{ societe.nom }}</b></p>",
    ),
]
LISTS = [
    (
        "Ouverture de compte client",
        10,
        "Extrait RCCM : de moins de trois mois, en PDF.\n"
        "Déclaration fiscale d’existence : le document qui porte le NCC.\n"
        "Pièce d’identité du représentant légal : recto et verso.\n"
        "Relevé d’identité bancaire",
    ),
    (
        "Démarrage d’un site web",
        14,
        "Logo : en SVG ou PDF, sinon un PNG de 2 000 pixels.\n"
        "Charte graphique : couleurs et polices, si elle existe.\n"
        "Textes des pages\n"
        "Photos : libres de droits ou vous appartenant.\n"
        "Accès au nom de domaine et à l’hébergement : dans un fichier, jamais par e-mail.",
    ),
]


def give(apps, schema_editor) -> None:
    templates = apps.get_model("documents", "PaperTemplate")
    versions = apps.get_model("documents", "PaperTemplateVersion")
    lists = apps.get_model("documents", "RequestChecklist")
    for name, kind, title, folder, body in TEMPLATES:
        row, is_new = templates.objects.get_or_create(
            name=name,
            defaults={
                "kind": kind,
                "format": "text",
                "title": title,
                "folder": folder,
                "body": body,
            },
        )
        if is_new:
            digest = hashlib.sha256(f"text\n{title}\n{body}".encode()).hexdigest()
            versions.objects.create(
                template=row,
                number=1,
                title=title,
                body=body,
                sha256=digest,
                created_at=timezone.now(),
            )
    for name, days, lines in LISTS:
        lists.objects.get_or_create(name=name, defaults={"days": days, "lines": lines})


def take_back(apps, schema_editor) -> None:
    templates = apps.get_model("documents", "PaperTemplate")
    versions = apps.get_model("documents", "PaperTemplateVersion")
    names = [name for name, *_rest in TEMPLATES]
    versions.objects.filter(template__name__in=names).delete()
    templates.objects.filter(name__in=names).delete()
    apps.get_model("documents", "RequestChecklist").objects.filter(
        name__in=[name for name, *_rest in LISTS]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("documents", "0006_row_security_of_library")]

    operations = [migrations.RunPython(give, take_back)]

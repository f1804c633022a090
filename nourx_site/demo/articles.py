"""Articles of the demo's knowledge base."""

from datetime import datetime, timedelta

from portal.knowledge.models import Article, ArticleVote, Category, MissedSearch

ICONS = {"Payer": "receipt", "Support": "support", "Projets": "folder", "Équipe": "users"}
OPINIONS = [  # how long ago in days, whether it helped, a word
    (150, False, "Il manque la marche à suivre avec Wave."),
    (120, True, ""),
    (95, False, ""),
    (80, True, "Clair, merci."),
    (62, True, ""),
    (40, True, ""),
    (35, False, "Je paie par virement : rien sur le délai."),
    (12, True, ""),
    (5, True, ""),
]
MISSED = [
    ("rembourser un acompte", 7, 2),
    ("changer de mot de passe", 4, 1),
    ("facture pro forma", 3, 9),
]

ARTICLES = [
    ("Payer", "payer-une-facture", "Payer une facture depuis votre téléphone", "public",
     "Orange Money, MTN MoMo, Moov Money, Wave ou carte : les étapes, du bouton au reçu.",
     "<h2>Les étapes</h2><ol><li>Ouvrez la facture et touchez « Payer ».</li><li>Choisissez votre moyen de paiement et saisissez votre numéro.</li><li>Validez la demande reçue sur votre téléphone.</li><li>Le reçu s’affiche et vous est envoyé par e-mail.</li></ol><h2>Si la validation tarde</h2><p>Gardez la page ouverte ou revenez-y plus tard : elle se met à jour toute seule. Ne payez pas une seconde fois.</p>"),
    ("Payer", "plafond-mobile-money", "Votre facture dépasse le plafond Mobile Money", "public",
     "Payez en plusieurs fois, ou par virement.",
     "<p>Les opérateurs limitent le montant d’un paiement. Au-delà, réglez la facture en plusieurs fois depuis la même page : le reste à payer se met à jour après chaque paiement.</p>"),
    ("Support", "ecrire-au-support", "Écrire au support et suivre votre demande", "public",
     "Une question, une anomalie, une idée : où l’écrire, et ce qui se passe ensuite.",
     "<h2>Écrire</h2><p>Dans votre espace, ouvrez « Support » puis « Nouvelle demande ». Dites ce que vous faisiez, ce que vous attendiez et ce que vous avez vu ; joignez une capture d’écran.</p><h2>Suivre</h2><p>Chaque demande porte un numéro et un délai de réponse. Vous êtes prévenu par e-mail de chaque réponse.</p><h2>Quand c’est résolu</h2><p>Touchez « Marquer comme résolu » et dites-nous comment cela s’est passé. Si le problème revient dans les trente jours, rouvrez la même demande.</p>"),
    ("Support", "frais-de-livraison-faux", "Les frais de livraison affichés semblent faux", "clients",
     "Vérifiez la zone de la ville avant d’ouvrir un incident.",
     "<h2>Vérifier la zone</h2><p>Chaque ville appartient à une zone de livraison. Dans le réglage de la boutique, ouvrez « Zones » et cherchez la ville.</p><h2>Toujours faux ?</h2><p>Ouvrez une demande de type « Incident » avec une capture du panier.</p>"),
    ("Projets", "suivre-votre-projet", "Suivre l’avancement de votre projet", "clients",
     "Jalons, livrables, dates : où regarder, et ce qui attend votre accord.",
     "<p>La page du projet montre ses jalons dans l’ordre. Un livrable « À valider » attend votre réponse : validez-le ou demandez une reprise avec un commentaire.</p>"),
    ("Équipe", "accueillir-un-client", "Accueillir un nouveau client", "internal",
     "La liste à suivre, de l’invitation au premier point.",
     "<ul><li>Créer la fiche et inviter le contact principal.</li><li>Ouvrir le projet et ses jalons.</li><li>Émettre la facture d’acompte.</li><li>Fixer le premier point projet.</li></ul>"),
]  # fmt: skip


def make_knowledge(now: datetime) -> None:
    """Write the first articles, with what readers say of one and look for in vain."""
    for order, (shelf, slug, title, audience, summary, body) in enumerate(ARTICLES):
        category, _ = Category.objects.get_or_create(
            name=shelf,
            defaults={
                "slug": shelf.lower().replace("é", "e"),
                "sort_order": order,
                "icon": ICONS[shelf],
            },
        )
        Article.objects.create(
            category=category,
            slug=slug,
            title=title,
            audience=audience,
            summary=summary,
            body=body,
            checked_at=now - timedelta(days=30 * order),
        )
    paying = Article.objects.get(slug="payer-une-facture")
    for rank, (days, is_helpful, comment) in enumerate(OPINIONS):
        ArticleVote.objects.create(
            article=paying,
            reader=f"lecteur:demo-{rank}",
            is_helpful=is_helpful,
            comment=comment,
            voted_at=now - timedelta(days=days),
        )
    for words, times, days in MISSED:
        MissedSearch.objects.create(words=words, times=times, last_at=now - timedelta(days=days))

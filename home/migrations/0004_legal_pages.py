"""Write the legal pages: privacy, legal notice, terms of the client area.

A privacy page that somebody has edited stays as it is. Going back removes the two new pages.
"""

from datetime import date

from django.db import migrations

IN_FORCE = date(2026, 11, 21)
FIRST_PRIVACY = "Elles ne sont ni vendues ni cédées.</p>"  # in the text of the second migration
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

PRIVACY = (
    "<p>Cette page dit quelles données l’espace client garde sur vous, pourquoi, combien de temps, "
    "et comment vous en restez maître. Elle suit la loi ivoirienne n° 2013-450 du 19 juin 2013 "
    "relative à la protection des données à caractère personnel. Le responsable du traitement est "
    "la société présentée en haut de cette page.</p>"
    "<h2>Ce que nous gardons</h2><ul>"
    "<li>l’identité, la fonction, l’adresse e-mail et le téléphone des personnes de votre "
    "société ;</li>"
    "<li>vos projets, tâches, documents, demandes et messages ;</li>"
    "<li>vos devis, factures, paiements et reçus ; jamais un numéro de carte ni un code secret : "
    "ils sont saisis chez l’opérateur de paiement ;</li>"
    "<li>la date, l’appareil et l’adresse réseau de vos connexions, pour la sécurité de votre "
    "compte.</li></ul>"
    "<h2>Pourquoi</h2><ul><li>exécuter le contrat qui nous lie : conduire vos projets, vous "
    "facturer, vous répondre ;</li><li>tenir notre comptabilité, comme la loi le demande ;</li>"
    "<li>protéger votre compte contre les accès indus.</li></ul>"
    "<p>Nous ne vendons ni ne louons vos données, et aucune publicité n’en est tirée.</p>"
    "<h2>Mesure de l’usage</h2><p>Avec votre accord seulement, nous mesurons l’usage des pages au "
    "moyen de PostHog : pages vues, boutons touchés, type d’appareil. Sans votre accord, rien "
    "n’est mesuré ni envoyé. Vous pouvez changer d’avis à tout moment, sans que le service en soit "
    "changé.</p>"
    "<h2>Cookies</h2><p>Les cookies de l’espace servent à vous garder connecté, à protéger les "
    "formulaires et à retenir vos choix. Ils ne suivent personne d’un site à l’autre.</p>"
    "<h2>Qui y a accès</h2><p>Les membres de votre société, selon leur rôle ; les personnes de "
    "notre équipe qui en ont besoin ; nos prestataires d’hébergement, d’envoi d’e-mails et de "
    "paiement, pour leur seule tâche ; les autorités, quand la loi l’exige.</p>"
    "<h2>Combien de temps</h2><ul>"
    "<li>pièces comptables (factures, paiements, reçus) : dix ans ;</li>"
    "<li>projets, documents et demandes : trois ans après la fin de notre relation ;</li>"
    "<li>journaux de connexion : un an.</li></ul>"
    "<h2>Vos droits</h2><p>Vous pouvez consulter vos données, les faire corriger, compléter ou "
    "effacer, en recevoir une copie, et vous opposer à un usage. Écrivez-nous depuis votre espace "
    "ou à l’adresse ci-dessus : nous répondons sous trente jours. Si notre réponse ne vous "
    "convient pas, vous pouvez saisir l’Autorité de régulation des télécommunications/TIC de Côte "
    "d’Ivoire (ARTCI).</p>"
    "<h2>Sécurité</h2><p>Les échanges sont chiffrés, les fichiers privés, les accès journalisés et "
    "les données de chaque client isolées de celles des autres. Si un incident touchait vos "
    "données, nous vous en informerions sans tarder.</p>"
)
NOTICE = (
    "<h2>Publication</h2><p>Ce site est édité par la société présentée ci-dessus, dont le "
    "représentant légal dirige la publication.</p>"
    "<h2>Hébergement</h2><p>Le nom et l’adresse de l’hébergeur sont donnés sur simple demande à "
    "l’adresse ci-dessus.</p>"
    "<h2>Propriété</h2><p>Les textes, les images et les marques de ce site appartiennent à leur "
    "éditeur ou à ses clients. Toute reproduction demande un accord écrit.</p>"
    "<h2>Signaler un contenu</h2><p>Une erreur, un contenu qui vous nuit, une faille de sécurité ? "
    "Écrivez à l’adresse ci-dessus : nous répondons sous cinq jours ouvrés.</p>"
)
TERMS = (
    "<p>Ces conditions disent comment l’espace client s’utilise. Elles complètent le contrat ou le "
    "devis que vous avez accepté, qui l’emporte en cas de différence.</p>"
    "<h2>L’espace client</h2><p>Il vous sert à suivre vos projets, échanger des documents, écrire "
    "au support, accepter des devis et payer des factures. Il est compris dans nos prestations."
    "</p>"
    "<h2>Votre compte</h2><p>Chaque compte est personnel. Vous gardez votre mot de passe secret et "
    "nous prévenez sans attendre si vous craignez qu’il soit connu. Le responsable de votre "
    "société invite et retire les personnes de son choix : ce qu’elles font dans l’espace engage "
    "votre société.</p>"
    "<h2>Ce que vous déposez</h2><p>Vos documents restent à vous. Vous nous autorisez à les "
    "utiliser pour votre projet, et vous avez le droit de nous les confier. Sont refusés les "
    "contenus illicites et les fichiers dangereux.</p>"
    "<h2>Devis et paiements</h2><p>Accepter un devis dans l’espace vaut commande. Un paiement est "
    "acquis quand l’opérateur le confirme ; le reçu en fait foi. Une facture contestée se signale "
    "au support avant son échéance.</p>"
    "<h2>Le support</h2><p>Nous répondons pendant nos heures ouvrées, dans les délais affichés sur "
    "chaque demande.</p>"
    "<h2>Disponibilité</h2><p>Nous tenons l’espace ouvert jour et nuit, hors maintenance et cas de "
    "force majeure. Une coupure ne retarde aucune de vos obligations légales ni des nôtres.</p>"
    "<h2>Fin</h2><p>À la fin de notre relation, vos accès restent ouverts trente jours pour "
    "récupérer vos documents.</p>"
    "<h2>Droit applicable</h2><p>Le droit ivoirien s’applique. À défaut d’accord amiable, les "
    "tribunaux d’Abidjan sont compétents.</p>"
)
PAGES = [
    ("mentions-legales", "Mentions légales", NOTICE, True),
    ("conditions", "Conditions d’utilisation", TERMS, False),
]
DESCRIPTIONS = {
    "confidentialite": "Quelles données l’espace client garde, pourquoi, combien de temps, et "
    "comment exercer vos droits.",
    "mentions-legales": "Qui édite ce site, comment le joindre.",
    "conditions": "Comment l’espace client s’utilise : compte, documents, devis, paiements.",
}


def write_pages(apps, schema_editor):
    home = apps.get_model("home", "HomePage").objects.order_by("path").first()
    if home is None:
        return
    pages = apps.get_model("home", "StandardPage").objects
    privacy = pages.filter(slug="confidentialite", body__contains=FIRST_PRIVACY)
    privacy.update(body=PRIVACY, in_force_on=IN_FORCE, names_the_company=True)
    pages.filter(slug="confidentialite").update(
        show_in_menus=True, search_description=DESCRIPTIONS["confidentialite"]
    )
    content_type = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        model="standardpage", app_label="home"
    )[0]
    for slug, title, body, names_the_company in PAGES:
        if not _children(apps, home).filter(slug=slug).exists():
            pages.create(
                title=title,
                draft_title=title,
                slug=slug,
                content_type=content_type,
                path=_next_path(apps, home),
                depth=home.depth + 1,
                numchild=0,
                url_path=f"{home.url_path}{slug}/",
                locale_id=home.locale_id,
                body=body,
                in_force_on=IN_FORCE,
                names_the_company=names_the_company,
                show_in_menus=True,
                search_description=DESCRIPTIONS[slug],
            )
    count = _children(apps, home).count()
    apps.get_model("wagtailcore", "Page").objects.filter(pk=home.pk).update(numchild=count)


def remove_pages(apps, schema_editor):
    slugs = [slug for slug, *_rest in PAGES]
    apps.get_model("home", "StandardPage").objects.filter(slug__in=slugs).delete()
    for home in apps.get_model("home", "HomePage").objects.all():
        count = _children(apps, home).count()
        apps.get_model("wagtailcore", "Page").objects.filter(pk=home.pk).update(numchild=count)


def _children(apps, home):
    pages = apps.get_model("wagtailcore", "Page").objects
    return pages.filter(path__startswith=home.path, depth=home.depth + 1)


def _next_path(apps, home):
    """Return the path after the last child: four digits of base 36 under the parent's."""
    last = _children(apps, home).order_by("-path").values_list("path", flat=True).first()
    number, step = (int(last[-4:], 36) if last else 0) + 1, ""
    while number:
        number, digit = divmod(number, 36)
        step = DIGITS[digit] + step
    return home.path + step.rjust(4, "0")


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0003_legal_facts"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(write_pages, remove_pages)]

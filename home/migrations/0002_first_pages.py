"""Put the home page and the privacy page in place of Wagtail's welcome page.

Reversible: going back removes them and leaves the site without a root page.
"""

from django.db import migrations

PRIVACY = (
    "<p>NOURX traite les données de ses clients pour conduire leurs projets, établir leurs "
    "factures et répondre à leurs demandes. Elles ne sont ni vendues ni cédées.</p>"
    "<h2>Ce que nous gardons</h2><ul><li>l’identité et les coordonnées de vos contacts ;</li>"
    "<li>les projets, documents, messages, factures et paiements ;</li>"
    "<li>la date et l’adresse de vos connexions, pour la sécurité de votre compte.</li></ul>"
    "<h2>Combien de temps</h2><p>Les pièces comptables sont gardées dix ans, comme la loi le "
    "demande. Le reste est effacé trois ans après la fin de notre relation.</p>"
    "<h2>Vos droits</h2><p>Vous pouvez consulter, corriger ou faire effacer vos données en "
    "écrivant au support depuis votre espace client.</p>"
)


def create_pages(apps, schema_editor):
    content_type = apps.get_model("contenttypes", "ContentType").objects.get_or_create
    home_type, _ = content_type(model="homepage", app_label="home")
    standard_type, _ = content_type(model="standardpage", app_label="home")
    locale = apps.get_model("wagtailcore", "Locale").objects.get_or_create(language_code="fr")[0]
    apps.get_model("wagtailcore", "Page").objects.filter(depth=2).delete()
    home = apps.get_model("home", "HomePage").objects.create(
        title="NOURX",
        draft_title="NOURX",
        slug="accueil",
        content_type=home_type,
        path="00010001",
        depth=2,
        numchild=1,
        url_path="/accueil/",
        locale=locale,
        intro="<p>Vos projets, vos factures et vos demandes, au même endroit.</p>",
    )
    apps.get_model("home", "StandardPage").objects.create(
        title="Confidentialité",
        draft_title="Confidentialité",
        slug="confidentialite",
        content_type=standard_type,
        path="000100010001",
        depth=3,
        numchild=0,
        url_path="/accueil/confidentialite/",
        locale=locale,
        body=PRIVACY,
    )
    apps.get_model("wagtailcore", "Page").objects.filter(depth=1).update(numchild=1)
    apps.get_model("wagtailcore", "Site").objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page_id": home.pk, "site_name": "NOURX"},
    )


def remove_pages(apps, schema_editor):
    apps.get_model("wagtailcore", "Site").objects.all().delete()
    apps.get_model("home", "StandardPage").objects.all().delete()
    apps.get_model("home", "HomePage").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(create_pages, remove_pages)]

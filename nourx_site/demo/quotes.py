"""An offer with sections, options and a plan, and a model to start from."""

from decimal import Decimal

from billing.invoicing.models import Quote, QuoteInstalment, QuoteLine
from billing.invoicing.services import save_plan, save_totals
from billing.quoting.models import QuoteTemplate, QuoteTemplateInstalment, QuoteTemplateLine
from core.accounts.models import Company

OPTIONS = (
    ("Vidéo de présentation", "Trente secondes, pour vos réseaux", 250_000),
    ("Fond détouré", "Les 40 produits sur fond blanc", 80_000),
)
PLAN = (
    ("deposit", "Acompte à la commande", Decimal(30)),
    ("milestone", "Prises de vue terminées", Decimal(40)),
    ("balance", "Solde à la livraison", None),
)
TEMPLATE = "Site vitrine"
TEMPLATE_LINES = (
    ("Conception", "Atelier de cadrage", 1, 150_000, False),
    ("Conception", "Maquettes, cinq pages", 1, 450_000, False),
    ("Réalisation", "Intégration et mise en ligne", 1, 600_000, False),
    ("Réalisation", "Version anglaise", 1, 200_000, True),
)


def dress_offer(quote: Quote) -> None:
    """Give a draft quote a section, options to take or leave, and a plan."""
    quote.lines.update(section="Production")
    for rank, (label, detail, price) in enumerate(OPTIONS, start=10):
        QuoteLine.objects.create(
            quote=quote,
            section="En option",
            label=label,
            detail=detail,
            unit_price=Decimal(price),
            is_option=True,
            sort_order=rank,
        )
    for rank, (kind, label, percent) in enumerate(PLAN):
        QuoteInstalment.objects.create(
            quote=quote, kind=kind, label=label, percent=percent, sort_order=rank
        )
    save_totals(paper=quote)
    save_plan(quote=quote)


def make_template(company: Company) -> None:
    """Keep a model of a quote, once."""
    template, is_new = QuoteTemplate.objects.get_or_create(
        name=TEMPLATE,
        defaults={
            "company": company,
            "subject": "Site vitrine",
            "intro": "Merci de votre confiance. Voici notre proposition, étape par étape.",
            "notes": "Deux séries de corrections sont comprises. Textes et photos fournis par vous.",
        },
    )
    if not is_new:
        return
    for rank, (section, label, quantity, price, is_option) in enumerate(TEMPLATE_LINES):
        QuoteTemplateLine.objects.create(
            template=template,
            section=section,
            label=label,
            quantity=quantity,
            unit_price=Decimal(price),
            is_option=is_option,
            sort_order=rank,
        )
    for rank, (kind, label, percent) in enumerate(PLAN):
        QuoteTemplateInstalment.objects.create(
            template=template, kind=kind, label=label, percent=percent, sort_order=rank
        )

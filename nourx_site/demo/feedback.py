"""What the clients of the demo say of the work: words, decisions on deliverables, a last mark."""

from datetime import datetime, timedelta

from core.files.services import store_file
from core.pdf import render_pdf
from nourx_site.demo.people import World
from portal.projects.models import (
    CommentFile,
    Deliverable,
    DeliverableDecision,
    DeliverableFile,
    Milestone,
    MilestoneComment,
    Project,
    SurveyAnswer,
)

SHOP, SITE = "Boutique en ligne Akwaba", "Refonte du site vitrine"
AMINATA = "aminata@akwaba.test"

SUMMARIES = {
    "Maquettes des écrans": "Les écrans de la boutique, du catalogue au panier : ce que vous "
    "validez ici est ce qui sera construit.",
    "Développement de la boutique": "Le catalogue, le panier et le compte client, livrés par "
    "morceaux que vous essayez au fur et à mesure.",
    "Paiement et livraison": "Mobile Money, carte et tarifs de livraison par commune.",
}
# milestone (None: the whole roadmap), who, hours ago, words
WORDS = [
    ("Maquettes des écrans", AMINATA, 122, "Le bouton de paiement se voit mal sur mon téléphone. "
     "Peut-on le mettre en bas de l’écran ?"),
    ("Maquettes des écrans", "editor", 98, "Oui, bonne remarque. Il suit maintenant le bas de "
     "l’écran. La page panier est prête dans sa troisième version : dites-nous ce que vous en pensez."),
    (None, AMINATA, 50, "Peut-on avancer la mise en ligne d’une semaine ? Nous aimerions ouvrir "
     "avant les fêtes."),
    (None, "owner", 27, "C’est possible si les photos arrivent vendredi. J’ajuste la feuille de "
     "route dès qu’elles sont là."),
]  # fmt: skip
REFUSALS = [
    (1, 9, "Les frais de livraison n’apparaissent qu’à la fin : nos clients vont abandonner."),
    (2, 6, "C’est mieux. Il manque encore le choix de la commune."),
]


def make_feedback(world: World, now: datetime) -> None:
    """Fill the shop with words and rounds, and mark the site that was delivered."""
    people = {**world.team, **world.members}
    for title, summary in SUMMARIES.items():
        Milestone.objects.filter(title=title).update(summary=summary)
    for title, who, hours, body in WORDS:
        _write(title, people[who], now - timedelta(hours=hours), body)
    _hand_over(world, now)
    _mark(world, now)


def _write(title: str | None, author, at: datetime, body: str) -> None:
    shop = Project.objects.get(title=SHOP)
    milestone = shop.milestones.get(title=title) if title else None
    comment = MilestoneComment.objects.create(
        project=shop, milestone=milestone, author=author, body=body
    )
    MilestoneComment.objects.filter(pk=comment.pk).update(created_at=at)
    if title and author.is_staff:
        CommentFile.objects.create(comment=comment, file=_page(shop, "Panier sur téléphone", at))


def _hand_over(world: World, now: datetime) -> None:
    """Refuse the basket twice before its third version, and the product page once."""
    shop, person = Project.objects.get(title=SHOP), world.members[AMINATA]
    basket = Deliverable.objects.get(project=shop, title="Page panier, version 3")
    for number, days, why in REFUSALS:
        _refuse(basket, number, person, now - timedelta(days=days), why)
    basket.round, basket.submitted_at = 3, now - timedelta(days=4)
    basket.title, basket.summary = "Page panier", "Le panier, du choix de la commune au paiement."
    basket.save()
    DeliverableFile.objects.create(
        deliverable=basket, round=3, link="https://maquettes.nourx.test/panier"
    )
    DeliverableFile.objects.create(
        deliverable=basket, round=3, file=_page(shop, "Page panier", now - timedelta(days=4))
    )
    product = Deliverable.objects.create(
        project=shop, milestone=basket.milestone, title="Fiche produit", status="refused"
    )
    why = "Les prix doivent être en francs CFA, sans centimes."
    _refuse(product, 1, person, now - timedelta(days=2), why)
    product.submitted_at, product.decided_at = now - timedelta(days=5), now - timedelta(days=2)
    product.decided_by, product.comment = person, why
    product.save()


def _refuse(row: Deliverable, number: int, person, at: datetime, why: str) -> None:
    DeliverableFile.objects.create(
        deliverable=row, round=number, file=_page(row.project, f"{row.title}, {number}", at)
    )
    DeliverableDecision.objects.create(
        deliverable=row,
        round=number,
        verdict=DeliverableDecision.Verdict.REFUSED,
        comment=why,
        decided_by=person,
        decided_at=at,
    )


def _mark(world: World, now: datetime) -> None:
    site = Project.objects.get(title=SITE)
    site.delivered_at = now - timedelta(days=5)
    site.save(update_fields=["delivered_at"])
    SurveyAnswer.objects.create(
        project=site,
        user=world.members[AMINATA],
        score=9,
        comment="Des délais tenus et une équipe qui répond vite.",
        answered_at=now - timedelta(days=3),
        changed_at=now - timedelta(days=3),
    )


def _page(project: Project, title: str, at: datetime):
    content = render_pdf(f"<h1>{title}</h1><p>{project.title}</p>", title=title, created_at=at)
    return store_file(
        content=content,
        name=f"{title.lower().replace(' ', '-').replace(',', '')}.pdf",
        content_type="application/pdf",
        client_id=project.client_id,
    )

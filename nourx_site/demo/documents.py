"""Documents of the demo: real small files in folders, and what clients are asked for."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from core.accounts.models import User
from core.files.services import store_file
from core.pdf import render_pdf
from core.search import search_text
from nourx_site.demo.people import World
from portal.documents.models import DocumentRequest, DocumentVersion, ProjectDocument
from portal.projects.models import Project

TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "txt": "text/plain",
    "png": "image/png",
}
SHOP, PORT = "Boutique en ligne Akwaba", "Suivi des conteneurs"
PLAN = "Étape;Responsable;Échéance\nPhotos;Akwaba;novembre\nTarifs;Akwaba;décembre\n"
MINUTES = {
    5: "L’arborescence est validée. Les tarifs de livraison restent à confirmer.",
    6: "La page panier est à valider ; les photos des produits sont attendues.",
}


@dataclass(frozen=True)
class Shelf:
    """Where documents go, and who puts them there."""

    project: Project
    author: User
    folder: str = ""
    is_ours: bool = False
    is_from_client: bool = False
    tags: tuple[str, ...] = ()

    def put(self, title: str, name: str, *contents: bytes, at: datetime) -> ProjectDocument:
        """Make a document with its versions, the last one of this moment."""
        document = ProjectDocument.objects.create(
            project=self.project,
            title=title,
            folder=self.folder,
            visibility="internal" if self.is_ours else "client",
            shared_at=None if self.is_ours else at,
            is_from_client=self.is_from_client,
            tags=list(self.tags),
        )
        for rank, content in enumerate(contents, start=1):
            file = store_file(
                content=content,
                name=name,
                content_type=TYPES[name.rpartition(".")[2]],
                client_id=document.client_id,
                actor=self.author,
            )
            document.latest = DocumentVersion.objects.create(
                document=document,
                number=rank,
                file=file,
                author=self.author,
                created_at=at - timedelta(days=6 * (len(contents) - rank)),
            )
        document.contents = search_text(name)
        document.save()
        return document


def make_documents(world: World, now: datetime) -> None:
    """Share a few real files on the projects, and ask for others."""
    shop, port = Project.objects.get(title=SHOP), Project.objects.get(title=PORT)
    lead, client = world.team["owner"], world.members["aminata@akwaba.test"]
    for number, days in ((5, 22), (6, 8)):
        at = now - timedelta(days=days)
        title = f"Compte rendu du point n° {number}"
        Shelf(shop, lead, "Comptes rendus", tags=("réunion",)).put(
            title, f"compte-rendu-{number}.pdf", _minutes(title, MINUTES[number], at), at=at
        )
    pages = [_mock_up(version) for version in (1, 2, 3)]
    Shelf(shop, world.team["editor"], "Livrables/Maquettes", tags=("maquette", "v1")).put(
        "Maquette de la page panier", "page-panier.png", *pages, at=now - timedelta(days=1)
    )
    plans = [PLAN.encode("utf-8-sig"), (PLAN + "Recette;NOURX;janvier\n").encode("utf-8-sig")]
    Shelf(shop, lead).put("Planning partagé", "planning.csv", *plans, at=now - timedelta(days=2))
    Shelf(shop, client, "Pour la boutique", is_from_client=True).put(
        "Textes des fiches produits",
        "textes-fiches.txt",
        "Attiéké d’Akwaba, sachet de 500 g.\nBeurre de karité brut, pot de 250 g.\n".encode(),
        at=now - timedelta(days=5),
    )
    Shelf(shop, lead, is_ours=True, tags=("marge", "confidentiel")).put(
        "Chiffrage interne", "chiffrage.txt", b"Marge : 32 %", at=now
    )
    Shelf(port, lead).put(
        "Note de cadrage", "cadrage.txt", b"Cadrage du suivi.", at=now - timedelta(days=22)
    )
    _ask(shop, lead, now)


def _ask(project: Project, lead: User, now: datetime) -> None:
    """Ask for three papers: one that has time, one that is late, one that came and would not do."""
    asked = {"project": project, "asked_by": lead, "asked_at": now - timedelta(days=12)}
    today = now.date()
    DocumentRequest.objects.create(
        **asked,
        title="Extrait RCCM de moins de trois mois",
        detail="Le greffe du tribunal de commerce le délivre ; un PDF suffit.",
        due_date=today + timedelta(days=10),
        bundle="Ouverture de compte client",
    )
    DocumentRequest.objects.create(
        **asked,
        title="Attestation de régularité fiscale",
        detail="Celle de l’année en cours.",
        due_date=today - timedelta(days=2),
        bundle="Ouverture de compte client",
        reminders=1,
        reminded_at=now - timedelta(days=1),
    )
    DocumentRequest.objects.create(
        **asked,
        title="Logo en haute définition",
        due_date=today + timedelta(days=4),
        refusal="L’image reçue fait 200 pixels de large : il nous la faut en 2 000, ou en PDF.",
    )


def _minutes(title: str, text: str, at: datetime) -> bytes:
    page = f"<h1>{title}</h1><p>Présents : Aminata Koné, Mariam Traoré.</p><p>{text}</p>"
    return render_pdf(page, title=title, created_at=at)


def _mock_up(version: int) -> bytes:
    """Draw the sketch of a page: a little more of it at each version."""
    image = Image.new("RGB", (960, 640), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 960, 72), fill="#0a0a0a")
    draw.rectangle((40, 24, 200, 48), fill="#ffffff")
    for row in range(version):
        top = 120 + 150 * row
        draw.rectangle((40, top, 160, top + 110), fill="#e6e6e6")
        draw.rectangle((190, top + 10, 520, top + 30), fill="#8c8c8c")
        draw.rectangle((190, top + 46, 400, top + 60), fill="#cfcfcf")
    draw.rectangle((600, 120, 920, 420), outline="#0a0a0a", width=3)
    draw.rectangle((630, 350, 890, 394), fill="#1d3fff")
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()

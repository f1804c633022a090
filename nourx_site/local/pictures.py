"""Which pictures the guides show: one line each, in the order they are taken."""

from dataclasses import dataclass

PHONE, DESKTOP = 390, 1280
CLIENT, TEAM = "aminata@akwaba.test", "direction@nourx.test"


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it: where it lies, and the links to follow from there."""

    name: str
    path: str
    width: int
    person: str = ""
    follow: tuple[str, ...] = ()  # the words each link or button begins with

    @property
    def file_name(self) -> str:
        """Return the name of the picture's file."""
        return f"{self.name}-{'mobile' if self.width == PHONE else 'bureau'}.png"


def _client(name: str, path: str, *follow: str, both: bool = False) -> list[Picture]:
    widths = [PHONE, DESKTOP] if both else [PHONE]
    return [Picture(name, path, width, CLIENT, follow) for width in widths]


def _team(name: str, path: str, *follow: str) -> Picture:
    return Picture(name, f"/admin/{path}", DESKTOP, TEAM, follow)


def pictures(year: int) -> list[Picture]:
    """Return the pictures in their order, for the demo of a year: the client's, then the team's."""
    number = f"FAC-{year}-0042"
    return [
        Picture("connexion", "/connexion/", PHONE),
        *_client("tableau-de-bord", "/client/", both=True),
        *_client("factures", "/client/factures/"),
        *_client("facture", f"/client/factures/{number}/", both=True),
        *_client("projets", "/client/projets/"),
        *_client("projet", "/client/projets/", "Boutique en ligne Akwaba", both=True),
        *_client("taches", "/client/taches/"),
        *_client("documents", "/client/documents/"),
        *_client("support", "/client/support/tickets/"),
        *_client("nouvelle-demande", "/client/support/nouveau/"),
        *_client("profil", "/client/profil/"),
        *_of_the_team(number, year),
        *_of_the_day(),
    ]


def _of_the_team(number: str, year: int) -> list[Picture]:
    """Return the pictures of records and lists of the back-office."""
    return [
        _team("equipe-accueil", ""),
        _team("equipe-societe", "snippets/accounts/company/", "NOURX"),
        _team("equipe-clients", "snippets/accounts/client/"),
        _team("equipe-client", "snippets/accounts/client/?q=Akwaba", "Akwaba Distribution SARL"),
        _team("equipe-inviter", "snippets/accounts/client/?q=Akwaba", "Akwaba", "Inviter"),
        _team("equipe-projets", "snippets/projects/project/"),
        _team("equipe-taches", "snippets/projects/task/"),
        _team("equipe-factures", "snippets/invoicing/invoice/"),
        _team("equipe-brouillon", "snippets/invoicing/invoice/?q=solde", "Brouillon"),
        _team("equipe-emettre", "snippets/invoicing/invoice/?q=solde", "Brouillon", "Émettre"),
        _team("equipe-facture", f"snippets/invoicing/invoice/?q={number}", number),
        _team(
            "equipe-encaisser",
            f"snippets/invoicing/invoice/?q=FAC-{year}-0036",
            f"FAC-{year}-0036",
            "Enregistrer un paiement",
        ),
        _team("equipe-paiements", "snippets/payments/payment/"),
        _team("equipe-tentatives", "snippets/payments/paymentattempt/"),
        _team("equipe-anomalies", "snippets/payments/anomaly/"),
        _team("equipe-notifications", "journaux/notifications-paiement/"),
        _team("equipe-courriels", "journaux/courriels/"),
        _team("equipe-support", "snippets/support/ticket/"),
        _team("equipe-utilisateurs", "users/"),
    ]


def _of_the_day() -> list[Picture]:
    """Return the pictures of the screens from which the agency is run."""
    return [
        _team("equipe-pipeline", "commercial/pipeline/"),
        _team("equipe-kanban-projets", "projets/kanban/"),
        _team("equipe-pilotage", "projets/kanban/", "Boutique en ligne Akwaba"),
        _team("equipe-calendrier", "taches/calendrier/"),
        _team("equipe-charge", "taches/charge/"),
        _team("equipe-bibliotheque", "snippets/documents/projectdocument/"),
        _team("equipe-delais", "support/sla/"),
        _team("equipe-regles", "snippets/notify/notificationrule/"),
        _team("equipe-apparence", "identite-visuelle/"),
        _team("equipe-roles", "roles/"),
        _team("equipe-securite", "securite/"),
        _team("equipe-articles", "snippets/knowledge/article/"),
    ]

"""The agency, its team, its clients and their people."""

from dataclasses import dataclass, field
from decimal import Decimal

from core.access.roles import Role
from core.access.staff_roles import put_in_role, sync_staff_roles
from core.accounts.models import (
    Client,
    ClientTag,
    Company,
    Contact,
    TaxRule,
    User,
    VatCode,
    VatRate,
)
from core.accounts.services.memberships import add_member

PASSWORD = "nourx-demo"  # noqa: S105  the demo's, printed at start and refused in production


@dataclass
class World:
    """What the other parts of the demo build on."""

    company: Company
    team: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    members: dict[str, User] = field(default_factory=dict)


TEAM = [
    ("direction@nourx.test", "Mariam", "Traoré", "Cheffe de projet", "owner"),
    ("gestion@nourx.test", "Kouadio", "Brou", "Responsable administratif", "manager"),
    ("redaction@nourx.test", "Fatou", "Bamba", "Rédactrice et designer", "editor"),
]
RATES = [
    ("TVA 18 %", "18", VatCode.NORMAL, ""),
    ("TVA 9 %", "9", VatCode.REDUCED, ""),
    ("Exonéré", "0", VatCode.EXEMPT_BY_LAW, "Exonération légale de TVA."),
    ("Exportation", "0", VatCode.EXPORT, "Exportation de services : TVA à 0 %."),
]
CLIENTS = [
    ("akwaba", "Akwaba Distribution SARL", "1845207 B", "CI-ABJ-2018-B-04511", "Zone 4, boulevard de Marseille, Marcory", "Abidjan", "07 07 45 12 30", "Commerce"),
    ("lagune", "Lagune Transit SA", "2210984 K", "CI-ABJ-2021-B-11872", "Rue des Brasseurs, Treichville", "Abidjan", "05 05 61 20 44", "Transport"),
    ("bandama", "Clinique du Bandama", "1730456 C", "CI-BKE-2016-B-00318", "Quartier Commerce", "Bouaké", "01 01 33 87 52", "Santé"),
    ("savane", "Coopérative Savane Cajou", "2015778 H", "CI-KGO-2020-B-00092", "Route de Ferké", "Korhogo", "07 48 90 15 66", "Agriculture"),
]  # fmt: skip
# Somebody who keeps the books of two clients, and goes from one space to the other.
BOTH = ("koffi@conseil.test", "Koffi", "N’Guessan", "Expert-comptable", ("akwaba", "lagune"))
PROSPECTS = [
    ("Hôtel Les Cocotiers", "Grand-Bassam", "Tourisme"),
    ("Imprimerie du Plateau", "Abidjan", "Commerce"),
    ("Groupe scolaire La Réussite", "Yamoussoukro", "Éducation"),
]
MEMBERS = [
    ("aminata@akwaba.test", "Aminata", "Koné", "Gérante", "akwaba", Role.OWNER),
    ("compta@akwaba.test", "Serge", "Kouamé", "Comptable", "akwaba", Role.BILLING),
    ("yao@lagune.test", "Yao", "Adjoumani", "Directeur", "lagune", Role.OWNER),
    ("awa@bandama.test", "Awa", "Coulibaly", "Administratrice", "bandama", Role.OWNER),
    ("ibrahim@savane.test", "Ibrahim", "Soro", "Président", "savane", Role.OWNER),
]


def make_people() -> World:
    """Make the agency, the team, the clients and their members."""
    sync_staff_roles()
    world = World(company=_make_company())
    for email, first, last, job, role in TEAM:
        world.team[role] = _make_team_member(email, first, last, job, role)
    world.company.lead = world.team["owner"]
    world.company.save(update_fields=["lead"])
    for key, *facts in CLIENTS:
        world.clients[key] = _make_client(world, *facts)
    for name, city, tag in PROSPECTS:
        _make_prospect(world, name, city, tag)
    for email, first, last, job, key, role in MEMBERS:
        world.members[email] = _make_member(world, email, first, last, job, key, role)
    _make_accountant(world)
    return world


def _make_accountant(world: World) -> None:
    email, first, last, job, keys = BOTH
    user = User.objects.create_user(
        email, PASSWORD, first_name=first, last_name=last, job_title=job, phone="07 08 09 10 11"
    )
    for key in keys:
        client, actor = world.clients[key], world.team["owner"]
        add_member(user=user, client=client, role=Role.BILLING, actor=actor)
    world.members[email] = user


def _make_company() -> Company:
    company = Company.objects.create(
        name="NOURX",
        legal_name="NOURX SARL",
        legal_form="SARL",
        share_capital=1_000_000,
        rccm="CI-ABJ-03-2023-B12-00000",
        ncc="2301456 K",
        tax_regime=Company.TaxRegime.RSI,
        tax_office="Cocody Riviera",
        address="Cocody Riviera 3, rue des Jardins\n08 BP 000 Abidjan 08",
        city="Abidjan",
        phone="+225 27 22 00 00 00",
        email="facturation@nourx.test",
        website="nourx.test",
        bank_name="Banque de démonstration CI",
        bank_account="CI00 CI000 00000 000000000000 00",
        wallets="Orange Money 07 00 00 00 00\nWave 05 00 00 00 00",
        invoice_terms=(
            "Paiement à 14 jours à compter de l’émission, sans escompte pour règlement anticipé. "
            "Tout retard entraîne, après mise en demeure, des intérêts au taux légal en vigueur."
        ),
    )
    _make_taxes(company)
    return company


def _make_taxes(company: Company) -> None:
    for label, rate, code, text in RATES:
        VatRate.objects.create(
            company=company,
            label=label,
            rate=Decimal(rate),
            code=code,
            legal_text=text,
            is_default=code == VatCode.NORMAL,
        )
    TaxRule.objects.create(
        company=company,
        kind=TaxRule.Kind.WITHHELD,
        label="Retenue à la source",
        rate=Decimal("7.5"),
        legal_text="Retenue à la source sur le montant hors taxes.",
    )


def _make_team_member(email: str, first: str, last: str, job: str, role: str) -> User:
    user = User.objects.create_user(
        email,
        PASSWORD,
        first_name=first,
        last_name=last,
        job_title=job,
        phone="+225 27 22 00 00 00",
    )
    put_in_role(user, role)
    return user


def _make_client(world: World, name, ncc, rccm, address, city, phone, tag) -> Client:
    client = Client.objects.create(
        company=world.company,
        name=name,
        ncc=ncc,
        rccm=rccm,
        address=address,
        city=city,
        phone=phone,
        lead=world.team["owner"],
    )
    client.tags.add(ClientTag.objects.get_or_create(name=tag)[0])
    client.save()
    return client


def _make_prospect(world: World, name: str, city: str, tag: str) -> None:
    client = Client.objects.create(
        company=world.company,
        name=name,
        city=city,
        stage=Client.Stage.PROSPECT,
        lead=world.team["manager"],
    )
    client.tags.add(ClientTag.objects.get_or_create(name=tag)[0])
    client.save()


def _make_member(world: World, email, first, last, job, key, role) -> User:
    client = world.clients[key]
    user = User.objects.create_user(
        email, PASSWORD, first_name=first, last_name=last, job_title=job, phone=client.phone
    )
    add_member(user=user, client=client, role=role, actor=world.team["owner"])
    Contact.objects.create(
        client=client,
        name=f"{first} {last}",
        job_title=job,
        email=email,
        phone=client.phone,
        is_main=role == Role.OWNER,
    )
    if role == Role.OWNER:
        client.email = email
        client.save()
    return user

"""What a paper keeps of both sides, and how it reads."""

import pytest

from billing.invoicing.snapshots import buyer_of, buyer_snapshot, seller_of, seller_snapshot
from core.accounts.models import Client, Company


@pytest.mark.parametrize(
    ("address", "city", "lines"),
    [
        ("Zone 4\nMarcory", "Abidjan", ("Zone 4", "Marcory", "Abidjan")),
        ("14 rue des Archives\n75003 Paris", "Paris", ("14 rue des Archives", "75003 Paris")),
        ("", "Bouaké", ("Bouaké",)),
        ("Rue du Commerce", "", ("Rue du Commerce",)),
    ],
)
def test_a_city_is_said_once(db, address, city, lines):
    client = Client(name="Sika", address=address, city=city, company=Company(country="CI"))

    assert buyer_of(buyer_snapshot(client)).lines == lines


def test_a_client_abroad_has_its_country_and_its_tax_number(db):
    client = Client(
        name="Lafitte", city="Paris", country="FR", tax_id="SIREN 123 456 789",
        company=Company(country="CI"),
    )  # fmt: skip

    block = buyer_of(buyer_snapshot(client))

    assert block.lines == ("Paris", "France", "SIREN 123 456 789")


def test_our_own_number_is_among_the_mentions():
    company = Company(name="NOURX", address="Cocody", city="Abidjan", idu="CI-2023-0042")

    seller = seller_of(seller_snapshot(company))

    assert seller.address == "Cocody, Abidjan"
    assert any("IDU CI-2023-0042" in line for line in seller.legal_lines)


def test_a_paper_of_before_reads_as_it_did():
    block = buyer_of({"name": "Akwaba", "address": "Zone 4\nAbidjan", "ncc": "1845207 B"})

    assert block.lines == ("Zone 4", "Abidjan", "NCC 1845207 B")

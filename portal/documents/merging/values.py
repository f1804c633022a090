"""What fills the fields of a template for a project of a client."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.accounts.models import Company, Contact
from core.money import format_amount
from core.ui.formats import date_long
from portal.documents.merging.fields import sources
from portal.projects.models import Project


@dataclass(frozen=True)
class Subject:
    """What a paper is about: a project and its client, to whom, by whom, when.

    `chosen` are the rows of modules above that it speaks of, by the key of their source.
    """

    project: Project
    author: Any
    on: date
    contact: Contact | None = None
    chosen: Mapping[str, int] = field(default_factory=dict)


def contacts_of(project: Project) -> list[Contact]:
    """Return the people of the client of a project, the main one first."""
    rows = Contact.objects.filter(client_id=project.client_id)
    return list(rows.order_by("-is_main", "name", "pk")[:50])


def values_of(subject: Subject) -> dict[str, str]:
    """Return the value of every field for a subject, empty where nothing is known."""
    project = subject.project
    values = {
        **_of_client(project.client),
        **_of_contact(subject.contact),
        **_of_project(project),
        **_of_company(project.client.company),
        "date.jour": date_long(subject.on),
        "date.annee": str(subject.on.year),
        "auteur.nom": str(subject.author),
        "auteur.email": subject.author.email,
    }
    for source in sources():
        key = subject.chosen.get(source.key)
        values |= source.values(key) if key else {each.name: "" for each in source.fields}
    return values


def _of_client(client: Any) -> dict[str, str]:
    return {
        "client.nom": client.name,
        "client.adresse": client.address.strip(),
        "client.ville": client.city,
        "client.rccm": client.rccm,
        "client.ncc": client.ncc,
        "client.email": client.email,
        "client.telephone": client.phone,
    }


def _of_contact(contact: Contact | None) -> dict[str, str]:
    return {
        "contact.nom": contact.name if contact else "",
        "contact.fonction": contact.job_title if contact else "",
        "contact.email": contact.email if contact else "",
        "contact.telephone": contact.phone if contact else "",
    }


def _of_project(project: Project) -> dict[str, str]:
    budget = project.budget
    return {
        "projet.titre": project.title,
        "projet.description": project.summary.strip(),
        "projet.debut": date_long(project.start_date) if project.start_date else "",
        "projet.livraison": date_long(project.due_date) if project.due_date else "",
        "projet.budget": "" if budget is None else format_amount(budget, project.currency),
    }


def _of_company(company: Company) -> dict[str, str]:
    capital = company.share_capital
    return {
        "societe.nom": company.legal_name or company.name,
        "societe.forme": company.legal_form,
        "societe.capital": "" if capital is None else format_amount(capital, company.currency),
        "societe.adresse": company.address.strip(),
        "societe.ville": company.city,
        "societe.rccm": company.rccm,
        "societe.ncc": company.ncc,
        "societe.email": company.email,
        "societe.telephone": company.phone,
    }

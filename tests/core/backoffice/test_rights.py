"""The matrix of rights says what each role really holds."""

from core.access.staff_roles import StaffRole
from core.backoffice.screens.rights import rights_table

ROLES = list(StaffRole.values)


def cell(part, label, role):
    table = {str(one.label): {row.label: row.cells for row in one.rows} for one in rights_table()}
    return str(table[part][label][ROLES.index(role)])


def test_each_role_is_told_what_it_may_do():
    assert cell("Commercial", "Clients", "owner") == "tout"
    assert cell("Commercial", "Clients", "manager") == "tout"
    assert cell("Commercial", "Clients", "editor") == "—"
    assert cell("Commercial", "Clients", "accountant") == "voir"
    assert cell("Aide en ligne", "Articles", "editor") == "tout"


def test_what_nobody_may_do_is_told_to_nobody():
    assert "supprimer" not in cell("Encaissements", "Paiements", "owner")


def test_owners_alone_read_it(as_owner, as_manager):
    assert "Comptabilité" in as_owner.get("/admin/roles/").content.decode()
    assert as_manager.get("/admin/roles/").status_code == 302

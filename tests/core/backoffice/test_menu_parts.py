"""The parts of long menus."""

from wagtail.admin.menu import MenuItem

from core.backoffice import menu_parts


def item(name, order, url=""):
    return MenuItem(name, url, name=name, order=order)


def test_what_is_set_once_in_a_group_goes_under_its_settings():
    items = [item("clients", 10), item("stages", 82), item("reasons", 86)]

    kept = menu_parts.with_settings_apart("commercial", items)

    assert [each.name for each in kept] == ["clients", "nourx-commercial-reglages"]
    assert [each.name for each in kept[1].menu.registered_menu_items] == ["stages", "reasons"]


def test_one_entry_alone_stays_where_it_is():
    items = [item("clients", 10), item("stages", 82)]

    assert menu_parts.with_settings_apart("commercial", items) == items


def test_settings_are_gathered_by_what_they_are_about(rf):
    items = [
        item("company", 10, "/admin/snippets/accounts/company/"),
        item("mails", 900, "/admin/journaux/courriels/"),
        item("jobs", 900, "/admin/journaux/travaux/"),
        item("accounts", 600, "/admin/users/"),
    ]

    menu_parts.gather_settings(rf.get("/admin/"), items)

    assert [each.name for each in items] == ["company", "accounts", "nourx-journaux"]

"""Every address of the site but the admin's, found in the resolver, with what fills it."""

import re
from dataclasses import dataclass, field

from django.urls import URLResolver, get_resolver, reverse

ELSEWHERE = ("admin/",)  # walked by test_admin_walk.py


@dataclass(frozen=True)
class Address:
    """One address: its full name, its route and the names of its arguments."""

    name: str
    route: str
    arguments: tuple[str, ...] = field(default=())

    def path(self, values):
        """Return the path with these values in place of the arguments."""
        if not self.name:
            return "/" + self.route
        return reverse(self.name, kwargs={name: values[name] for name in self.arguments})


def every_address():
    """Return all addresses that have a name, or no argument."""
    return sorted(
        set(_walk(get_resolver(), "", ())), key=lambda address: (address.route, address.name)
    )


def _walk(resolver, prefix, spaces):
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if route.startswith(ELSEWHERE):
            continue
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry, route, inner)
            continue
        name = ":".join([*spaces, entry.name]) if entry.name else ""
        yield Address(name, route, tuple(entry.pattern.regex.groupindex))


# What fills the arguments of an address with the rows of one client. An address of clients that
# is not listed here fails the sweep until it is.
OF_A_CLIENT = {
    "projects:detail": lambda rows: {"pk": rows["projects.Project"].pk},
    "projects:roadmap": lambda rows: {"pk": rows["projects.Project"].pk},
    "projects:survey": lambda rows: {"pk": rows["projects.Project"].pk},
    "projects:milestone": lambda rows: {
        "pk": rows["projects.Project"].pk,
        "milestone": rows["projects.Milestone"].pk,
    },
    "projects:deliverable": lambda rows: {
        "pk": rows["projects.Project"].pk,
        "deliverable": rows["projects.Deliverable"].pk,
    },
    "projects:deliverable_file": lambda rows: {
        "pk": rows["projects.Project"].pk,
        "file": rows["projects.DeliverableFile"].pk,
    },
    "projects:comment_file": lambda rows: {
        "pk": rows["projects.Project"].pk,
        "file": rows["projects.CommentFile"].pk,
    },
    "projects:task": lambda rows: {"pk": rows["projects.Task"].pk},
    "projects:move_task": lambda rows: {"pk": rows["projects.Task"].pk},
    "projects:comment_task": lambda rows: {"pk": rows["projects.Task"].pk},
    "projects:join_task_files": lambda rows: {"pk": rows["projects.Task"].pk},
    "projects:tick_step": lambda rows: {
        "pk": rows["projects.Task"].pk,
        "step": rows["projects.ChecklistItem"].pk,
    },
    "projects:task_file": lambda rows: {
        "pk": rows["projects.Task"].pk,
        "file": rows["projects.TaskAttachment"].pk,
    },
    "api_task": lambda rows: {"pk": rows["projects.Task"].pk},
    "api_task_comments": lambda rows: {"pk": rows["projects.Task"].pk},
    "support:ticket": lambda rows: {"pk": rows["support.Ticket"].pk},
    "support:solve": lambda rows: {"pk": rows["support.Ticket"].pk},
    "support:rate": lambda rows: {"pk": rows["support.Ticket"].pk},
    "support:download": lambda rows: {
        "pk": rows["support.Ticket"].pk,
        "file_pk": rows["support.TicketAttachment"].pk,
    },
    "documents:detail": lambda rows: {"pk": rows["documents.ProjectDocument"].pk},
    "documents:add_version": lambda rows: {"pk": rows["documents.ProjectDocument"].pk},
    "documents:rename": lambda rows: {"pk": rows["documents.ProjectDocument"].pk},
    "documents:share": lambda rows: {"pk": rows["documents.ProjectDocument"].pk},
    "documents:revoke_link": lambda rows: {"pk": rows["documents.ShareLink"].pk},
    "documents:request": lambda rows: {"pk": rows["documents.DocumentRequest"].pk},
    "documents:download": lambda rows: {
        "pk": rows["documents.ProjectDocument"].pk,
        "number": rows["documents.DocumentVersion"].number,
    },
    "files:upload": lambda rows: {"token": rows["files.Upload"].uuid},
    "files:finish": lambda rows: {"token": rows["files.Upload"].uuid},
    "invoicing:invoice": lambda rows: {"number": rows["invoicing.Invoice"].number},
    "invoicing:invoice_pdf": lambda rows: {"number": rows["invoicing.Invoice"].number},
    "invoicing:credit_note_pdf": lambda rows: {"number": rows["invoicing.CreditNote"].number},
    "invoicing:quote": lambda rows: {"number": rows["invoicing.Quote"].number},
    "invoicing:quote_pdf": lambda rows: {"number": rows["invoicing.Quote"].number},
    "invoicing:choose_options": lambda rows: {"number": rows["invoicing.Quote"].number},
    "invoicing:accept_quote": lambda rows: {"number": rows["invoicing.Quote"].number},
    "invoicing:quote_certificate": lambda rows: {"number": rows["invoicing.Quote"].number},
    "invoicing:pay_link": lambda rows: {"number": rows["invoicing.Invoice"].number},
    "invoicing:refuse_quote": lambda rows: {"number": rows["invoicing.Quote"].number},
    "dunning:promise": lambda rows: {"number": rows["invoicing.Invoice"].number},
    "dunning:contest": lambda rows: {"number": rows["invoicing.Invoice"].number},
    "payments:pay": lambda rows: {"number": rows["invoicing.Invoice"].number},
    "payments:declare": lambda rows: {"number": rows["invoicing.Invoice"].number},
    "payments:attempt": lambda rows: {"reference": rows["payments.PaymentAttempt"].reference},
    "payments:attempt_status": lambda rows: {
        "reference": rows["payments.PaymentAttempt"].reference
    },
    "payments:attempt_check": lambda rows: {"reference": rows["payments.PaymentAttempt"].reference},
    "payments:receipt_pdf": lambda rows: {"number": rows["payments.Receipt"].number},
    "api_project": lambda rows: {"pk": rows["projects.Project"].pk},
    "api_invoice": lambda rows: {"number": rows["invoicing.Invoice"].number},
    "api_pay": lambda rows: {"number": rows["invoicing.Invoice"].number},
    "api_payment": lambda rows: {"reference": rows["payments.PaymentAttempt"].reference},
    "change_member_role": lambda rows: {"pk": rows["accounts.Membership"].pk},
    "remove_member": lambda rows: {"pk": rows["accounts.Membership"].pk},
    "data_export": lambda rows: {"pk": rows["accounts.DataExport"].pk},
    "notice": lambda rows: {"pk": rows["notify.Notification"].pk},
    "revoke_invitation": lambda rows: {"pk": rows["accounts.Invitation"].pk},
}
# Addresses whose arguments name no row of a client, with a value that means nothing.
OF_NOBODY = {
    "stop_mail": {"token": "x:y"},
    "inbox:incoming": {"mailbox": "00000000-0000-0000-0000-000000000000"},
    "remove_push_device": {"pk": 1},
    "end_session": {"pk": 1},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
    "shared_document": {"token": "x" * 43},
    "rate_by_link": {"token": "x" * 43},
    "invitation": {"token": "x" * 64},
    "account_reset_password_from_key": {"uidb36": "1", "key": "cx9abc-0123456789abcdef"},
    "guests:enter": {"token": "x" * 80},
    "calendar_feed": {"token": "x" * 43},
    "payments:pay_as_guest": {"number": "FAC-2026-0001"},
    "files:signed": {"token": "x.y.z"},
    "payments:signed": {"token": "x.y.z"},
    "payments:signed_status": {"token": "x.y.z"},
    "payments:signed_check": {"token": "x.y.z"},
    "payments:by_link": {"token": "x"},
    "payments:by_link_pdf": {"token": "x"},
    "payments:by_link_receipt": {"token": "x", "number": "REC-2026-0001"},
    "payments:webhook": {"provider": "cinetpay"},
    "knowledge:article": {"slug": "inconnu"},
    "knowledge:vote": {"slug": "inconnu"},
    "wagtaildocs_authenticate_with_password": {"restriction_id": 1},
    "wagtailcore_authenticate_with_password": {"page_view_restriction_id": 1, "page_id": 1},
}
# Addresses without a name, or with arguments that have none: tried as written here.
SPELLED = {
    "media/images/<path:path>": "/media/images/../private/x",
    r"fichiers-publics/^(\d+)/(.*)$": "/fichiers-publics/1/x.pdf",
    r"^((?:[\w\-]+/)*)$": "/page-inconnue/",
}


def plain(route):
    """Tell whether a route has no argument at all."""
    return not re.search(r"[<(]", route)

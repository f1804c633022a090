"""What the database itself promises: a table is locked, or listed here with its reason."""

import pytest
from django.db import connection
from wagtail.models import RevisionMixin
from wagtail.search.index import Indexed

from core.access.scope import scoped_models

OWN = "(client_id = ANY (nourx_client_ids()))"
OWN_ROOT = "(id = ANY (nourx_client_ids()))"
# Tables of clients that no client's session reads: only the team's policy is on them.
TEAM_ONLY = {
    "support_slapolicy",
    "support_ticketarticle",
    "support_ticketdraft",
    "support_tickettime",
    "support_ticketwatcher",
    "analytics_clientvisit",
    "sources_batchitem",
    "sources_billedtime",
    "sources_invoicebatch",
    "sources_offeredtime",
    "sources_ratecard",
    "sources_recurringinvoice",
    "sources_recurringline",
    "sources_recurringpause",
    "sources_recurringrun",
    "accounting_entryline",
    "accounting_exportbatch",
    "accounting_journalentry",
    "accounting_lettering",
    "deals_conversion",
    "deals_dealpayment",
    "dunning_pause",
    "notify_outgoingtext",
    "inbox_incomingmail",
    "notify_rulesend",
    "notify_teamnotice",
    "notify_undeliverableaddress",
    "backoffice_alertfollowup",
    "desk_listexport",
    "desk_savedfilter",
    "desk_undorecord",
    "crm_opportunity",
    "crm_interaction",
    "crm_interactionfile",
    "crm_stagemove",
    "crm_followup",
    "accounts_clienthealth",
    "accounts_signin",
    "projects_timeentry",
    "steering_progressreport",
    "steering_risk",
    "proofs_signingkey",
    "notify_digestentry",
    "notify_outgoingmail",
    "wagtailcore_modellogentry",
    "documents_documentpack",
    "knowledge_articlevote",
    "knowledge_missedsearch",
    "payments_refundorder",
    "treasury_settlement",
    "treasury_payout",
    "treasury_statementfile",
    "treasury_statementline",
    "treasury_linematch",
    "workload_columnlimit",
    "workload_recurringtask",
    "workload_recurringtaskrun",
    "workload_runningtimer",
    "workload_taskblock",
    "workload_taskwatch",
    "workload_teamnote",
}
ALSO_OF_CLIENTS = {
    "support_slapolicy",  # may name a client: the team alone reads what it promises
    "workload_columnlimit",
    "proofs_signingkey",  # of no client: what signs our receipts
    "sources_invoicebatch",
    "sources_ratecard",
    "accounting_exportbatch",
    "accounting_journalentry",
    "accounting_lettering",
    "accounts_client_tags",
    "accounts_signin",  # of nobody's client: who came, and who tried
    "notify_digestentry",
    "notify_outgoingmail",
    "notify_outgoingtext",
    "inbox_incomingmail",
    "notify_rulesend",
    "notify_teamnotice",
    "notify_undeliverableaddress",
    "backoffice_alertfollowup",
    "desk_listexport",
    "desk_savedfilter",
    "desk_undorecord",
    "wagtailcore_modellogentry",
    "documents_documentpack",
    "knowledge_articlevote",
    "knowledge_missedsearch",
    "treasury_payout",
    "treasury_statementfile",
    "treasury_statementline",
    "treasury_linematch",
}

BEFORE_A_SCOPE = "read to know who somebody is, before any scope exists"
OURS = "ours, the same for every client"
PUBLIC = "public pages, pictures and articles; client rows are neither indexed nor revised"
MACHINERY = "machinery of Django and Wagtail, without words of clients"
OPEN = {
    "access_submission": BEFORE_A_SCOPE,
    "accounts_clientgroupgrant": BEFORE_A_SCOPE,
    "accounts_dataexport": "a person's own request; the file is handed to them alone",
    "accounts_erasurerequest": "a person's own request, across their clients",
    "accounts_invitation": BEFORE_A_SCOPE,
    "accounts_membership": BEFORE_A_SCOPE,
    "accounts_user": BEFORE_A_SCOPE,
    "accounts_user_groups": BEFORE_A_SCOPE,
    "accounts_user_user_permissions": BEFORE_A_SCOPE,
    "account_emailaddress": BEFORE_A_SCOPE,
    "account_emailconfirmation": BEFORE_A_SCOPE,
    "auth_group": BEFORE_A_SCOPE,
    "auth_group_permissions": BEFORE_A_SCOPE,
    "auth_permission": BEFORE_A_SCOPE,
    "django_session": BEFORE_A_SCOPE,
    "guardian_groupobjectpermission": BEFORE_A_SCOPE,
    "guardian_userobjectpermission": BEFORE_A_SCOPE,
    "guests_portallink": BEFORE_A_SCOPE,
    "mfa_authenticator": BEFORE_A_SCOPE,
    "projects_projectusergrant": BEFORE_A_SCOPE,
    "usersessions_usersession": BEFORE_A_SCOPE,
    "notify_deliverywishes": "a person's own wishes, without words of clients",
    "notify_pushsubscription": "a person's own devices, without words of clients",
    "notify_notificationpreference": "a person's own wishes, without words of clients",
    "outbox_owedwork": "ids and addresses; the worker reads it before it knows a client",
    "payments_providernotification": "comes before anybody is known; the web only writes it",
    "invoicing_numberseries": "a counter read through a client's eyes would start again",
    "support_ticketcounter": "a counter read through a client's eyes would start again",
    "accounting_books": OURS,
    "accounting_chartaccount": OURS,
    "accounting_fiscalyear": OURS,
    "accounting_journalcode": OURS,
    "accounting_salesaccount": OURS,
    "accounts_clientcategory": OURS,
    "accounts_clienttag": OURS,
    "accounts_company": OURS,
    "accounts_taxrule": OURS,
    "accounts_vatrate": OURS,
    "quoting_quotetemplate": OURS,
    "quoting_quotetemplateinstalment": OURS,
    "quoting_quotetemplateline": OURS,
    "payments_moneyaccount": OURS,
    "methods_channelsetting": OURS,
    "methods_provideraccount": "ours; its keys are sealed, and read to pay before any scope",
    "treasury_feeterms": OURS,
    "steering_projecttemplate": OURS,
    "steering_statuslimit": OURS,
    "steering_templatemilestone": OURS,
    "steering_templaterequest": OURS,
    "steering_templatetask": OURS,
    "crm_lossreason": OURS,
    "crm_pipelinestage": OURS,
    "crm_scorecriterion": OURS,
    "fiscal_fiscalsettings": OURS,
    "notify_messagetemplate": OURS,
    "inbox_mailbox": "ours; its secret is sealed, and read to check a call before any scope",
    "notify_messageversion": OURS,
    "notify_notificationrule": OURS,
    "notify_rulecondition": OURS,
    "notify_textrefusal": "telephone numbers alone: the worker reads it before it knows a client",
    "dunning_dunningladder": OURS,
    "dunning_dunningladder_segments": OURS,
    "dunning_dunningstep": OURS,
    "workdays_holiday": OURS,
    "workload_absence": OURS,
    "workload_timerules": OURS,
    "workload_workpattern": OURS,
    "workload_calendarlink": "read by its secret before anybody is known",
    "desk_deskwishes": "a person's own wishes, without words of clients",
    "desk_listingchoice": "names of columns, of one person of the team",
    "backoffice_alertsnooze": "keys of alerts and moments, of one person of the team",
    "dunning_dunningrun": OURS,
    "support_businesscalendar": OURS,
    "support_cannedreply": OURS,
    "home_homepage": PUBLIC,
    "home_standardpage": PUBLIC,
    "documents_papertemplate": OURS,
    "documents_papertemplateversion": OURS,
    "documents_requestchecklist": OURS,
    "knowledge_article": PUBLIC,
    "knowledge_articleaddress": PUBLIC,
    "knowledge_category": PUBLIC,
    "django_admin_log": MACHINERY,
    "django_content_type": MACHINERY,
    "django_migrations": MACHINERY,
    "taggit_tag": MACHINERY,
    "taggit_taggeditem": MACHINERY,
}
PREFIXES_OF_WAGTAIL = (
    "wagtailadmin_",
    "wagtailcore_",
    "wagtaildocs_",
    "wagtailembeds_",
    "wagtailimages_",
    "wagtailsearch_",
    "wagtailusers_",
)


def ask(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def locked_tables():
    return {model._meta.db_table for model in scoped_models()} | ALSO_OF_CLIENTS


def test_every_table_is_locked_or_has_its_reason(db):
    tables = {row[0] for row in ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}

    unexplained = {
        table
        for table in tables - locked_tables() - set(OPEN)
        if not table.startswith(PREFIXES_OF_WAGTAIL)
    }

    assert unexplained == set()
    assert locked_tables() <= tables
    assert set(OPEN) <= tables


def test_every_table_that_names_a_client_is_locked_or_has_its_reason(db):
    naming = {
        row[0]
        for row in ask(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'client_id'"
        )
    }

    open_ones = {
        "accounts_invitation",
        "accounts_membership",
        "guests_portallink",
        "outbox_owedwork",
    }
    assert naming - locked_tables() == open_ones


def test_locks_are_on_and_hold_the_owner_too(db):
    rows = ask(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
        " WHERE relname = ANY (%s) AND relkind = 'r'",
        sorted(locked_tables()),
    )

    assert {row[0] for row in rows} == locked_tables()
    assert [row for row in rows if row[1:] != (True, True)] == []


def test_policies_are_exactly_these(db):
    rows = ask(
        "SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check"
        " FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, policyname"
    )

    assert sorted(rows) == sorted(
        policy for table in locked_tables() for policy in policies_of(table)
    )


def policies_of(table):
    yield (table, "nourx_staff", "PERMISSIVE", ["nourx_staff"], "ALL", "true", "true")
    if table not in TEAM_ONLY:
        own = OWN_ROOT if table == "accounts_client" else OWN
        yield (table, "nourx_client", "PERMISSIVE", ["public"], "ALL", own, own)


def test_the_scope_function_is_the_one_we_wrote(db):
    [(source, volatility, is_definer)] = ask(
        "SELECT prosrc, provolatile, prosecdef FROM pg_proc WHERE proname = 'nourx_client_ids'"
    )

    assert "nullif(pg_catalog.current_setting('app.client_ids', true), '')::bigint[]" in source
    assert (volatility, is_definer) == ("s", False)


def test_no_function_runs_with_more_rights_than_its_caller(db):
    rows = ask(
        "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = 'public' AND prosecdef"
    )

    assert rows == []


def test_no_view_goes_around_the_locks(db):
    rows = ask(
        "SELECT relname, relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND relkind IN ('v', 'm')"
    )

    assert rows == []


def test_the_web_role_is_neither_owner_nor_above_the_locks(db):
    [facts] = ask(
        "SELECT session_user::text, rolsuper, rolbypassrls, rolinherit, rolcreaterole,"
        " rolcreatedb, pg_has_role(session_user, 'nourx_staff', 'USAGE'),"
        " pg_has_role(session_user, 'nourx_staff', 'SET'),"
        " pg_has_role(session_user, 'nourx_owner', 'MEMBER'),"
        " (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
        " FROM pg_roles r WHERE rolname = session_user"
    )

    assert facts == ("nourx_app", False, False, False, False, False, False, True, False, 0)


def test_the_team_role_cannot_sign_in_nor_pass_the_locks(db):
    [facts] = ask(
        "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'nourx_staff'"
    )

    assert facts == (False, False, False)


def test_the_web_role_creates_and_changes_no_table(db):
    [facts] = ask(
        "SELECT has_schema_privilege('nourx_app', 'public', 'CREATE'),"
        " has_schema_privilege('nourx_staff', 'public', 'CREATE')"
    )

    assert facts == (False, False)


def test_rows_of_clients_are_not_copied_into_open_tables(db):
    """Revisions and the search index are open tables: no client-owned model goes there."""
    copied = [
        model._meta.label for model in scoped_models() if issubclass(model, Indexed | RevisionMixin)
    ]

    assert copied == []


@pytest.mark.parametrize("model", scoped_models(), ids=lambda model: model._meta.label)
def test_foreign_keys_between_rows_of_clients_hold_the_client_too(db, model):
    """A key alone is checked outside the locks: it must name the client along with the row."""
    table = model._meta.db_table
    scoped = set(scoped_models())
    needed = {
        f"{field.column}->{field.related_model._meta.db_table}"
        for field in model._meta.concrete_fields
        if field.many_to_one or field.one_to_one
        if field.related_model in scoped and field.related_model._meta.label != "accounts.Client"
    }

    held = {
        f"{row[0]}->{row[1]}"
        for row in ask(
            "SELECT a.attname, f.relname FROM pg_constraint c"
            " JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
            " WHERE c.contype = 'f' AND t.relname = %s AND cardinality(c.conkey) = 2"
            " AND a.attname <> 'client_id'",
            table,
        )
    }

    assert needed - held == set()

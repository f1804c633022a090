"""The books are the team's alone; entries balance, and stay as they were validated."""

from django.db import migrations

from core import rls_operations as rls

ENTRY, LINE = "accounting_journalentry", "accounting_entryline"

GUARD_ENTRIES = f"""
CREATE FUNCTION {ENTRY}_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['batch_id', 'validated_by_id']::text[];
BEGIN
    IF OLD.number IS NULL THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'entry % is validated: it is corrected by another, never changed', OLD.number
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER {ENTRY}_keep BEFORE UPDATE OR DELETE ON {ENTRY}
    FOR EACH ROW EXECUTE FUNCTION {ENTRY}_keep();
"""

GUARD_LINES = f"""
CREATE FUNCTION {LINE}_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'lettering_id' = to_jsonb(NEW) - 'lettering_id' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT 1 FROM {ENTRY} WHERE number IS NOT NULL
            AND id = CASE TG_OP WHEN 'INSERT' THEN NEW.entry_id ELSE OLD.entry_id END
    ) THEN
        RAISE EXCEPTION 'a validated entry keeps its lines'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER {LINE}_keep BEFORE INSERT OR UPDATE OR DELETE ON {LINE}
    FOR EACH ROW EXECUTE FUNCTION {LINE}_keep();
"""  # noqa: S608

BALANCE = f"""
CREATE FUNCTION {LINE}_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whole bigint;
    debits bigint;
    credits bigint;
BEGIN
    SELECT total INTO whole FROM {ENTRY} WHERE id = NEW.entry_id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT sum(debit), sum(credit) INTO debits, credits FROM {LINE} WHERE entry_id = NEW.entry_id;
    IF debits IS DISTINCT FROM credits OR debits IS DISTINCT FROM whole THEN
        RAISE EXCEPTION 'entry % does not balance: % against %', NEW.entry_id, debits, credits
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER {LINE}_balance AFTER INSERT OR UPDATE OF debit, credit, entry_id ON {LINE}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {LINE}_balance();
"""  # noqa: S608


def guarded(sql, table, name):
    return migrations.RunSQL(sql, f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();")


class Migration(migrations.Migration):
    dependencies = [("accounting", "0001_initial"), ("access", "0001_scope_function")]
    operations = [
        rls.protect_for_staff(ENTRY),
        rls.protect_for_staff(LINE),
        rls.protect_for_staff("accounting_lettering"),
        rls.protect_for_staff("accounting_exportbatch"),
        guarded(GUARD_ENTRIES, ENTRY, f"{ENTRY}_keep"),
        guarded(GUARD_LINES, LINE, f"{LINE}_keep"),
        guarded(BALANCE, LINE, f"{LINE}_balance"),
    ]

"""What must hold of papers themselves, in SQL that answers the rows that differ; see `queries`."""

NUMBERED = """
    SELECT s.prefix || '-' || s.year || ' ' || s.company_id, s.last, count(p.id)
    FROM invoicing_numberseries s LEFT JOIN {table} p
        ON p.company_id = s.company_id AND p.number LIKE s.prefix || '-' || s.year || '-%'
    WHERE s.prefix = '{prefix}'
    GROUP BY s.id HAVING s.last <> count(p.id)
"""
SUMMED = """
    SELECT p.number, coalesce(g.base + g.vat, p.total_net + p.total_vat)::bigint, p.total
    FROM {table} p LEFT JOIN LATERAL (
        SELECT sum((one ->> 'base')::bigint) AS base, sum((one ->> 'vat')::bigint) AS vat
        FROM jsonb_array_elements(p.vat_groups) one) g ON true
    WHERE p.number <> '' AND (p.total <> p.total_net + p.total_vat
                              OR g.base <> p.total_net OR g.vat <> p.total_vat)
"""

RULES = {
    "invoice numbers without gap": NUMBERED.format(table="invoicing_invoice", prefix="FAC"),
    "credit note numbers without gap": NUMBERED.format(table="invoicing_creditnote", prefix="AVO"),
    "invoice total = its sums per rate": SUMMED.format(table="invoicing_invoice"),
    "credit note total = its sums per rate": SUMMED.format(table="invoicing_creditnote"),
    "cancelled = credited whole": """
        SELECT i.number, i.total + i.total_added, i.amount_credited
        FROM invoicing_invoice i
        WHERE (i.status = 'cancelled') <> (i.amount_credited = i.total + i.total_added)
          AND i.status <> 'draft' AND (i.status = 'cancelled' OR i.amount_credited > 0)
    """,
    "settled = nothing left to pay": """
        SELECT i.number, 0, i.total + i.total_added
               - i.amount_credited - i.amount_adjusted - i.amount_paid
        FROM invoicing_invoice i
        WHERE i.status = 'issued' AND (i.settled_at IS NULL) =
              (i.total + i.total_added - i.amount_credited - i.amount_adjusted = i.amount_paid)
    """,
    "money pays invoices of its client, company and currency": """
        SELECT 'payment ' || p.id || ' on ' || i.number, p.client_id, i.client_id
        FROM payments_allocation a
        JOIN payments_payment p ON p.id = a.payment_id
        JOIN invoicing_invoice i ON i.id = a.invoice_id
        WHERE p.client_id <> i.client_id OR a.client_id <> p.client_id
           OR p.company_id <> i.company_id OR p.currency <> i.currency
    """,
    "deposit taken off once, and never above it": """
        SELECT d.number, d.total, sum(r.total)::bigint
        FROM invoicing_depositdeduction r
        JOIN invoicing_invoice d ON d.id = r.deposit_id
        JOIN invoicing_invoice f ON f.id = r.final_id AND f.status <> 'cancelled'
        GROUP BY d.id HAVING count(*) > 1 OR sum(r.total) > d.total
    """,
}

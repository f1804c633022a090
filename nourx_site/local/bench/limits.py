"""What each page is compared with. Imports nothing, so that it is read before Django stands."""

BARE, RAW, STOCK = "limit: bare Django view", "limit: psycopg alone", "limit: stock Wagtail listing"
LIMITS = {
    "client: dashboard": BARE,
    "client: invoices": BARE,
    "client: invoices, last page": BARE,
    "client: invoices, search": BARE,
    "client: invoice": BARE,
    "team: invoices": STOCK,
    "team: invoices, last page": STOCK,
    "team: invoices, search": STOCK,
    "team: invoice": STOCK,
    "team: home": STOCK,
}

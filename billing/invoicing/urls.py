"""Addresses of quotes and invoices in the client’s space."""

from django.urls import path

from billing.invoicing import views

app_name = "invoicing"
urlpatterns = [
    path("factures/", views.PaperListView.as_view(), name="invoices"),
    path("factures/<str:number>/", views.InvoiceView.as_view(), name="invoice"),
    path("factures/<str:number>/pdf/", views.InvoicePdfView.as_view(), name="invoice_pdf"),
    path("factures/<str:number>/lien/", views.PayLinkView.as_view(), name="pay_link"),
    path("avoirs/<str:number>/pdf/", views.CreditNotePdfView.as_view(), name="credit_note_pdf"),
    path("devis/<str:number>/", views.QuoteView.as_view(), name="quote"),
    path("devis/<str:number>/pdf/", views.QuotePdfView.as_view(), name="quote_pdf"),
    path(
        "devis/<str:number>/attestation/", views.CertificateView.as_view(), name="quote_certificate"
    ),
    path("devis/<str:number>/options/", views.ChooseOptionsView.as_view(), name="choose_options"),
    path("devis/<str:number>/accepter/", views.AcceptQuoteView.as_view(), name="accept_quote"),
    path("devis/<str:number>/refuser/", views.RefuseQuoteView.as_view(), name="refuse_quote"),
]

"""Paying, where a payment stands, and what providers call."""

from django.urls import path

from billing.payments.guests import GuestPayView
from billing.payments.views import by_link, declaring, pages, paying, receipts, statements, webhooks

app_name = "payments"
urlpatterns = [
    path("client/factures/<slug:number>/payer/", paying.PayView.as_view(), name="pay"),
    path(
        "client/factures/<slug:number>/paye-autrement/",
        declaring.DeclareView.as_view(),
        name="declare",
    ),
    path("client/paiements/", receipts.PaymentListView.as_view(), name="list"),
    path("client/paiements/<slug:reference>/", pages.AttemptView.as_view(), name="attempt"),
    path(
        "client/paiements/<slug:reference>/statut.json",
        pages.AttemptStatusView.as_view(),
        name="attempt_status",
    ),
    path(
        "client/paiements/<slug:reference>/verifier/",
        pages.AttemptCheckView.as_view(),
        name="attempt_check",
    ),
    path(
        "client/recus/hors-connexion/",
        receipts.KeptReceiptsView.as_view(),
        name="kept_receipts",
    ),
    path("client/recus/<slug:number>/pdf/", receipts.ReceiptPdfView.as_view(), name="receipt_pdf"),
    path("client/releve/", statements.StatementPageView.as_view(), name="statement"),
    path("client/releve/pdf/", statements.StatementPdfView.as_view(), name="statement_pdf"),
    path("client/releve/csv/", statements.StatementCsvView.as_view(), name="statement_csv"),
    path("payer/<str:token>/", by_link.LinkView.as_view(), name="by_link"),
    path("payer/<str:token>/facture.pdf", by_link.LinkPdfView.as_view(), name="by_link_pdf"),
    path(
        "payer/<str:token>/recu/<slug:number>.pdf",
        by_link.LinkReceiptView.as_view(),
        name="by_link_receipt",
    ),
    path("portail/payer/<slug:number>/", GuestPayView.as_view(), name="pay_as_guest"),
    path("p/<str:token>/", pages.SignedView.as_view(), name="signed"),
    path("p/<str:token>/statut.json", pages.SignedStatusView.as_view(), name="signed_status"),
    path("p/<str:token>/verifier/", pages.SignedCheckView.as_view(), name="signed_check"),
    path("paiement/retour/", webhooks.ReturnView.as_view(), name="return"),
    path("api/webhooks/<slug:provider>/", webhooks.WebhookView.as_view(), name="webhook"),
    path(
        "api/payments/webhook/",
        webhooks.WebhookView.as_view(),
        {"provider": "cinetpay"},
        name="webhook_short",
    ),
]

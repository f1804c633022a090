"""Money by hand: transfers, cheques, cash, what clients declare; statements and payouts."""

from billing.invoicing.models import Invoice
from billing.payments import services as payments
from billing.payments.models import Payment, Refund, TransferDeclaration
from billing.treasury import services as treasury
from billing.treasury.models import Settlement, StatementLine
from core.accounts.models import Client
from nourx_site.local.month.course import Month

TILLS = {"transfer": "bank", "cheque": "bank", "cash": "cash", "mobile_money": "wave"}


def receive(
    month: Month,
    invoice: Invoice | None,
    amount: int,
    method: str = "transfer",
    *,
    client: Client | None = None,
    payer: str = "",
    shares: dict[int, int] | None = None,
) -> Payment:
    """Write money down that came by hand; a transfer is on the next statement of the bank."""
    client = client or invoice.client
    currency = invoice.currency if invoice else client.currency
    account = "euros" if currency == "EUR" else TILLS[method]
    reference = "" if method == "cash" else month.reference("VIR")
    payment = payments.record_payment(
        client=client, invoice=invoice, amount=amount, method=method, received_on=month.on,
        actor=month.actor, at=month.tick(), shares=shares, currency=currency,
        slip=payments.Slip(
            reference=reference, payer_name=payer or client.name, account=month.accounts[account]
        ),
    )  # fmt: skip
    if method == "transfer" and account == "bank":
        month.statements.append((f"{month.on:%d/%m/%Y}", amount, f"VIR {client.name}", reference))
    month.count(f"à la main : {payment.get_method_display().lower()}")
    return payment


def declare(month: Month, invoice: Invoice, amount: int) -> TransferDeclaration:
    """Have the client say that a transfer was made."""
    reference = month.reference("DEC")
    return payments.declare_transfer(
        invoice=invoice, account=month.accounts["bank"], amount=amount, paid_on=month.on,
        actor=month.people[invoice.client_id], at=month.tick(),
        slip=payments.Slip(reference=reference, payer_name=invoice.client.name),
    )  # fmt: skip


def confirm(month: Month, declaration: TransferDeclaration, amount: int | None = None) -> None:
    """Count what was declared, or what really came."""
    came = amount or declaration.amount
    payments.confirm_declaration(
        declaration=declaration, actor=month.actor, at=month.tick(), amount=amount
    )
    month.statements.append((f"{month.on:%d/%m/%Y}", came, "VIR RECU", declaration.reference))
    month.count("déclarations confirmées")


def refuse(month: Month, declaration: TransferDeclaration) -> None:
    """Say that a declared transfer never came."""
    payments.refuse_declaration(
        declaration=declaration, reason="Rien sur le relevé", actor=month.actor, at=month.tick()
    )
    month.count("déclarations refusées")


def give_back(
    month: Month, payment: Payment, amount: int, *, with_credit_note: bool = False
) -> Refund:
    """Note that money was given back, told twice as a double click does."""
    facts = {
        "payment": payment, "amount": amount, "reason": "Geste", "reference": "",
        "refunded_on": month.on, "actor": month.actor, "idempotency_key": f"rendu:{payment.pk}",
        "with_credit_note": with_credit_note,
    }  # fmt: skip
    first = payments.record_refund(at=month.tick(), **facts)
    if payments.record_refund(at=month.tick(), **facts).pk != first.pk:
        raise AssertionError("a refund told twice was noted twice")
    month.count("remboursements notés")
    return first


def pay_out(month: Month) -> None:
    """Have each provider send what may be had; it keeps what it gave back for us."""
    rows = Settlement.objects.filter(payout=None, available_on__lte=month.on)
    groups = rows.values_list("payment__provider", "currency").distinct().order_by()
    for provider, currency in sorted(groups):
        mine = list(rows.filter(payment__provider=provider, currency=currency))
        nets = sum(row.net for row in mine)
        given = Refund.objects.filter(payment__settlement__in=mine)
        back = sum(refund.amount for refund in given)
        if nets - back <= 0:
            continue
        payout = treasury.record_payout(
            provider=provider, reference=month.reference("REV"), paid_on=month.on,
            account=month.accounts["euros" if currency == "EUR" else "bank"],
            amount=nets - back, settlements=mine, actor=month.actor, at=month.tick(),
            explanation="Remboursements retenus" if back else "",
        )  # fmt: skip
        if currency == "XOF":
            line = (f"{month.on:%d/%m/%Y}", payout.amount, f"REV {provider}", payout.reference)
            month.statements.append(line)
        month.count("versements de prestataires")


def match_statement(month: Month) -> None:
    """Bring in the week's statement of the bank, twice, and say what each line is."""
    stranger = month.clients[0]
    unknown = (f"{month.on:%d/%m/%Y}", 77_701, f"VIR {stranger.name}", month.reference("INC"))
    fees = (f"{month.on:%d/%m/%Y}", -2_360, "FRAIS DE TENUE DE COMPTE", month.reference("FRS"))
    rows = [*month.statements, unknown, fees]
    month.statements.clear()
    head = "Date;Libellé;Référence;Montant\n"
    text = head + "".join(f"{on};{label};{ref};{amount}\n" for on, amount, label, ref in rows)
    facts = {
        "account": month.accounts["bank"], "name": f"releve-{month.on}.csv",
        "content": text.encode(), "actor": month.actor,
    }  # fmt: skip
    treasury.import_statement(at=month.tick(), **facts)
    month.count("relevés importés")
    try:
        treasury.import_statement(at=month.tick(), **facts)
    except treasury.CannotImport:
        month.count("relevés importés deux fois, refusés")
    _explain(month, stranger)


def _explain(month: Month, stranger: Client) -> None:
    """Match what is certain; what is left is a payment nobody told of, or the bank's own fee."""
    waiting = StatementLine.objects.filter(state=StatementLine.State.OPEN).order_by("pk")
    done, _refused = treasury.confirm_certain(
        lines=list(waiting.filter(amount__gt=0)), actor=month.actor, at=month.tick()
    )
    month.count("lignes rapprochées seules", done)
    for line in waiting.all():
        if line.amount < 0:
            treasury.ignore_line(
                line=line, reason="Frais de la banque", actor=month.actor, at=month.tick()
            )
        elif line.reference.startswith("INC"):
            treasury.create_payment_from_line(
                line=line, client=stranger, invoice=None, actor=month.actor, at=month.tick()
            )
            month.count("à la main : trouvé sur le relevé")
        else:
            month.problems.append(f"line {line.label} {line.amount} waits")

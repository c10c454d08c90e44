/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The phrases, folded (lower case, no accents). English, German, French,
 * Spanish, Italian, Dutch, Portuguese.
 */
#include "pipeline/extract/lexicon.h"

#include <string.h>

typedef struct {
  const char *phrase;
  DocaiKey    key;
  int         weight;
} Phrase;

#define P(key, weight, text) { text, DOCAI_KEY_##key, weight }

static const Phrase labels[] = {
  P (INVOICE_ID, 10, "invoice number"), P (INVOICE_ID, 10, "invoice no"), P (INVOICE_ID, 10, "invoice nr"),
  P (INVOICE_ID, 9, "invoice #"), P (INVOICE_ID, 9, "invoice id"), P (INVOICE_ID, 6, "invoice"),
  P (INVOICE_ID, 10, "inv no"), P (INVOICE_ID, 9, "inv #"), P (INVOICE_ID, 9, "tax invoice no"),
  P (INVOICE_ID, 8, "document number"), P (INVOICE_ID, 8, "document no"), P (INVOICE_ID, 8, "doc no"),
  P (INVOICE_ID, 8, "bill no"), P (INVOICE_ID, 8, "bill number"), P (INVOICE_ID, 8, "credit note no"),
  P (INVOICE_ID, 8, "credit note number"), P (INVOICE_ID, 6, "credit note"), P (INVOICE_ID, 7, "receipt no"),
  P (INVOICE_ID, 7, "receipt number"), P (INVOICE_ID, 7, "receipt #"),
  P (INVOICE_ID, 10, "rechnungsnummer"), P (INVOICE_ID, 10, "rechnungs-nr"), P (INVOICE_ID, 10, "rechnungsnr"),
  P (INVOICE_ID, 10, "rechnung nr"), P (INVOICE_ID, 10, "rechnungs nr"), P (INVOICE_ID, 10, "re-nr"),
  P (INVOICE_ID, 9, "rechnung #"), P (INVOICE_ID, 6, "rechnung"), P (INVOICE_ID, 9, "handelsrechnung nr"),
  P (INVOICE_ID, 9, "rechnung des versicherers (575) nr"), P (INVOICE_ID, 9, "versicherers nr"),
  P (INVOICE_ID, 9, "handelsrechnung (380) nr"), P (INVOICE_ID, 8, "belegnummer"), P (INVOICE_ID, 8, "beleg-nr"),
  P (INVOICE_ID, 9, "gutschrift nr"), P (INVOICE_ID, 8, "gutschriftsnummer"), P (INVOICE_ID, 7, "teilrechnung nr"),
  P (INVOICE_ID, 9, "rechnungskorrektur nr"), P (INVOICE_ID, 7, "dokumentnummer"),
  P (INVOICE_ID, 10, "facture n\xc2\xba"), P (INVOICE_ID, 10, "facture no"), P (INVOICE_ID, 10, "facture n"),
  P (INVOICE_ID, 10, "numero de facture"), P (INVOICE_ID, 10, "no de facture"), P (INVOICE_ID, 9, "n de facture"),
  P (INVOICE_ID, 9, "facture #"), P (INVOICE_ID, 6, "facture"), P (INVOICE_ID, 8, "reference facture"),
  P (INVOICE_ID, 10, "numero de factura"), P (INVOICE_ID, 10, "factura no"), P (INVOICE_ID, 10, "factura n"),
  P (INVOICE_ID, 9, "num factura"), P (INVOICE_ID, 6, "factura"), P (INVOICE_ID, 10, "numero fattura"),
  P (INVOICE_ID, 10, "fattura n"), P (INVOICE_ID, 6, "fattura"), P (INVOICE_ID, 10, "factuurnummer"),
  P (INVOICE_ID, 9, "factuur nr"), P (INVOICE_ID, 9, "factuurnr"), P (INVOICE_ID, 6, "factuur"),
  P (INVOICE_ID, 10, "fatura no"), P (INVOICE_ID, 10, "numero da fatura"), P (INVOICE_ID, 6, "fatura"),
  P (INVOICE_ID, 7, "abrechnungsnummer"), P (INVOICE_ID, 7, "statement number"),

  P (INVOICE_DATE, 10, "invoice date"), P (INVOICE_DATE, 10, "date of invoice"), P (INVOICE_DATE, 9, "invoice dated"),
  P (INVOICE_DATE, 9, "issue date"), P (INVOICE_DATE, 9, "date of issue"), P (INVOICE_DATE, 9, "date issued"),
  P (INVOICE_DATE, 8, "bill date"), P (INVOICE_DATE, 8, "billing date"), P (INVOICE_DATE, 8, "document date"),
  P (INVOICE_DATE, 6, "date"), P (INVOICE_DATE, 10, "rechnungsdatum"), P (INVOICE_DATE, 9, "liefer- und rechnungsdatum"),
  P (INVOICE_DATE, 9, "rechnungs- und lieferdatum"), P (INVOICE_DATE, 8, "belegdatum"), P (INVOICE_DATE, 8, "ausstellungsdatum"),
  P (INVOICE_DATE, 6, "datum"), P (INVOICE_DATE, 5, "vom"), P (INVOICE_DATE, 10, "date de facture"),
  P (INVOICE_DATE, 10, "date de la facture"), P (INVOICE_DATE, 10, "date facture"), P (INVOICE_DATE, 9, "date d'emission"),
  P (INVOICE_DATE, 9, "date emission"), P (INVOICE_DATE, 5, "en date du"), P (INVOICE_DATE, 5, "du"),
  P (INVOICE_DATE, 10, "fecha de factura"), P (INVOICE_DATE, 9, "fecha de emision"), P (INVOICE_DATE, 6, "fecha"),
  P (INVOICE_DATE, 10, "data fattura"), P (INVOICE_DATE, 9, "data emissione"), P (INVOICE_DATE, 6, "data"),
  P (INVOICE_DATE, 10, "factuurdatum"), P (INVOICE_DATE, 9, "data de emissao"), P (INVOICE_DATE, 5, "dated"),

  P (DUE_DATE, 10, "due date"), P (DUE_DATE, 10, "payment due"), P (DUE_DATE, 9, "due on"), P (DUE_DATE, 8, "due by"),
  P (DUE_DATE, 8, "pay by"), P (DUE_DATE, 8, "remit until"), P (DUE_DATE, 7, "pay until"), P (DUE_DATE, 7, "payable until"), P (DUE_DATE, 8, "payable by"), P (DUE_DATE, 10, "date due"), P (DUE_DATE, 10, "falligkeitsdatum"),
  P (DUE_DATE, 10, "falligkeit"), P (DUE_DATE, 9, "fallig am"), P (DUE_DATE, 9, "fallig bis"), P (DUE_DATE, 9, "zahlbar bis"),
  P (DUE_DATE, 8, "zahlungsziel"), P (DUE_DATE, 8, "uberweisen sie bis zum"), P (DUE_DATE, 8, "netto bis"),
  P (DUE_DATE, 8, "bis zum"), P (DUE_DATE, 8, "bis spatestens"), P (DUE_DATE, 10, "date d'echeance"), P (DUE_DATE, 10, "date echeance"),
  P (DUE_DATE, 9, "echeance"), P (DUE_DATE, 9, "a payer avant le"), P (DUE_DATE, 10, "fecha de vencimiento"), P (DUE_DATE, 8, "vencimiento"),
  P (DUE_DATE, 9, "scadenza"), P (DUE_DATE, 9, "vervaldatum"), P (DUE_DATE, 9, "vencimento"), P (DUE_DATE, 9, "uiterste betaaldatum"),

  P (PURCHASE_ORDER, 10, "purchase order"), P (PURCHASE_ORDER, 10, "purchase order number"), P (PURCHASE_ORDER, 10, "po number"),
  P (PURCHASE_ORDER, 10, "po no"), P (PURCHASE_ORDER, 9, "p.o. no"), P (PURCHASE_ORDER, 9, "po #"), P (PURCHASE_ORDER, 9, "p.o. #"),
  P (PURCHASE_ORDER, 8, "order number"), P (PURCHASE_ORDER, 8, "order no"), P (PURCHASE_ORDER, 8, "your order"),
  P (PURCHASE_ORDER, 8, "order id"), P (PURCHASE_ORDER, 9, "n\xc2\xb0 bon de commande"), P (PURCHASE_ORDER, 9, "bestellnummer"), P (PURCHASE_ORDER, 9, "bestell-nr"),
  P (PURCHASE_ORDER, 8, "bestellung"), P (PURCHASE_ORDER, 7, "ihre auftragsnummer"), P (PURCHASE_ORDER, 7, "auftragsnummer"),
  P (PURCHASE_ORDER, 7, "ihre bestellung"), P (PURCHASE_ORDER, 9, "ihre bestellnummer"), P (PURCHASE_ORDER, 9, "bon de commande"),
  P (PURCHASE_ORDER, 9, "numero de commande"), P (PURCHASE_ORDER, 8, "commande n"), P (PURCHASE_ORDER, 8, "votre commande"),
  P (PURCHASE_ORDER, 8, "ordernummer"), P (PURCHASE_ORDER, 8, "bestelnummer"), P (PURCHASE_ORDER, 8, "numero de pedido"),

  P (CUSTOMER_ID, 9, "customer number"), P (CUSTOMER_ID, 9, "customer no"), P (CUSTOMER_ID, 9, "customer id"),
  P (CUSTOMER_ID, 8, "account number"), P (CUSTOMER_ID, 9, "kundennummer"), P (CUSTOMER_ID, 9, "kunden-nr"),
  P (CUSTOMER_ID, 9, "kundennr"), P (CUSTOMER_ID, 8, "ihre kundennummer"), P (CUSTOMER_ID, 8, "code client"),
  P (CUSTOMER_ID, 8, "numero client"), P (CUSTOMER_ID, 8, "no client"), P (CUSTOMER_ID, 8, "klantnummer"),

  P (TAX_ID, 10, "vat id"), P (TAX_ID, 10, "vat no"), P (TAX_ID, 10, "vat number"), P (TAX_ID, 10, "vat reg no"),
  P (TAX_ID, 10, "vat registration no"), P (TAX_ID, 10, "vat registration number"), P (TAX_ID, 8, "tax id"),
  P (TAX_ID, 8, "gst no"), P (TAX_ID, 8, "gst id"), P (TAX_ID, 8, "gstin"), P (TAX_ID, 10, "ust-idnr"),
  P (TAX_ID, 10, "ust-id"), P (TAX_ID, 10, "ust-id-nr"), P (TAX_ID, 10, "ust.-id.-nr"), P (TAX_ID, 10, "ust-id nr"),
  P (TAX_ID, 10, "ustid"), P (TAX_ID, 10, "ust-ident-nr"), P (TAX_ID, 10, "umsatzsteuer-id"), P (TAX_ID, 10, "ust.-idnr"),
  P (TAX_ID, 10, "umsatzsteuer-identifikationsnummer"), P (TAX_ID, 10, "tva intracommunautaire"), P (TAX_ID, 9, "n tva"),
  P (TAX_ID, 9, "no tva"), P (TAX_ID, 9, "numero de tva"), P (TAX_ID, 9, "tva intra"), P (TAX_ID, 9, "btw nummer"),
  P (TAX_ID, 9, "btw-nr"), P (TAX_ID, 9, "btw nr"), P (TAX_ID, 9, "partita iva"), P (TAX_ID, 9, "p. iva"), P (TAX_ID, 8, "cif"),
  P (TAX_ID, 8, "nif"), P (TAX_NUMBER, 6, "steuernummer"), P (TAX_NUMBER, 6, "steuer-nr"), P (TAX_NUMBER, 6, "st.-nr"),
  P (TAX_NUMBER, 6, "st-nr"), P (TAX_NUMBER, 5, "siret"), P (TAX_NUMBER, 5, "tax number"), P (TAX_NUMBER, 5, "abn"),

  P (CURRENCY, 9, "currency"), P (CURRENCY, 9, "wahrung"), P (CURRENCY, 9, "rechnungswahrung"), P (CURRENCY, 9, "devise"),
  P (CURRENCY, 8, "betrage in"), P (CURRENCY, 8, "amounts in"),

  P (SERVICE_DATE, 8, "delivery date"), P (SERVICE_DATE, 8, "date of delivery"), P (SERVICE_DATE, 8, "service date"),
  P (SERVICE_DATE, 8, "lieferdatum"), P (SERVICE_DATE, 8, "leistungsdatum"), P (SERVICE_DATE, 8, "liefer- und leistungsdatum"),
  P (SERVICE_DATE, 8, "liefer-/leistungszeitraum"), P (SERVICE_DATE, 8, "leistungszeitraum"), P (SERVICE_DATE, 8, "date de livraison"),
  P (SERVICE_DATE, 8, "billing period"), P (SERVICE_DATE, 8, "service period"), P (SERVICE_DATE, 7, "shipment date"),
  P (SERVICE_DATE, 7, "order date"), P (SERVICE_DATE, 7, "bestelldatum"), P (SERVICE_DATE, 7, "auftragsdatum"),
  P (SERVICE_DATE, 7, "bestellung vom"), P (SERVICE_DATE, 7, "print date"), P (SERVICE_DATE, 7, "date of birth"),

  P (OTHER, 5, "iban"), P (OTHER, 5, "nummer"), P (OTHER, 5, "globale nummer"), P (OTHER, 5, "number"), P (OTHER, 5, "ihr zeichen"), P (OTHER, 5, "unser zeichen"), P (OTHER, 5, "bic"), P (OTHER, 5, "swift"), P (OTHER, 5, "telefon"), P (OTHER, 5, "tel"),
  P (OTHER, 5, "phone"), P (OTHER, 5, "fax"), P (OTHER, 5, "e-mail"), P (OTHER, 5, "email"), P (OTHER, 5, "payment terms"),
  P (OTHER, 5, "reference"), P (OTHER, 5, "your reference"), P (OTHER, 5, "lieferschein"), P (OTHER, 5, "lieferscheinnummer"),
  P (OTHER, 5, "ansprechpartner"), P (OTHER, 5, "bearbeiter"), P (OTHER, 5, "seite"), P (OTHER, 5, "page"), P (OTHER, 5, "gln"),
  P (OTHER, 5, "payment method"), P (OTHER, 5, "zahlungsbedingungen"), P (OTHER, 5, "salesperson"), P (OTHER, 5, "skonto"),
  P (OTHER, 5, "invoice total"), P (OTHER, 5, "invoice amount"), P (OTHER, 5, "rechnungsbetrag"), P (OTHER, 5, "rechnungssumme"),
  P (OTHER, 5, "rechnung gemass"), P (OTHER, 5, "invoice address"), P (OTHER, 5, "rechnungsempfanger"),

  P (VENDOR, 8, "vendor"), P (VENDOR, 9, "seller"), P (VENDOR, 8, "supplier"), P (VENDOR, 7, "from"), P (VENDOR, 7, "sold by"),
  P (VENDOR, 9, "verkaufer"), P (VENDOR, 8, "lieferant"), P (VENDOR, 8, "rechnungssteller"), P (VENDOR, 8, "fournisseur"),
  P (VENDOR, 8, "vendeur"), P (VENDOR, 8, "emetteur"), P (VENDOR, 8, "proveedor"), P (VENDOR, 8, "fornitore"), P (VENDOR, 8, "leverancier"),
  P (CUSTOMER, 9, "bill to"), P (CUSTOMER, 9, "billed to"), P (CUSTOMER, 9, "invoice to"), P (CUSTOMER, 9, "sold to"),
  P (CUSTOMER, 8, "customer"), P (CUSTOMER, 8, "buyer"), P (CUSTOMER, 8, "client"), P (CUSTOMER, 8, "billing address"),
  P (CUSTOMER, 9, "kaufer"), P (CUSTOMER, 9, "kaufer/leistungsempfanger"), P (CUSTOMER, 8, "kunde"), P (CUSTOMER, 8, "rechnung an"),
  P (CUSTOMER, 8, "rechnungsempfanger"), P (CUSTOMER, 8, "leistungsempfanger"), P (CUSTOMER, 8, "rechnungsadresse"),
  P (CUSTOMER, 8, "rechnungsanschrift"), P (CUSTOMER, 8, "factuuradres"), P (CUSTOMER, 8, "adresse de facturation"),
  P (CUSTOMER, 8, "facture a"), P (CUSTOMER, 8, "adresse a"), P (CUSTOMER, 8, "acheteur"), P (CUSTOMER, 8, "destinataire"),
  P (CUSTOMER, 8, "cliente"), P (CUSTOMER, 8, "facturar a"), P (CUSTOMER, 7, "attention"), P (CUSTOMER, 7, "klant"),
  P (SHIP_TO, 8, "ship to"), P (SHIP_TO, 8, "deliver to"), P (SHIP_TO, 8, "delivery address"), P (SHIP_TO, 8, "shipping address"),
  P (SHIP_TO, 8, "lieferadresse"), P (SHIP_TO, 8, "lieferanschrift"), P (SHIP_TO, 8, "warenempfanger"), P (SHIP_TO, 8, "abweichender warenempfanger"),
  P (SHIP_TO, 8, "adresse de livraison"), P (SHIP_TO, 8, "steuerbevollmachtigter des verkaufers"), P (SHIP_TO, 8, "abweichender zahlungsempfanger"),
  P (SHIP_TO, 8, "bezorgadres"), P (SHIP_TO, 8, "remit to"),
  P (NAME, 6, "name"), P (NAME, 6, "firma"), P (NAME, 6, "company"), P (NAME, 6, "nom"), P (NAME, 6, "raison sociale"),
  P (ADDRESS, 6, "address"), P (ADDRESS, 6, "anschrift"), P (ADDRESS, 6, "adresse"),
};

static const Phrase amounts[] = {
  P (SUBTOTAL, 10, "subtotal"), P (SUBTOTAL, 10, "sub total"), P (SUBTOTAL, 10, "sub-total"), P (SUBTOTAL, 10, "net total"), P (SUBTOTAL, 9, "net amount"),
  P (SUBTOTAL, 9, "total net"), P (SUBTOTAL, 9, "amount net"), P (SUBTOTAL, 10, "total excl"), P (SUBTOTAL, 9, "total before tax"),
  P (SUBTOTAL, 9, "total without vat"), P (SUBTOTAL, 9, "total excluding"), P (SUBTOTAL, 9, "taxable amount"), P (SUBTOTAL, 8, "total products"),
  P (SUBTOTAL, 10, "summe netto"), P (SUBTOTAL, 10, "gesamt netto"), P (SUBTOTAL, 10, "nettobetrag"), P (SUBTOTAL, 10, "nettosumme"),
  P (SUBTOTAL, 10, "zwischensumme"), P (SUBTOTAL, 10, "rechnungssumme netto"), P (SUBTOTAL, 10, "rechnungssumme ohne ust"),
  P (SUBTOTAL, 9, "warenwert"), P (SUBTOTAL, 8, "positionssumme"), P (SUBTOTAL, 9, "gesamtbetrag netto"), P (SUBTOTAL, 9, "netto"), P (SUBTOTAL, 9, "summe positionen"),
  P (SUBTOTAL, 10, "total ht"), P (SUBTOTAL, 10, "montant ht"), P (SUBTOTAL, 9, "sous-total"), P (SUBTOTAL, 9, "sous total"), P (SUBTOTAL, 10, "total hors taxes"),
  P (SUBTOTAL, 9, "total h.t"), P (SUBTOTAL, 9, "base imponible"), P (SUBTOTAL, 9, "imponibile"), P (SUBTOTAL, 9, "subtotaal"), P (SUBTOTAL, 9, "totaal excl"),
  P (SUBTOTAL, 9, "montant total hors taxes"),
  P (TAX, 8, "vat"), P (TAX, 8, "tax"), P (TAX, 9, "total vat"), P (TAX, 9, "total tax"), P (TAX, 9, "vat amount"), P (TAX, 9, "tax amount"),
  P (TAX, 8, "sales tax"), P (TAX, 8, "gst"), P (TAX, 8, "igst"), P (TAX, 8, "cgst"), P (TAX, 8, "sgst"), P (TAX, 8, "mwst"), P (TAX, 8, "ust"),
  P (TAX, 8, "umsatzsteuer"), P (TAX, 8, "mehrwertsteuer"), P (TAX, 10, "steuerbetrag"), P (TAX, 9, "zuzuglich"), P (TAX, 9, "zzgl"), P (TAX, 10, "steuergesamtbetrag"),
  P (TAX, 9, "gesamtbetrag mwst"), P (TAX, 10, "vat total"), P (TAX, 9, "tax total"), P (TAX, 8, "tva"), P (TAX, 10, "total tva"), P (TAX, 9, "montant tva"), P (TAX, 8, "iva"), P (TAX, 8, "btw"), P (TAX, 9, "versicherungssteuer"),
  P (TAX, 9, "service tax"),
  P (TOTAL, 10, "invoice total"), P (TOTAL, 10, "grand total"), P (TOTAL, 10, "total amount"), P (TOTAL, 9, "total incl"), P (TOTAL, 9, "amount incl"),
  P (TOTAL, 9, "total gross"), P (TOTAL, 9, "gross total"), P (TOTAL, 9, "gross amount"), P (TOTAL, 8, "invoice amount"), P (TOTAL, 7, "total"), P (TOTAL, 8, "order total"),
  P (TOTAL, 8, "total sales"), P (TOTAL, 10, "total inclusive"), P (TOTAL, 9, "net total payable"), P (TOTAL, 10, "gesamtbetrag"), P (TOTAL, 10, "rechnungsbetrag"),
  P (TOTAL, 10, "bruttosumme"), P (TOTAL, 10, "bruttobetrag"), P (TOTAL, 10, "rechnungssumme brutto"), P (TOTAL, 9, "gesamtsumme"), P (TOTAL, 9, "endbetrag"),
  P (TOTAL, 9, "gesamt brutto"), P (TOTAL, 10, "summe inkl"), P (TOTAL, 10, "gesamt inkl"), P (TOTAL, 8, "rechnungssumme"), P (TOTAL, 7, "gesamt"), P (TOTAL, 6, "summe"), P (TOTAL, 8, "brutto"),
  P (TOTAL, 10, "total ttc"), P (TOTAL, 10, "montant ttc"), P (TOTAL, 9, "total t.t.c"), P (TOTAL, 10, "montant total ttc"), P (TOTAL, 8, "total factura"), P (TOTAL, 8, "totale"), P (TOTAL, 8, "totaal"), P (TOTAL, 9, "totaal incl"),
  P (TOTAL, 9, "total general"), P (TOTAL, 8, "total a pagar"),
  P (DUE, 10, "amount due"), P (DUE, 9, "due payable"), P (DUE, 10, "te betalen bedrag"), P (DUE, 9, "totaal te betalen"), P (DUE, 10, "balance due"), P (DUE, 10, "total due"), P (DUE, 9, "amount payable"), P (DUE, 9, "please pay"), P (DUE, 9, "to pay"), P (DUE, 9, "total payable"),
  P (DUE, 10, "zahlbetrag"), P (DUE, 9, "zu zahlen"), P (DUE, 9, "zahlbar"), P (DUE, 9, "zu zahlender betrag"), P (DUE, 9, "falliger betrag"), P (DUE, 9, "net a payer"), P (DUE, 9, "reste a payer"), P (DUE, 8, "a payer"), P (DUE, 8, "te betalen"),
  P (DUE, 9, "offener betrag"), P (DUE, 9, "noch zu zahlen"),
  P (PREPAID, 8, "amount paid"), P (PREPAID, 8, "already paid"), P (PREPAID, 8, "prepaid"), P (PREPAID, 8, "erhaltene anzahlungen"), P (PREPAID, 8, "anzahlung"), P (PREPAID, 8, "acompte"), P (PREPAID, 8, "deja paye"), P (PREPAID, 7, "deposit"),
  P (DISCOUNT, 8, "discount"), P (DISCOUNT, 8, "rabatt"), P (DISCOUNT, 8, "skonto"), P (DISCOUNT, 8, "remise"), P (DISCOUNT, 8, "gesamtbetrag der abschlage"), P (DISCOUNT, 8, "gesamtbetrag der zuschlage"), P (DISCOUNT, 8, "descuento"), P (DISCOUNT, 7, "rounding"), P (DISCOUNT, 7, "rounding adj"), P (DISCOUNT, 7, "total rounding"), P (DISCOUNT, 6, "total savings"), P (DISCOUNT, 6, "total discount"), P (DISCOUNT, 6, "shipping"), P (DISCOUNT, 6, "versandkosten"),
  P (CASH, 8, "cash"), P (CASH, 8, "change"), P (CASH, 8, "change due"), P (CASH, 8, "tendered"), P (CASH, 8, "visa"), P (CASH, 8, "mastercard"), P (CASH, 8, "credit card"), P (CASH, 8, "gegeben"), P (CASH, 8, "ruckgeld"), P (CASH, 8, "total qty"), P (CASH, 8, "total items"), P (CASH, 8, "total quantity"), P (CASH, 8, "item count"), P (CASH, 8, "total item"), P (CASH, 8, "total no"), P (CASH, 8, "balance"),
  P (CASH, 8, "gst summary"), P (CASH, 7, "tax code"), P (CASH, 8, "gst reg no"), P (CASH, 8, "gst no"), P (CASH, 8, "gst id"), P (CASH, 8, "vat no"), P (CASH, 8, "vat id"), P (CASH, 8, "vat reg"), P (CASH, 8, "ust-id"), P (CASH, 8, "ust-idnr"), P (CASH, 8, "tax invoice"), P (CASH, 8, "ust.-id"), P (CASH, 8, "tax id"), P (CASH, 8, "tva intra"), P (CASH, 8, "numero tva"), P (CASH, 8, "vat registration"), P (CASH, 8, "tva intracommunautaire"), P (CASH, 8, "no tva"), P (CASH, 8, "btw nr"),
};

static const Phrase columns[] = {
  P (COLUMN_POSITION, 5, "pos"), P (COLUMN_POSITION, 5, "position"), P (COLUMN_POSITION, 4, "#"), P (COLUMN_POSITION, 4, "item no"), P (COLUMN_POSITION, 4, "line"),
  P (COLUMN_CODE, 6, "article no"), P (COLUMN_CODE, 6, "art-nr"), P (COLUMN_CODE, 6, "art.-nr"), P (COLUMN_CODE, 6, "art. nr"), P (COLUMN_CODE, 6, "artikelnummer"), P (COLUMN_CODE, 6, "artikel-nr"), P (COLUMN_CODE, 6, "artikelnr"), P (COLUMN_CODE, 6, "product code"), P (COLUMN_CODE, 6, "sku"), P (COLUMN_CODE, 6, "code"), P (COLUMN_CODE, 6, "reference"), P (COLUMN_CODE, 5, "ref"), P (COLUMN_CODE, 6, "part no"), P (COLUMN_CODE, 5, "nr"), P (COLUMN_CODE, 5, "no"), P (COLUMN_CODE, 6, "item code"),
  P (COLUMN_DESCRIPTION, 9, "description"), P (COLUMN_DESCRIPTION, 8, "item"), P (COLUMN_DESCRIPTION, 8, "items"), P (COLUMN_DESCRIPTION, 8, "product"), P (COLUMN_DESCRIPTION, 8, "article"), P (COLUMN_DESCRIPTION, 8, "service"), P (COLUMN_DESCRIPTION, 9, "item description"), P (COLUMN_DESCRIPTION, 8, "particulars"), P (COLUMN_DESCRIPTION, 8, "details"), P (COLUMN_DESCRIPTION, 9, "beschreibung"), P (COLUMN_DESCRIPTION, 9, "bezeichnung"), P (COLUMN_DESCRIPTION, 9, "artikelbeschreibung"), P (COLUMN_DESCRIPTION, 9, "artikelbezeichnung"), P (COLUMN_DESCRIPTION, 8, "artikel"), P (COLUMN_DESCRIPTION, 9, "nom & designation"), P (COLUMN_DESCRIPTION, 8, "produkt"), P (COLUMN_DESCRIPTION, 8, "leistung"), P (COLUMN_DESCRIPTION, 8, "text"), P (COLUMN_DESCRIPTION, 9, "designation"), P (COLUMN_DESCRIPTION, 8, "libelle"), P (COLUMN_DESCRIPTION, 8, "produit"), P (COLUMN_DESCRIPTION, 9, "descripcion"), P (COLUMN_DESCRIPTION, 8, "concepto"), P (COLUMN_DESCRIPTION, 9, "descrizione"), P (COLUMN_DESCRIPTION, 9, "omschrijving"), P (COLUMN_DESCRIPTION, 9, "descricao"),
  P (COLUMN_QUANTITY, 9, "quantity"), P (COLUMN_QUANTITY, 9, "qty"), P (COLUMN_QUANTITY, 8, "quant"), P (COLUMN_QUANTITY, 8, "units"), P (COLUMN_QUANTITY, 8, "hours"), P (COLUMN_QUANTITY, 9, "menge"), P (COLUMN_QUANTITY, 9, "anzahl"), P (COLUMN_QUANTITY, 8, "anz"), P (COLUMN_QUANTITY, 9, "quantite"), P (COLUMN_QUANTITY, 8, "qte"), P (COLUMN_QUANTITY, 9, "cantidad"), P (COLUMN_QUANTITY, 8, "cant"), P (COLUMN_QUANTITY, 9, "quantita"), P (COLUMN_QUANTITY, 9, "aantal"), P (COLUMN_QUANTITY, 9, "quantidade"), P (COLUMN_QUANTITY, 7, "stuck"), P (COLUMN_QUANTITY, 7, "stunden"),
  P (COLUMN_UNIT, 6, "unit"), P (COLUMN_UNIT, 6, "uom"), P (COLUMN_UNIT, 6, "einheit"), P (COLUMN_UNIT, 6, "unite"), P (COLUMN_UNIT, 6, "einh"),
  P (COLUMN_PRICE, 9, "unit price"), P (COLUMN_PRICE, 9, "unit cost"), P (COLUMN_PRICE, 8, "price"), P (COLUMN_PRICE, 8, "rate"), P (COLUMN_PRICE, 9, "price per unit"), P (COLUMN_PRICE, 9, "einzelpreis"), P (COLUMN_PRICE, 9, "e-preis"), P (COLUMN_PRICE, 9, "stuckpreis"), P (COLUMN_PRICE, 8, "preis"), P (COLUMN_PRICE, 9, "nettopreis"), P (COLUMN_PRICE, 9, "einzel"), P (COLUMN_PRICE, 9, "prix unitaire"), P (COLUMN_PRICE, 9, "p.u"), P (COLUMN_PRICE, 9, "pu ht"), P (COLUMN_PRICE, 9, "prix unit"), P (COLUMN_PRICE, 8, "prix"), P (COLUMN_PRICE, 8, "precio"), P (COLUMN_PRICE, 8, "prezzo"), P (COLUMN_PRICE, 8, "prijs"), P (COLUMN_PRICE, 9, "prijs per stuk"), P (COLUMN_AMOUNT, 9, "prijs incl. btw"), P (COLUMN_PRICE, 9, "pu"), P (COLUMN_PRICE, 9, "p.u. ht"), P (COLUMN_PRICE, 8, "preco"), P (COLUMN_PRICE, 9, "bruttopreis"), P (COLUMN_PRICE, 8, "cost"),
  P (COLUMN_TAX, 8, "vat"), P (COLUMN_TAX, 8, "vat %"), P (COLUMN_TAX, 8, "tax"), P (COLUMN_TAX, 8, "taxes"), P (COLUMN_TAX, 8, "tax rate"), P (COLUMN_TAX, 8, "gst"), P (COLUMN_TAX, 8, "ust"), P (COLUMN_TAX, 8, "mwst"), P (COLUMN_TAX, 8, "steuersatz"), P (COLUMN_TAX, 8, "steuer"), P (COLUMN_TAX, 8, "tva"), P (COLUMN_TAX, 8, "iva"), P (COLUMN_TAX, 8, "btw"), P (COLUMN_TAX, 6, "disc"), P (COLUMN_TAX, 6, "disc.%"), P (COLUMN_TAX, 6, "discount"), P (COLUMN_TAX, 6, "rabatt"), P (COLUMN_TAX, 6, "date"), P (COLUMN_TAX, 6, "shipment date"), P (COLUMN_TAX, 6, "datum"),
  P (COLUMN_AMOUNT, 9, "amount"), P (COLUMN_AMOUNT, 9, "line amount"), P (COLUMN_AMOUNT, 9, "line total"), P (COLUMN_AMOUNT, 9, "total price"), P (COLUMN_AMOUNT, 8, "total"), P (COLUMN_AMOUNT, 9, "line amount excl. vat"), P (COLUMN_AMOUNT, 8, "net amount"), P (COLUMN_AMOUNT, 8, "extended"), P (COLUMN_AMOUNT, 9, "betrag"), P (COLUMN_AMOUNT, 9, "gesamtpreis"), P (COLUMN_AMOUNT, 9, "g-preis"), P (COLUMN_AMOUNT, 9, "gesamt"), P (COLUMN_AMOUNT, 9, "summe"), P (COLUMN_AMOUNT, 9, "nettobetrag"), P (COLUMN_AMOUNT, 9, "positionsbetrag"), P (COLUMN_AMOUNT, 9, "positions-"), P (COLUMN_AMOUNT, 9, "gesamtbetrag"), P (COLUMN_AMOUNT, 9, "entgelt"), P (COLUMN_AMOUNT, 9, "netto"), P (COLUMN_AMOUNT, 9, "netto-"), P (COLUMN_AMOUNT, 9, "montant"), P (COLUMN_AMOUNT, 9, "montant ht"), P (COLUMN_AMOUNT, 9, "total ht"), P (COLUMN_AMOUNT, 9, "importe"), P (COLUMN_AMOUNT, 9, "importo"), P (COLUMN_AMOUNT, 9, "bedrag"), P (COLUMN_AMOUNT, 9, "totaal"), P (COLUMN_AMOUNT, 9, "valor"),
};

static const struct { const Phrase *phrases; gsize n; } lexicons[] = {
  [DOCAI_LEXICON_LABELS] = { labels, G_N_ELEMENTS (labels) },
  [DOCAI_LEXICON_AMOUNTS] = { amounts, G_N_ELEMENTS (amounts) },
  [DOCAI_LEXICON_COLUMNS] = { columns, G_N_ELEMENTS (columns) },
};

static gboolean
is_word_byte (char c)
{
  return g_ascii_isalnum (c) || (c & 0x80) != 0;
}

/* The longest phrase that begins exactly here. */
static gboolean
match_here (DocaiLexicon lexicon, const char *text, gsize at, DocaiKeyMatch *match)
{
  gsize longest = 0;

  for (gsize i = 0; i < lexicons[lexicon].n; i++)
    {
      const Phrase *phrase = &lexicons[lexicon].phrases[i];
      gsize         length = strlen (phrase->phrase);
      if (length <= longest || strncmp (text + at, phrase->phrase, length) != 0)
        continue;
      if (is_word_byte (phrase->phrase[length - 1]) && is_word_byte (text[at + length]))
        continue;
      longest = length;
      *match = (DocaiKeyMatch){ phrase->key, { at, at + length }, phrase->weight };
    }
  return longest > 0;
}

gboolean
docai_lexicon_find (DocaiLexicon lexicon, const char *folded, gsize from, DocaiKeyMatch *match)
{
  for (gsize at = from; folded[at] != '\0'; at++)
    {
      gboolean at_start = at == 0 || !is_word_byte (folded[at - 1]);
      if (at_start && match_here (lexicon, folded, at, match))
        return TRUE;
    }
  return FALSE;
}

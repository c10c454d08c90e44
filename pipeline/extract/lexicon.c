/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The phrases, folded (lower case, no accents). English, German, French,
 * Spanish, Italian, Dutch, Portuguese; then Polish, Czech, Slovak, Hungarian,
 * Swedish, Danish, Norwegian, Finnish.
 */
#include "pipeline/extract/lexicon.h"

#include <string.h>

typedef struct {
  DocaiKey    key;
  int         weight;
  const char *phrases; /* separated by bars */
} PhraseSet;

static const PhraseSet labels[] = {
  { DOCAI_KEY_INVOICE_ID, 10,
    "invoice number|invoice no|invoice nr|inv no|rechnungsnummer|rechnungs-nr|rechnungsnr"
    "|rechnung nr|rechnungs nr|re-nr|facture n\xc2\xba|facture no|facture n|numero de facture"
    "|no de facture|numero de factura|factura no|factura n|numero fattura|fattura n|factuurnummer"
    "|fatura no|numero da fatura" },
  { DOCAI_KEY_INVOICE_ID, 9,
    "invoice #|invoice id|inv #|tax invoice no|rechnung #|handelsrechnung nr"
    "|rechnung des versicherers (575) nr|versicherers nr|handelsrechnung (380) nr|gutschrift nr"
    "|rechnungskorrektur nr|n de facture|facture #|num factura|factuur nr|factuurnr" },
  { DOCAI_KEY_INVOICE_ID, 8,
    "document number|document no|doc no|bill no|bill number|credit note no|credit note number"
    "|belegnummer|beleg-nr|gutschriftsnummer|reference facture" },
  { DOCAI_KEY_INVOICE_ID, 7,
    "receipt no|receipt number|receipt #|teilrechnung nr|dokumentnummer|abrechnungsnummer"
    "|statement number" },
  { DOCAI_KEY_INVOICE_ID, 6,
    "invoice|credit note|rechnung|facture|factura|fattura|factuur|fatura" },
  { DOCAI_KEY_INVOICE_DATE, 10,
    "invoice date|date of invoice|rechnungsdatum|date de facture|date de la facture|date facture"
    "|fecha de factura|data fattura|factuurdatum" },
  { DOCAI_KEY_INVOICE_DATE, 9,
    "invoice dated|issue date|date of issue|date issued|liefer- und rechnungsdatum"
    "|rechnungs- und lieferdatum|date d'emission|date emission|fecha de emision|data emissione"
    "|data de emissao" },
  { DOCAI_KEY_INVOICE_DATE, 8,
    "bill date|billing date|document date|belegdatum|ausstellungsdatum" },
  { DOCAI_KEY_INVOICE_DATE, 6,
    "date|datum|fecha|data" },
  { DOCAI_KEY_INVOICE_DATE, 5,
    "vom|en date du|du|dated" },
  { DOCAI_KEY_DUE_DATE, 10,
    "due date|payment due|date due|falligkeitsdatum|falligkeit|date d'echeance|date echeance"
    "|fecha de vencimiento" },
  { DOCAI_KEY_DUE_DATE, 9,
    "due on|fallig am|fallig bis|zahlbar bis|echeance|a payer avant le|scadenza|vervaldatum"
    "|vencimento|uiterste betaaldatum" },
  { DOCAI_KEY_DUE_DATE, 8,
    "payment due by|payment due date|zahlbar innert|zahlung bis|zu zahlen bis|date limite de paiement|a regler avant le|payable le"
    "|scadenza pagamento|data scadenza|fecha vencimiento|te betalen voor|betalen voor|due by|pay by|remit until|payable by|zahlungsziel|uberweisen sie bis zum|netto bis|bis zum"
    "|bis spatestens|vencimiento" },
  { DOCAI_KEY_DUE_DATE, 7,
    "pay until|payable until" },
  { DOCAI_KEY_DUE_DATE, 6,
    "due|vervaldag" },
  { DOCAI_KEY_PURCHASE_ORDER, 10,
    "purchase order|purchase order number|po number|po no|p.o. number|p.o. no|purchase order no|purchase order #|customer po"
    "|your po|po reference" },
  { DOCAI_KEY_PURCHASE_ORDER, 9,
    "p.o. no|po #|p.o. #|n\xc2\xb0 bon de commande|bestellnummer|bestell-nr|ihre bestellnummer"
    "|bon de commande|numero de commande|ref. commande|ref commande|reference commande|no de commande|no commande"
    "|n\xc2\xb0 commande|n\xc2\xb0 de commande|bestellung nr|ihre bestell-nr|bestellreferenz|order reference|order ref"
    "|customer order no|customer order number|your order no|your order number|your order ref|pedido no|su pedido|ordine n|vs. ordine"
    "|vostro ordine|rif. ordine|uw bestelnummer|uw ordernummer|inkoopnummer|inkoopordernummer|encomenda" },
  { DOCAI_KEY_PURCHASE_ORDER, 8,
    "order number|order no|your order|order id|bestellung|commande n|votre commande|ordernummer"
    "|bestelnummer|numero de pedido" },
  { DOCAI_KEY_PURCHASE_ORDER, 5,
    "votre reference|your reference|your ref|ihre referenz|uw referentie|uw kenmerk|su referencia" },
  { DOCAI_KEY_PURCHASE_ORDER, 7,
    "ihre auftragsnummer|auftragsnummer|ihre bestellung" },
  { DOCAI_KEY_CUSTOMER_ID, 9,
    "customer number|customer no|customer id|kundennummer|kunden-nr|kundennr" },
  { DOCAI_KEY_CUSTOMER_ID, 8,
    "account number|ihre kundennummer|code client|numero client|no client|klantnummer" },
  { DOCAI_KEY_TAX_ID, 10,
    "vat id|vat no|vat number|vat reg no|vat registration no|vat registration number|ust-idnr"
    "|ust-id|ust-id-nr|ust.-id.-nr|ust-id nr|ustid|ust-ident-nr|umsatzsteuer-id|ust.-idnr"
    "|umsatzsteuer-identifikationsnummer|tva intracommunautaire" },
  { DOCAI_KEY_TAX_ID, 9,
    "n tva|no tva|numero de tva|tva intra|btw nummer|btw-nr|btw nr|partita iva|p. iva" },
  { DOCAI_KEY_TAX_ID, 8,
    "tax id|gst no|gst id|gstin|cif|nif" },
  { DOCAI_KEY_TAX_NUMBER, 6,
    "steuernummer|steuer-nr|st.-nr|st-nr" },
  { DOCAI_KEY_TAX_NUMBER, 5,
    "siret|tax number|abn" },
  { DOCAI_KEY_CURRENCY, 10,
    "rechnungswahrung|invoice currency|currency code|invoice currency code|devise de facturation|factuurvaluta" },
  { DOCAI_KEY_CURRENCY, 8,
    "currency|wahrung|devise|moneda|valuta|moeda" },
  { DOCAI_KEY_CURRENCY, 7,
    "betrage in|amounts in" },
  { DOCAI_KEY_SERVICE_DATE, 8,
    "delivery date|date of delivery|service date|lieferdatum|leistungsdatum"
    "|liefer- und leistungsdatum|liefer-/leistungszeitraum|leistungszeitraum|date de livraison"
    "|billing period|service period" },
  { DOCAI_KEY_SERVICE_DATE, 7,
    "shipment date|order date|bestelldatum|auftragsdatum|bestellung vom|print date|date of birth" },
  { DOCAI_KEY_OTHER, 9,
    "date de facture associee|n\xc2\xb0 de facture associee|facture associee|preceding invoice|original invoice"
    "|ursprungliche rechnung|vorausgegangene rechnung|urspr. rechnung|oorspronkelijke factuur" },
  { DOCAI_KEY_OTHER, 5,
    "iban|nummer|globale nummer|number|ihr zeichen|unser zeichen|bic|swift|telefon|tel|phone|fax"
    "|e-mail|email|payment terms|reference|lieferschein|lieferscheinnummer"
    "|ansprechpartner|bearbeiter|seite|page|gln|payment method|zahlungsbedingungen|salesperson"
    "|skonto|invoice total|invoice amount|rechnungsbetrag|rechnungssumme|rechnung gemass"
    "|invoice address" },
  { DOCAI_KEY_VENDOR, 9,
    "seller|verkaufer" },
  { DOCAI_KEY_VENDOR, 8,
    "rechnungsersteller|absender|expediteur|mittente|emisor|payee|vendor|supplier|lieferant|rechnungssteller|fournisseur|vendeur|emetteur|proveedor|fornitore"
    "|leverancier" },
  { DOCAI_KEY_VENDOR, 7,
    "from|sold by" },
  { DOCAI_KEY_CUSTOMER, 9,
    "bill to|billed to|invoice to|invoiced to|sold to|kaufer|kaufer/leistungsempfanger" },
  { DOCAI_KEY_CUSTOMER, 8,
    "adresse du client|adresse client|customer address|rechnungsanschrift|kundenadresse|klantadres|bill to party|customer|buyer|client|billing address|kunde|rechnung an|rechnungsempfanger"
    "|leistungsempfanger|rechnungsadresse|rechnungsanschrift|factuuradres|adresse de facturation"
    "|facture a|adresse a|acheteur|destinataire|cliente|facturar a" },
  { DOCAI_KEY_CUSTOMER, 7,
    "attention|klant|spett.le|spettabile|spett" },
  { DOCAI_KEY_SHIP_TO, 8,
    "ship to|deliver to|delivery address|shipping address|lieferadresse|lieferanschrift"
    "|warenempfanger|abweichender warenempfanger|adresse de livraison"
    "|steuerbevollmachtigter des verkaufers|abweichender zahlungsempfanger|bezorgadres|afleveradres|leveradres|verzendadres|direccion de envio|indirizzo di consegna|livre a|remit to" },
  { DOCAI_KEY_NAME, 6,
    "name|firma|company|nom|raison sociale" },
  { DOCAI_KEY_ADDRESS, 6,
    "address|anschrift|adresse" },
  { DOCAI_KEY_INVOICE_ID, 10,
    "numer faktury|nr faktury|faktura nr|faktura vat nr|cislo faktury|faktura cislo|faktura c|danovy doklad c"
    "|szamlaszam|szamla sorszama|fakturanummer|fakturanr|laskun numero|laskunumero|laskun nro|lasku nro" },
  { DOCAI_KEY_INVOICE_ID, 6,
    "faktura|faktura vat|szamla|lasku" },
  { DOCAI_KEY_INVOICE_DATE, 10,
    "data wystawienia|data faktury|datum vystaveni|datum vystavenia|datum vyhotovenia|kiallitas datuma|szamla kelte"
    "|fakturadatum|fakturadato|laskun paivays|laskupaiva|laskun paivamaara" },
  { DOCAI_KEY_INVOICE_DATE, 6,
    "dato|paivays|paivamaara|kelte" },
  { DOCAI_KEY_DUE_DATE, 10,
    "termin płatnosci|termin zapłaty|datum splatnosti|fizetesi hatarido|forfallodatum|forfallodag|forfaldsdato"
    "|forfallsdato|erapaiva" },
  { DOCAI_KEY_DUE_DATE, 8,
    "płatne do|splatnost|splatne do|esedekesseg|betalas senast|betala senast|betalingsfrist|maksettava viimeistaan" },
  { DOCAI_KEY_PURCHASE_ORDER, 8,
    "numer zamowienia|nr zamowienia|cislo objednavky|objednavka c|megrendelesszam|bestallningsnummer|ert ordernummer"
    "|ordrenummer|ordrenr|bestillingsnummer|tilausnumero" },
  { DOCAI_KEY_CUSTOMER_ID, 9,
    "numer klienta|cislo zakaznika|vevokod|kundnummer|kundnr|kundenr|kundenummer|asiakasnumero" },
  { DOCAI_KEY_TAX_ID, 9,
    "nip|dic|ic dph|adoszam|kozossegi adoszam|momsregistreringsnummer|momsreg.nr|momsreg nr|momsnr|cvr|cvr-nr|cvr nr"
    "|se-nr|org.nr|orgnr|org nr|organisasjonsnummer|alv-tunnus|alv-numero|y-tunnus" },
  { DOCAI_KEY_CURRENCY, 9,
    "waluta|mena|penznem|valuta|valuutta" },
  { DOCAI_KEY_SERVICE_DATE, 8,
    "data sprzedazy|data dostawy|datum zdanitelneho plneni|datum uskutecneni zdanitelneho plneni|datum dodania"
    "|teljesites datuma|leveransdatum|leveringsdato|toimituspaiva" },
  { DOCAI_KEY_VENDOR, 9,
    "sprzedawca|wystawca|dodavatel|elado|szallito|saljare|leverantor|sælger|leverandor|selger|myyja" },
  { DOCAI_KEY_CUSTOMER, 9,
    "nabywca|odberatel|vevo|kopare|kund|fakturaadress|kober|kjøper|køber|fakturaadresse|asiakas|ostaja"
    "|laskutusosoite" },
  { DOCAI_KEY_SHIP_TO, 8,
    "adres dostawy|odbiorca|dodaci adresa|szallitasi cim|leveransadress|leveringsadresse|toimitusosoite" },
};

static const PhraseSet amounts[] = {
  { DOCAI_KEY_SUBTOTAL, 10,
    "exclusief btw|excl btw|excl. btw|ex btw|exclusive of vat|excluding vat|hors tva|total net ht|grondslag btw"
    "|subtotal|sub total|sub-total|net total|total excl|summe netto|gesamt netto|nettobetrag"
    "|nettosumme|zwischensumme|rechnungssumme netto|rechnungssumme ohne ust|total ht|montant ht"
    "|total hors taxes" },
  { DOCAI_KEY_SUBTOTAL, 9,
    "net amount|total net|amount net|total before tax|total without vat|total excluding"
    "|taxable amount|warenwert|gesamtbetrag netto|netto|summe positionen|sous-total|sous total"
    "|total h.t|base imponible|imponibile|subtotaal|totaal excl|montant total hors taxes" },
  { DOCAI_KEY_SUBTOTAL, 8,
    "total products|positionssumme|zwischentotal|total iliquido|total liquido|total htva|totaal excl. btw|totale imponibile|total base|base imponivel|valor liquido|total net|net value|goods total" },
  { DOCAI_KEY_TAX, 10,
    "steuerbetrag|steuergesamtbetrag|vat total|total taxes|total des taxes|summe umsatzsteuer|summe mwst"
    "|gesamt mwst|total impuestos|totale iva|totaal btw|total tva|total iva|total de iva|valor do iva|total gst|total hst" },
  { DOCAI_KEY_TAX, 9,
    "total vat|total tax|total gst|totalgst|vat amount|tax amount|zuzuglich|zzgl|gesamtbetrag mwst|tax total"
    "|montant tva|versicherungssteuer|service tax" },
  { DOCAI_KEY_TAX, 8,
    "vat|tax|sales tax|gst|hst|pst|qst|tps|tvq|igst|cgst|sgst|mwst|ust|umsatzsteuer|mehrwertsteuer|tva|iva|btw" },
  { DOCAI_KEY_TOTAL, 10,
    "invoice total|grand total|final total|total amount|total inclusive|total rounded|rounded total|gesamtbetrag|rechnungsbetrag"
    "|bruttosumme|bruttobetrag|rechnungssumme brutto|summe inkl|gesamt inkl|total ttc|montant ttc"
    "|montant total ttc|rechnungstotal|gesamttotal|totale fattura|totale documento|total factura|importe total|total da fatura|totaal factuur"
    "|factuurbedrag|factuurtotaal|total invoice|invoice value" },
  { DOCAI_KEY_TOTAL, 9,
    "total incl|amount incl|total gross|gross total|gross amount|net total payable|gesamtsumme"
    "|endbetrag|gesamt brutto|total t.t.c|totaal incl|total general" },
  { DOCAI_KEY_TOTAL, 8,
    "invoice amount|order total|total sales|rechnungssumme|brutto|totale|totaal" },
  { DOCAI_KEY_TOTAL, 7,
    "total|gesamt" },
  { DOCAI_KEY_TOTAL, 6,
    "summe|rounded" },
  { DOCAI_KEY_DUE, 10,
    "amount due|te betalen bedrag|balance due|total due|zahlbetrag|netto a pagare|totale a pagare|total amount due|net amount due"
    "|total a pagar|liquido a pagar|restbetrag|gesamt zu zahlen" },
  { DOCAI_KEY_DUE, 9,
    "due payable|totaal te betalen|amount payable|please pay|to pay|total payable|zu zahlen"
    "|zahlbar|zu zahlender betrag|falliger betrag|net a payer|reste a payer|offener betrag"
    "|noch zu zahlen" },
  { DOCAI_KEY_DUE, 8,
    "a payer|te betalen" },
  { DOCAI_KEY_PREPAID, 8,
    "amount paid|already paid|prepaid|erhaltene anzahlungen|anzahlung|acompte|deja paye" },
  { DOCAI_KEY_PREPAID, 7,
    "deposit" },
  { DOCAI_KEY_DISCOUNT, 8,
    "discount|rabatt|skonto|remise|gesamtbetrag der abschlage|gesamtbetrag der zuschlage"
    "|descuento" },
  { DOCAI_KEY_DISCOUNT, 6,
    "total savings|total discount|shipping|versandkosten|savings|you saved" },
  { DOCAI_KEY_ROUNDING, 8,
    "rounding|rounding adj|total rounding|round adj|round amt|cent rounding|rounding adjustment|rundung"
    "|arrondi|afronding" },
  { DOCAI_KEY_CASH, 8,
    "cash|cash received|tendered|tender|visa|mastercard|credit card|debit card|gegeben|paid|received"
    "|payment|bar|kartenzahlung|especes|carte bancaire|contant|pin|efectivo|contanti" },
  { DOCAI_KEY_CASH, 9,
    "accepted total|total accepted|total tendered|total tender|total cash|total paid|cash tendered|amount tendered" },
  { DOCAI_KEY_CASH, 6,
    "credit|debit|master|visa card|nets|paywave|amex|maestro|girocard|ec-karte|ec-cash|bancontact|mada|e-wallet" },
  { DOCAI_KEY_CHANGE, 9,
    "change|change due|cash change|change cash|ruckgeld|wechselgeld|rendu|a rendre|wisselgeld|cambio|resto|baki" },
  { DOCAI_KEY_NO_SUM, 9,
    "total qty|total quantity|total items|total item|item count|total no|total points|total disc|total supplies"
    "|gst summary|tax summary|gst analysis|gst reg no|gst no|gst id|vat no|vat id|vat reg|vat registration"
    "|ust-id|ust-idnr|ust.-id|tax invoice|tax id|tax code|tax totals|tva intra|numero tva|no tva"
    "|tva intracommunautaire|btw nr|balance" },
  { DOCAI_KEY_SUBTOTAL, 10,
    "razem netto|wartosc netto|suma netto|kwota netto|zaklad dane|celkem bez dph|spolu bez dph|zaklad dph|netto osszesen"
    "|netto ertek|summa exkl. moms|summa exkl moms|exkl. moms|exkl moms|nettobelopp|delsumma|i alt ekskl. moms"
    "|total ekskl. moms|ekskl. moms|ekskl. mva|sum ekskl. mva|nettobeløb|nettobeløp|veroton yhteensa"
    "|yhteensa veroton|veroton summa|veroton" },
  { DOCAI_KEY_TAX, 9,
    "kwota vat|podatek vat|suma vat|razem vat|dph celkem|dph spolu|afa osszesen|afa osszege|momsbelopp|summa moms"
    "|varav moms|momsbeløb|merverdiavgift|alv yhteensa|arvonlisavero|veron osuus" },
  { DOCAI_KEY_TAX, 8,
    "dph|afa|moms|mva|alv" },
  { DOCAI_KEY_TOTAL, 10,
    "razem brutto|wartosc brutto|suma brutto|kwota brutto|celkem s dph|celkem vcetne dph|spolu s dph|brutto osszesen"
    "|vegosszeg|summa inkl. moms|summa inkl moms|totalsumma|totalbelopp|total inkl. moms|i alt inkl. moms|sum inkl. mva"
    "|totalbeløb|totalbeløp|loppusumma|verollinen yhteensa" },
  { DOCAI_KEY_TOTAL, 7,
    "razem|ogołem|celkem|spolu|osszesen|totalt|i alt|yhteensa" },
  { DOCAI_KEY_TOTAL, 6,
    "summa" },
  { DOCAI_KEY_DUE, 9,
    "do zapłaty|razem do zapłaty|pozostało do zapłaty|k uhrade|celkem k uhrade|k zaplaceni|na uhradu|fizetendo"
    "|fizetendo osszeg|att betala|summa att betala|belopp att betala|at betale|i alt at betale|til betaling|a betale"
    "|maksettava|maksettava yhteensa|maksettavaa yhteensa" },
  { DOCAI_KEY_PREPAID, 8,
    "zapłacono|zaliczka|uhrazeno|zaloha|eloleg|forskott|forskud|ennakko" },
  { DOCAI_KEY_DISCOUNT, 8,
    "rabat|sleva|zlava|kedvezmeny|alennus" },
  { DOCAI_KEY_ROUNDING, 8,
    "zaokraglenie|zaokrouhleni|zaokruhlenie|kerekites|oresavrundning|avrundning|afrunding|pyoristys" },
};

static const PhraseSet columns[] = {
  { DOCAI_KEY_COLUMN_POSITION, 5,
    "pos|position" },
  { DOCAI_KEY_COLUMN_POSITION, 4,
    "#|item no|line" },
  { DOCAI_KEY_COLUMN_CODE, 6,
    "code article|article no|art-nr|art.-nr|art. nr|artikelnummer|artikel-nr|artikelnr|product code|sku|code"
    "|reference|part no|item code" },
  { DOCAI_KEY_COLUMN_CODE, 5,
    "ref|nr|no" },
  { DOCAI_KEY_COLUMN_DESCRIPTION, 9,
    "description|item description|beschreibung|bezeichnung|artikelbeschreibung|artikelbezeichnung"
    "|nom & designation|designation|descripcion|descrizione|omschrijving|descricao" },
  { DOCAI_KEY_COLUMN_DESCRIPTION, 8,
    "item|items|product|article|service|particulars|details|artikel|produkt|leistung|text|libelle"
    "|produit|concepto" },
  { DOCAI_KEY_COLUMN_QUANTITY, 9,
    "quantity|qty|menge|anzahl|quantite|cantidad|quantita|aantal|quantidade" },
  { DOCAI_KEY_COLUMN_QUANTITY, 8,
    "quant|units|hours|anz|qte|cant|hoeveelheid|quantities|nombre|n. pezzi" },
  { DOCAI_KEY_COLUMN_QUANTITY, 7,
    "stuck|stunden" },
  { DOCAI_KEY_COLUMN_UNIT, 6,
    "unit|uom|einheit|unite|einh" },
  { DOCAI_KEY_COLUMN_PRICE, 9,
    "ep|ep eur|e.p.|einzelpr|einzelpr.|preis/einheit|preco unit|preco unit.|preco unitario|precio unitario|precio unit|prezzo unitario|prezzo unit|unit price|unit cost|price per unit|einzelpreis|e-preis|stuckpreis|nettopreis|einzel"
    "|prix unitaire|p.u|pu ht|prix unit|prijs per stuk|pu|p.u. ht|bruttopreis" },
  { DOCAI_KEY_COLUMN_PRICE, 8,
    "price|rate|preis|prix|precio|prezzo|prijs|preco|cost" },
  { DOCAI_KEY_COLUMN_AMOUNT, 9,
    "gp|gp eur|g.p.|gesamtpr|gesamtpr.|prijs incl. btw|amount|line amount|line total|total price|line amount excl. vat|betrag"
    "|gesamtpreis|g-preis|gesamt|summe|nettobetrag|positionsbetrag|positions-|gesamtbetrag"
    "|entgelt|netto|netto-|montant|montant ht|total ht|importe|importo|bedrag|totaal|valor" },
  { DOCAI_KEY_COLUMN_AMOUNT, 8,
    "total|net amount|extended" },
  { DOCAI_KEY_COLUMN_TAX, 8,
    "vat|vat %|tax|taxes|tax rate|gst|ust|mwst|steuersatz|steuer|tva|iva|btw" },
  { DOCAI_KEY_COLUMN_TAX, 6,
    "disc|disc.%|discount|rabatt|date|shipment date|datum" },
  { DOCAI_KEY_COLUMN_POSITION, 5,
    "lp|l.p" },
  { DOCAI_KEY_COLUMN_CODE, 6,
    "kod|kod towaru|cikkszam|artnr|art nr|varenr|varenummer|tuotekoodi|tuotenumero" },
  { DOCAI_KEY_COLUMN_DESCRIPTION, 9,
    "nazwa|nazwa towaru|nazwa towaru lub usługi|nazwa towaru/usługi|opis|popis|nazev|nazov|oznaceni dodavky|megnevezes"
    "|benamning|beskrivning|beskrivelse|varebeskrivelse|tekst|vare|kuvaus|nimike|selite|tuote" },
  { DOCAI_KEY_COLUMN_QUANTITY, 9,
    "ilosc|mnozstvi|mnozstvo|pocet|mennyiseg|antal|antall|maara" },
  { DOCAI_KEY_COLUMN_UNIT, 6,
    "j.m|jm|jednostka|mj|jednotka|enhet|enhed|yksikko" },
  { DOCAI_KEY_COLUMN_PRICE, 9,
    "cena netto|cena jednostkowa|cena jedn|cena za jednotku|jednotkova cena|cena za mj|egysegar|netto egysegar|a-pris|a pris"
    "|styckpris|stykpris|enhedspris|enhetspris|yksikkohinta|a-hinta" },
  { DOCAI_KEY_COLUMN_PRICE, 8,
    "cena|pris|hinta" },
  { DOCAI_KEY_COLUMN_AMOUNT, 9,
    "wartosc|wartosc netto|kwota netto|wartosc brutto|cena celkem|celkem|celkem bez dph|spolu|netto ertek|ertek|belopp"
    "|radsumma|beløb|beløp|pris i alt|i alt|totalt|summa|yhteensa" },
  { DOCAI_KEY_COLUMN_TAX, 8,
    "stawka vat|sazba dph|dph|afa|moms|mva|alv" },
};

static const struct { const PhraseSet *sets; gsize n; } lexicons[] = {
  [DOCAI_LEXICON_LABELS] = { labels, G_N_ELEMENTS (labels) },
  [DOCAI_LEXICON_AMOUNTS] = { amounts, G_N_ELEMENTS (amounts) },
  [DOCAI_LEXICON_COLUMNS] = { columns, G_N_ELEMENTS (columns) },
};

static gboolean
is_word_byte (char c)
{
  return g_ascii_isalnum (c) || (c & 0x80) != 0;
}

#define MIN_BROKEN 8  /* letters of a phrase that is known even with blanks inside */
#define MAX_BLANKS 2

/* How many bytes of the text the phrase takes; 0: the text begins otherwise. In text
 * layers with wide letter pairs, words come apart: "Br uttosumme". */
static gsize
match_phrase (const char *phrase, gsize length, const char *text)
{
  gsize at = 0;
  int   blanks = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (text[at] == ' ' && phrase[i] != ' ' && i > 0 && length >= MIN_BROKEN && blanks++ < MAX_BLANKS)
        at++;
      if (text[at] != phrase[i])
        return 0;
      at++;
    }
  return at;
}

/* Length of the longest phrase of the set that the text begins with; 0: none. */
static gsize
longest_phrase (const PhraseSet *set, const char *text)
{
  gsize longest = 0, length;

  for (const char *phrase = set->phrases; *phrase != '\0'; phrase += length + (phrase[length] == '|'))
    {
      length = strcspn (phrase, "|");
      gsize taken = match_phrase (phrase, length, text);
      if (taken > longest && (!is_word_byte (phrase[length - 1]) || !is_word_byte (text[taken])))
        longest = taken;
    }
  return longest;
}

/* The longest phrase that begins exactly here. */
static gboolean
match_here (DocaiLexicon lexicon, const char *text, gsize at, DocaiKeyMatch *match)
{
  gsize longest = 0;

  for (gsize i = 0; i < lexicons[lexicon].n; i++)
    {
      const PhraseSet *set = &lexicons[lexicon].sets[i];
      gsize            length = longest_phrase (set, text + at);
      if (length < longest || length == 0 || (length == longest && set->weight <= match->weight))
        continue;
      longest = length;
      *match = (DocaiKeyMatch){ set->key, { at, at + length }, set->weight };
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

static void
visit_set (const PhraseSet *set, DocaiLexiconVisit visit, gpointer data)
{
  gsize length;

  for (const char *phrase = set->phrases; *phrase != '\0'; phrase += length + (phrase[length] == '|'))
    {
      length = strcspn (phrase, "|");
      visit (set->key, set->weight, phrase, length, data);
    }
}

void
docai_lexicon_foreach (DocaiLexiconVisit visit, gpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lexicons); i++)
    for (gsize k = 0; k < lexicons[i].n; k++)
      visit_set (&lexicons[i].sets[k], visit, data);
}

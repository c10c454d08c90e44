/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The phrases, folded: English, German, French, Spanish, Italian, Dutch, Portuguese, Polish, with Czech and the Nordic
 * languages where they are near at hand. Words that compounds are made of stand alone ("geburts", "rechnungs" is found by its
 * linking s).
 */
#include "pipeline/ask/phrases.h"

#define C(name) DOCAI_CONCEPT_##name

const DocaiPhraseRow docai_phrase_rows[] = {
  { { C (NUMBER) },
    "number|numbers|no|nos|nr|num|nro|numero|numeros|numeri|nummer|nummern|numer|numeru|numerem|cislo|n|#|id|identifier"
    "|identification number|kennung|kenn nummer|code|kode|kod" },
  { { C (DATE) }, "date|dates|dated|datum|data|fecha|dato|day|tag|jour|dia|giorno|dag|dzien|dnia|datums" },
  { { C (TIME) }, "time|uhrzeit|heure|hora|ora|tijd|tijdstip|hour|godzina|klokkeslaet|cas" },
  { { C (NAME) }, "name|names|namen|namens|nom|noms|nombre|nombres|nome|nomi|naam|nazwa|jmeno|namn|navn" },
  { { C (AMOUNT) },
    "amount|amounts|sum|summe|betrag|betrage|montant|importe|importo|bedrag|valor|kwota|castka|belopp|belob|sum of" },
  { { C (RATE) },
    "rate|rates|percentage|percent|share|satz|prozentsatz|prozent|anteil|taux|pourcentage|part|tasa|porcentaje|aliquota"
    "|percentuale|quota|tarief|aandeel|taxa|percentagem|stawka|odsetek" },
  { { C (PERSON) },
    "person|persons|personne|persona|persoon|pessoa|osoba|holder|bearer|inhaber|titulaire|titular|titolare|houder" },

  { { C (DOCUMENT) }, "document|dokument|documento|paper work|file|dokumentu|page of the document" },
  { { C (INVOICE) },
    "invoice|invoices|bill|rechnung|rechnungen|facture|factures|factura|fattura|fatture|factuur|fatura|faktura|faktury"
    "|fakture|faktur|fakturan" },
  { { C (RECEIPT) },
    "receipt|receipts|slip|till slip|beleg|bon|kassenbon|kassenzettel|quittung|recu|ticket|ticket de caisse|trans"
    "|transaction|fra simp|recibo|ricevuta|scontrino|kassabon|paragon|kvittering|kvitto|talao" },
  { { C (LETTER) }, "letter|brief|schreiben|lettre|carta|lettera|missive|brev" },
  { { C (FORM) },
    "form|formular|vordruck|formblatt|formulaire|formulario|modulo|formulier|modelo|formularz|questionnaire|fragebogen"
    "|antrag" },
  { { C (REPORT) }, "report|bericht|rapport|informe|rapporto|relazione|verslag|relatorio|raport|study|studie|etude" },
  { { C (ARTICLE) }, "article|artikel|beitrag|articulo|articolo|artigo|artykul|paper" },
  { { C (SLIDE) }, "slide|folie|diapositive|diapositiva|slajd|presentation|prasentation" },
  { { C (TABLE) }, "table|tabelle|tableau|tabla|tabella|tabel|tabela" },
  { { C (CARD) },
    "card|ausweis|personalausweis|carte|carte d identite|tarjeta|tessera|carta d identita|kaart|identiteitskaart|cartao"
    "|dowod|dowod osobisty|identity card|id card|licence|license|fuhrerschein|permis|permiso|patente|rijbewijs"
    "|carta de conducao|prawo jazdy" },
  { { C (PASSPORT) }, "passport|pass|reisepass|passeport|pasaporte|passaporto|paspoort|passaporte|paszport" },
  { { C (OFFER) },
    "offer|quote|quotation|estimate|angebot|kostenvoranschlag|devis|offre|presupuesto|cotizacion|offerta|preventivo"
    "|offerte|orcamento|proposta|oferta" },
  { { C (CERTIFICATE) },
    "certificate|zertifikat|urkunde|bescheinigung|zeugnis|certificat|attestation|certificado|certificato|attestato"
    "|getuigschrift|swiadectwo|diploma|diplom|diplome" },
  { { C (CONTRACT) }, "contract|agreement|vertrag|contrat|contrato|contratto|contract no|overeenkomst|umowa|umowy" },

  { { C (TOTAL) },
    "total|totals|in total|all in all|grand total|overall|gesamt|insgesamt|endsumme|au total|totale|totaal|en total"
    "|in totale|in totaal|razem|suma|lacznie|altogether" },
  { { C (NET) },
    "net|netto|subtotal|sub total|before tax|before taxes|before vat|without tax|without vat|excluding vat"
    "|excluding tax|excl vat|ex vat|hors taxe|hors taxes|ht|ohne steuer|ohne mehrwertsteuer|ohne mwst|zwischensumme"
    "|sous total|imponibile|sin iva|sem iva|zonder btw|exclusief btw|bez vat" },
  { { C (TAX) },
    "tax|taxes|vat|gst|sales tax|steuer|mehrwertsteuer|umsatzsteuer|mwst|ust|ust idnr|tva|iva|btw|podatek|podatku|moms"
    "|dph|impuesto|impuestos|imposta|imposte|belasting|imposto|impostos|value added tax" },
  { { C (DUE) },
    "due|deadline|frist|zahlungsfrist|date limite|plazo|be paid|to be paid|to pay|payable|must pay|owed|owe|owing"
    "|zu zahlen|zu bezahlen|zu begleichen|zahlbar|fallig|falligkeit|falligkeits|a payer|exigible|echeance|a pagar"
    "|por pagar|vencimiento|vence|da pagare|scadenza pagamento|gezahlt werden|bezahlt werden|uberwiesen werden"
    "|etre paye|etre payee|ser pagado|ser pagada|essere pagato|essere pagata|ser pago|ser paga|te betalen"
    "|betaald worden|worden betaald|verval|vervaldatum|vervaldag|vencimento|do zaplaty|do zapłaty|platnosci|płatnosci"
    "|zu uberweisen" },
  { { C (PAY) },
    "pay|payment|payments|paying|zahlung|zahlungs|zahlen|bezahlen|uberweisung|uberweisen|paiement|payer|pago|pagar"
    "|pagos|pagamento|pagare|betaling|betalen|pagamentos|zaplata|zapłata|płatnosc|transfer" },
  { { C (PAID) }, "paid|bezahlt|gezahlt|paye|payee|pagado|pagato|betaald|zaplacono|zapłacono|prepaid" },
  { { C (BALANCE) }, "balance|saldo|kontostand|solde" },
  { { C (DISCOUNT) }, "discount|rabatt|skonto|remise|descuento|sconto|korting|desconto|rabat" },
  { { C (CASH) },
    "cash|in cash|bar|bargeld|gegeben|especes|comptant|efectivo|contanti|contant|dinheiro|gotowka|numerario|tendered"
    "|entregado|entregue|contante|cash received|bar gegeben" },
  { { C (CHANGE) },
    "change|ruckgeld|wechselgeld|rendu|monnaie|cambio|resto|wisselgeld|troco|reszta|vuelto|returned|given back|zuruck"
    "|wechselgeld zuruck|rendu monnaie|devuelto" },
  { { C (CURRENCY) }, "currency|wahrung|devise|moneda|valuta|moeda|waluta" },
  { { C (PRICE) },
    "price|prices|cost|costs|preis|preise|prix|precio|prezzo|prijs|preco|cena|kosten|coute|cuesta|kost|kostet" },
  { { C (QUANTITY) }, "quantity|qty|menge|anzahl|stuckzahl|quantite|cantidad|quantita|aantal|hoeveelheid|quantidade|ilosc" },
  { { C (IBAN) }, "iban" },
  { { C (BIC) }, "bic|swift|bic swift|swift bic|swift code|bic code" },
  { { C (BANK) }, "bank|banque|banco|banca|banku" },
  { { C (ACCOUNT) },
    "account|konto|bankkonto|bank account|kontonummer|compte|cuenta|conto|rekening|conta|rachunek|rachunku"
    "|bankverbindung" },
  { { C (TERMS) }, "terms|conditions|bedingungen|zahlungsbedingungen|condiciones|condizioni|voorwaarden|condicoes|warunki" },

  { { C (VENDOR) },
    "vendor|seller|supplier|biller|lieferant|lieferanten|verkaufer|rechnungssteller|fournisseur|vendeur|proveedor"
    "|vendedor|fornitore|venditore|leverancier|verkoper|fornecedor|dostawca|sprzedawca" },
  { { C (CUSTOMER) },
    "customer|customers|client|buyer|purchaser|billed|billed to|bill to|kunde|kunden|kundin|kaufer|besteller"
    "|rechnungsempfanger|acheteur|cliente|comprador|acquirente|klant|klanten|koper|klient|klienta|nabywca|kund" },
  { { C (SHOP) },
    "shop|store|merchant|retailer|restaurant|geschaft|laden|handler|markt|magasin|commerce|commercant|tienda|comercio"
    "|negozio|esercente|winkel|loja|sklep|sprzedawcy" },
  { { C (SENDER) },
    "sender|sent by|absender|absenders|versender|expediteur|remitente|mittente|afzender|remetente|nadawca|from whom"
    "|von wem|de qui|de quien|da chi|van wie|de quem|od kogo|avsender|afsender" },
  { { C (RECEIVER) },
    "receiver|recipient|addressee|addressed|addressed to|empfanger|empfangers|adressat|gerichtet|destinataire|adressee"
    "|destinatario|dirigida|indirizzata|geadresseerde|ontvanger|gericht|enderecada|odbiorca|adresat|to whom|an wen"
    "|a qui|a quien|a chi|aan wie|a quem|do kogo|mottaker|modtager" },
  { { C (AUTHOR) },
    "author|authors|written by|verfasser|verfasst von|autor|autoren|autorin|auteur|auteurs|autore|autori|autora"
    "|schrijver|autores" },
  { { C (COMPANY) },
    "company|firm|corporation|organisation|organization|firma|unternehmen|gesellschaft|societe|entreprise|empresa"
    "|azienda|societa|ditta|bedrijf|institution" },
  { { C (EMPLOYER) }, "employer|arbeitgeber|employeur|datore di lavoro|werkgever|empregador|pracodawca" },
  { { C (ORDER) },
    "order|orders|purchase order|po|bestellung|bestell|auftrag|auftrags|commande|pedido|ordine|bestelling|encomenda"
    "|zamowienie|zamowienia|ordre" },
  { { C (DELIVERY) },
    "delivery|delivered|shipping|shipment|shipped|lieferung|liefer|geliefert|versand|livraison|livre|entrega|envio"
    "|consegna|spedizione|levering|bezorging|verzending|dostawa|dostawy" },
  { { C (BUY) },
    "bought|buy|purchase|purchased|gekauft|kauf|einkauf|einkaufs|achat|achete|compra|comprado|acquisto|acquistato"
    "|aankoop|gekocht|zakup|zakupu|comprou" },
  { { C (SERVICE) }, "service|services|leistung|leistungs|prestation|servicio|servizio|dienst|servico|usluga" },
  { { C (PERIOD) },
    "period|duration|how long|wie lange|combien de temps|laufzeit|dauer|duree|duracion|durata|looptijd|duracao|zeitraum"
    "|periode|periodo|tijdvak|okres" },

  { { C (GIVEN), C (NAME) },
    "first name|first names|given name|given names|forename|forenames|christian name|vorname|vornamen|prenom|prenoms"
    "|voornaam|voornamen|nome proprio|imie|imiona|fornavn|fornamn|krestni jmeno|nombre de pila" },
  { { C (FAMILY), C (NAME) },
    "last name|last names|family name|surname|surnames|nachname|familienname|zuname|nom de famille|apellido|apellidos"
    "|cognome|achternaam|apelido|apelidos|sobrenome|nazwisko|efternavn|efternamn|prijmeni" },
  { { C (BIRTH) },
    "birth|born|birthday|geburt|geburts|geboren|naissance|ne le|nee le|nacimiento|nacido|nacio|nascita|nato|nata"
    "|geboorte|nascimento|nascido|nascida|nasceu|urodzenia|urodzony|urodzona|fodsel|fodd|narozeni" },
  { { C (BIRTH), C (DATE) }, "dob|date of birth|birthdate|birthday date" },
  { { C (SEX) }, "sex|gender|geschlecht|sexe|genre|sexo|sesso|genere|geslacht|plec|kon" },
  { { C (NATIONALITY) },
    "nationality|citizenship|staatsangehorigkeit|nationalitat|staatsburgerschaft|nationalite|nacionalidad|nazionalita"
    "|cittadinanza|nationaliteit|nacionalidade|obywatelstwo|narodowosc" },
  { { C (OCCUPATION) },
    "occupation|profession|job|job title|beruf|berufs|tatigkeit|profesion|ocupacion|professione|beroep|profissao"
    "|ocupacao|zawod" },
  { { C (HEIGHT) }, "height|tall|how tall|grosse|korpergrosse|taille|estatura|altura|statura|altezza|lengte|wzrost" },
  { { C (AGE) }, "age|old|alter|edad|leeftijd|idade|wiek|how old|wie alt" },
  { { C (MARITAL) },
    "marital status|civil status|familienstand|etat civil|situation familiale|estado civil|stato civile"
    "|burgerlijke staat|stan cywilny" },
  { { C (PHONE) },
    "phone|telephone|tel|phone number|telefon|telefonnummer|telefono|telefoon|telefoonnummer|telefone|fon|rufnummer|ruf"
    "|ph|telefonu|tlf|puhelin" },
  { { C (MOBILE), C (PHONE) },
    "mobile|mobile phone|cell|cellphone|cell phone|handy|mobil|mobiltelefon|portable|movil|celular|cellulare|mobiel"
    "|telemovel|komorka" },
  { { C (FAX) }, "fax|telefax|fax number|telecopie" },
  { { C (EMAIL) },
    "email|e mail|mail|mail address|email address|e mail address|e mail adresse|email adresse|courriel|correo"
    "|correo electronico|correio eletronico|posta elettronica|adresse e mail|adresse email|e mailadres|mailadresse"
    "|emailadresse|e mailadresse|adres e mail" },
  { { C (WEB) },
    "web|website|web site|homepage|url|internet|site web|sitio web|sito web|sito|webseite|internetseite|www"
    "|strona internetowa" },
  { { C (ADDRESS) },
    "address|anschrift|adresse|direccion|indirizzo|adres|endereco|morada|domicilio|domicile|adresu|wohnhaft|live|lives"
    "|residence|wohnt|habite|vive|abita|woont|mieszka" },
  { { C (STREET) }, "street|street address|strasse|rue|calle|via|straat|rua|ulica|road" },
  { { C (CITY) },
    "city|town|stadt|ort|wohnort|ville|ciudad|citta|comune|stad|cidade|localidade|localidad|miasto|miejscowosc"
    "|woonplaats|plaats|municipio" },
  { { C (POSTCODE) },
    "postcode|post code|postal code|zip|zip code|plz|postleitzahl|code postal|codigo postal|cap|kod pocztowy" },
  { { C (COUNTRY) }, "country|land|pays|pais|paese|kraj|state of issue" },
  { { C (PLACE) }, "place|lieu|lugar|luogo|miejsce|location|standort|sted" },
  { { C (BIRTH), C (PLACE) },
    "place of birth|birthplace|geburtsort|geboorteplaats|lieu de naissance|lugar de nacimiento|luogo di nascita"
    "|local de nascimento|miejsce urodzenia" },

  { { C (TITLE) },
    "title|heading|headline|titel|uberschrift|schlagzeile|titre|intitule|titulo|encabezado|titolo|intestazione|kop"
    "|tytul|tytuł|cabecalho|called|titled|entitled|heisst|appelle|llama|chiama|heet|chama|nazywa" },
  { { C (SUBJECT) },
    "subject|subject line|re|about|regarding|betreff|betrifft|betreffzeile|thema|objet|concerne|sujet|asunto|oggetto"
    "|onderwerp|betreft|assunto|temat|emne|concerning" },
  { { C (REFERENCE) },
    "reference|ref|our reference|your reference|our ref|your ref|zeichen|aktenzeichen|geschaftszeichen|unser zeichen"
    "|ihr zeichen|referenz|notre reference|n ref|v ref|nos ref|vos ref|nuestra referencia|su referencia|referencia"
    "|referentie|ons kenmerk|uw kenmerk|kenmerk|riferimento|rif|ns rif|vs rif|referencja|znak|case number|file number" },
  { { C (PAGE) }, "page|seite|pagina|strona|side|p|seiten|pages" },
  { { C (JOURNAL) },
    "journal|newspaper|magazine|zeitschrift|zeitung|revue|revista|rivista|giornale|tijdschrift|krant|jornal|periodico"
    "|czasopismo|appeared in|gazette|gazzetta|tribune|herald|anzeiger|courier|courrier|corriere|correio|annals|annales"
    "|annalen|archives|archiv|proceedings|transactions|bulletin|acta" },
  { { C (ISSUE) },
    "issue|issued|issuing|ausgestellt|ausstellung|ausstellungs|ausgabe|delivrance|delivre|emission|emis|expedicion"
    "|expedido|emision|emitido|rilascio|rilasciato|emissione|emesso|uitgifte|afgifte|afgegeven|emissao|emitida|wydania"
    "|wydano|wystawienia|wystawiono|ausstellende" },
  { { C (EXPIRY) },
    "expiry|expires|expire|expiration|valid|validity|valid until|valid thru|valid to|valid through|good thru|gultig"
    "|gultig bis|gultigkeit|ablauf|ablaufdatum|lauft ab|ablaufs|valable|valable jusqu|validite|expiration date"
    "|caducidad|caduca|valido hasta|validez|scadenza|scade|valido fino|validita|geldig|geldig tot|geldigheid|verloopt"
    "|validade|valido ate|expira|wazny|wazny do|wazne do|waznosci|ważnosci|termin waznosci|best before" },
  { { C (START) },
    "start|begin|beginning|beginn|begins|starts|valid from|gultig ab|gultig von|debut|inicio|inizio|aanvang|poczatek"
    "|from date|start date|effective date" },
  { { C (END) }, "end|ends|ending|ende|endet|enddatum|fin|fine|einde|fim|koniec|end date|to date" },
  { { C (WRITE) },
    "wrote|written|write|writes|schrieb|geschrieben|verfasst|ecrit|ecrite|escribio|escrito|escrita|scritto|scritta"
    "|geschreven|schreef|escreveu|napisal" },
  { { C (SENDER), C (WRITE) },
    "sent|send|sends|geschickt|gesendet|versandt|envoye|envoyee|enviado|enviada|envio la|inviato|inviata|verzonden"
    "|gestuurd|enviou" },
  { { C (PUBLISH) },
    "published|publish|publication|appeared|veroffentlicht|erschienen|publie|publicado|publicada|pubblicato"
    "|gepubliceerd|opublikowano" },
  { { C (SIGNATURE) },
    "signature|signed|unterschrift|unterzeichnet|signe|firma de|firmado|handtekening|assinatura|assinado|podpis"
    "|podpisal" },
  { { C (REMARK) },
    "remark|remarks|note|notes|comment|comments|bemerkung|bemerkungen|anmerkung|observations|observaciones|observacoes"
    "|opmerkingen|uwagi" },
  { { C (REASON) }, "reason|grund|motif|motivo|reden|powod|purpose|zweck" },
  { { C (DEPARTMENT) }, "department|division|abteilung|departement|service responsable|departamento|reparto|afdeling|dzial" },
  { { C (YEAR) }, "year|jahr|annee|ano|anno|jaar|rok" },
  { { C (MONTH) }, "month|monat|mois|mes|mese|maand|miesiac" },
  { { C (WEIGHT) }, "weight|gewicht|poids|peso|waga" },
  { { C (ITEM) },
    "item|items|product|products|article no|posten|position|positionen|produkt|produkte|ware|waren|produit|produits"
    "|producto|productos|prodotto|prodotti|produto|description|designation|bezeichnung|beschreibung|omschrijving"
    "|descricao|descripcion|descrizione|opis" },
  { { C (UNIT), C (PRICE) },
    "unit price|unit cost|price per unit|einzelpreis|stuckpreis|prix unitaire|precio unitario|prezzo unitario|stukprijs"
    "|preco unitario|cena jednostkowa" },

  { { C (TAX), C (NUMBER) },
    "vat id|vat no|vat number|vat reg no|vat registration number|ust id|ust idnr|umsatzsteuer id"
    "|umsatzsteuer identifikationsnummer|ustid|tax id|tax number|nif|cif|nip|partita iva|p iva|gstin|steuer id|uid"
    "|tva intracommunautaire" },
  { { 0 }, NULL },
};

const char docai_frame_words[]
    = "what|which|who|whom|whose|when|where|why|how|is|are|was|were|be|been|the|this|that|these|it|its|his|her|their"
      "|there|does|do|did|has|given|have|had|can|could|would|should|shall|will|must|may|please|tell|me|us|give|get|find"
      "|show|state|list|extract|return|read|say|says|said|stated|shown|printed|written on|mentioned|named|filled in"
      "|filled|listed|indicated|specified|provided|value|much|many|you|i|we|my|our|your|and|or|also|any|am|as|s|went"
      "|take|took|come|comes|carry|carries|used|need|he|she|they|money|was ist|wer|wem|wen|wessen|wann|wo|wie|warum"
      "|welche|welcher|welches|welchen|welchem|welch|ist|sind|war|waren|wird|wurde|wurden|der|die|das|den|dem|des|ein"
      "|eine|einer|eines|einem|einen|es|er|sie|hat|haben|lautet|lauten|steht|stehen|hoch|viel|viele|bitte|nenne|nennen"
      "|gib|gibt|geben|angegeben|genannt|geht|gehen|ging|kommt|kam|stammt|kann|muss|soll|man|mir|und|oder|sein|seine"
      "|ihre|ihr|auf|tragt|betragt|ich|wir|gestellt|gibt es|quel|quelle|quels|quelles|qui|que|quoi|quand|ou|combien"
      "|comment|est|sont|etait|le|la|les|l|un|une|ce|cet|cette|ces|il|elle|s il|vous|plait|donnez|donner|indiquez"
      "|indique|son|sa|ses|et|se|dois|doit|faut|je|on|y a t|cual|cuales|quien|quienes|cuando|donde|cuanto|cuanta"
      "|cuantos|cuantas|como|es|son|fue|el|los|las|una|este|esta|del|su|y|dame|diga|por favor|hay|debo|tengo|que|qual"
      "|quali|chi|quando|dove|quanto|quanta|quanti|quante|come|sono|era|lo|gli|i|questo|questa|il|uno|e|dell|della"
      "|dello|dei|delle|dimmi|devo|si|wat|wie|welk|welke|wanneer|waar|hoe|hoeveel|zijn|het|dit|deze|een|staat|geef"
      "|heeft|moet|moeten|er|ik|quais|quem|onde|sao|foi|o|os|as|um|uma|dos|das|seu|sua|tenho|devo|jaki|jaka|jakie|kto"
      "|kiedy|gdzie|ile|jest|sa|ten|prosze";

const char docai_particles[]
    = "a|an|of|from|to|by|for|until|till|on|in|at|with|about|into|per|up|against|under|off|over|not|von|vom|zu|zum|zur"
      "|an|am|im|bis|fur|mit|aus|bei|ab|nach|uber|durch|als|sich|de|du|des|au|aux|en|par|pour|sur|dans|avec|jusqu|d|por"
      "|para|con|hasta|desde|sobre|da|do|di|dal|dalla|al|alla|allo|per|su|nel|nella|fino|tra|van|voor|aan|bij|tot|met"
      "|op|door|naar|uit|te|no|na|nos|nas|pelo|pela|com|ate|em|ao|z|ze|w|we|od|do|fra|fran|til|till|dla|przez";

# SPDX-License-Identifier: GPL-3.0-or-later
"""Words for synthetic pages: vocabulary, names, addresses, dates, amounts and running text in seven languages.

Nothing here is taken from a document. Names are put together from parts, sentences from word lists; they read
like prose from a distance, which is all that a page needs.
"""
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")

_NOUNS = {
    "en": "report system market result process method model service water energy company region network study "
          "project quality training value production demand price measure policy review department question "
          "period change growth risk framework surface temperature sample analysis contract building school "
          "community family river history council harvest machine customer data design structure population",
    "de": "Bericht System Markt Ergebnis Verfahren Methode Modell Dienst Wasser Energie Unternehmen Region Netz "
          "Studie Projekt Qualität Ausbildung Wert Produktion Nachfrage Preis Maßnahme Prüfung Abteilung Frage "
          "Zeitraum Änderung Wachstum Risiko Oberfläche Temperatur Probe Analyse Vertrag Gebäude Schule Gemeinde "
          "Familie Fluss Geschichte Ernte Maschine Kunde Struktur Bevölkerung Entwicklung Verwaltung Sicherheit",
    "fr": "rapport système marché résultat procédé méthode modèle service eau énergie entreprise région réseau "
          "étude projet qualité formation valeur production demande prix mesure politique examen département "
          "question période changement croissance risque surface température échantillon analyse contrat bâtiment "
          "école commune famille rivière histoire conseil récolte machine client structure population",
    "es": "informe sistema mercado resultado proceso método modelo servicio agua energía empresa región red "
          "estudio proyecto calidad formación valor producción demanda precio medida política revisión pregunta "
          "periodo cambio crecimiento riesgo superficie temperatura muestra análisis contrato edificio escuela "
          "comunidad familia río historia consejo cosecha máquina cliente estructura población",
    "it": "rapporto sistema mercato risultato processo metodo modello servizio acqua energia impresa regione rete "
          "studio progetto qualità formazione valore produzione domanda prezzo misura politica verifica reparto "
          "periodo cambiamento crescita rischio superficie temperatura campione analisi contratto edificio scuola "
          "comune famiglia fiume storia consiglio raccolto macchina cliente struttura popolazione",
    "nl": "rapport systeem markt resultaat proces methode model dienst water energie bedrijf regio netwerk studie "
          "project kwaliteit opleiding waarde productie vraag prijs maatregel beleid onderzoek afdeling periode "
          "verandering groei risico oppervlak temperatuur monster analyse contract gebouw school gemeente familie "
          "rivier geschiedenis raad oogst machine klant structuur bevolking",
    "pt": "relatório sistema mercado resultado processo método modelo serviço água energia empresa região rede "
          "estudo projeto qualidade formação valor produção procura preço medida política revisão departamento "
          "questão período mudança crescimento risco superfície temperatura amostra análise contrato edifício "
          "escola comunidade família rio história conselho colheita máquina cliente estrutura população"}
_VERBS = {
    "en": "shows describes supports reduces increases follows requires provides explains changes covers improves "
          "remains becomes includes defines limits measures compares confirms suggests depends allows",
    "de": "zeigt beschreibt unterstützt verringert erhöht folgt erfordert bietet erklärt verändert umfasst "
          "verbessert bleibt wird enthält bestimmt begrenzt misst vergleicht bestätigt ermöglicht",
    "fr": "montre décrit soutient réduit augmente suit exige fournit explique change couvre améliore reste "
          "devient comprend définit limite mesure compare confirme suggère permet",
    "es": "muestra describe apoya reduce aumenta sigue requiere ofrece explica cambia cubre mejora queda incluye "
          "define limita mide compara confirma sugiere depende permite",
    "it": "mostra descrive sostiene riduce aumenta segue richiede fornisce spiega cambia copre migliora rimane "
          "diventa comprende definisce limita misura confronta conferma suggerisce permette",
    "nl": "toont beschrijft steunt vermindert verhoogt volgt vereist biedt verklaart verandert omvat verbetert "
          "blijft wordt bevat bepaalt beperkt meet vergelijkt bevestigt suggereert staat",
    "pt": "mostra descreve apoia reduz aumenta segue exige fornece explica muda cobre melhora permanece torna "
          "inclui define limita mede compara confirma sugere depende permite"}
_ADJECTIVES = {
    "en": "new small large recent local public annual final strong early common several technical possible main "
          "general important different national open simple",
    "de": "neue kleine große lokale öffentliche jährliche starke frühe gemeinsame technische mögliche allgemeine "
          "wichtige andere nationale offene einfache erste letzte",
    "fr": "nouveau petit grand récent local public annuel final fort commun technique possible principal général "
          "important différent national simple",
    "es": "nuevo pequeño grande reciente local público anual final fuerte común técnico posible principal general "
          "importante distinto nacional simple",
    "it": "nuovo piccolo grande recente locale pubblico annuale finale forte comune tecnico possibile principale "
          "generale importante diverso nazionale semplice",
    "nl": "nieuwe kleine grote recente lokale openbare jaarlijkse sterke vroege gemeenschappelijke technische "
          "mogelijke algemene belangrijke andere nationale eenvoudige",
    "pt": "novo pequeno grande recente local público anual final forte comum técnico possível principal geral "
          "importante diferente nacional simples"}
_SMALL = {  # determiners, prepositions, conjunctions
    "en": ("the a this each our".split(), "in of for with by from under between during to".split(), "and but while because".split()),
    "de": ("der die das ein eine jede".split(), "in von für mit durch aus unter zwischen während nach".split(), "und aber während weil".split()),
    "fr": ("le la un une chaque".split(), "dans de pour avec par sous entre pendant vers".split(), "et mais car lorsque".split()),
    "es": ("el la un una cada".split(), "en de para con por bajo entre durante hacia".split(), "y pero mientras porque".split()),
    "it": ("il la un una ogni".split(), "in di per con da sotto tra durante verso".split(), "e ma mentre perché".split()),
    "nl": ("de het een elke deze".split(), "in van voor met door uit onder tussen tijdens naar".split(), "en maar terwijl omdat".split()),
    "pt": ("o a um uma cada".split(), "em de para com por sob entre durante até".split(), "e mas enquanto porque".split())}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"}
_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pt": "segunda terça quarta quinta sexta sábado domingo"}
_FIRST = {
    "en": "Alice Brian Carol David Emma Frank Grace Henry Irene Jack Laura Michael Nora Oliver Paula Robert Susan Thomas",
    "de": "Anna Bernd Claudia Dieter Eva Florian Gisela Heike Ingo Jutta Karsten Lena Markus Petra Rainer Sabine Uwe",
    "fr": "Amélie Bruno Chloé Didier Élodie François Hélène Jacques Julie Luc Marie Nicolas Olivier Pierre Sophie",
    "es": "Alicia Beatriz Carlos Diego Elena Fernando Isabel Javier Lucía Manuel Nuria Pablo Raquel Sergio Teresa",
    "it": "Alessia Bruno Carla Davide Elisa Fabio Giulia Lorenzo Marco Nadia Paolo Roberta Silvia Tommaso",
    "nl": "Anke Bas Daan Els Femke Gijs Hanneke Jan Karin Lotte Maarten Nienke Pieter Ruben Sanne Willem",
    "pt": "Ana Bruno Carla Duarte Inês João Joana Luís Mariana Nuno Paulo Rita Sofia Tiago Vasco"}
_LAST = {
    "en": "Ashton Barlow Carver Dalton Ellery Fenwick Garland Hartley Kingsley Langford Mercer Norwood Preston "
          "Redfern Stanton Thorne Wexford",
    "de": "Ahrens Brandt Dreher Eberle Fuhrmann Gerlach Hartwig Kessler Lindner Mertens Neuhaus Petersen Reinhardt "
          "Sommer Vogt Weidner",
    "fr": "Aubert Beaumont Chevalier Delacroix Fournier Girard Lambert Marchand Noirot Perrin Renard Sauvage Tessier Vidal",
    "es": "Aguilar Benítez Castaño Delgado Espinosa Fuentes Herrera Ibáñez Lozano Medina Navarro Ortega Pascual Romero Salas",
    "it": "Albini Bertoni Colombo D'Angelo Esposito Ferraro Gentile Leone Marini Orlandi Pellegrini Rinaldi Santoro Villa",
    "nl": "Bakker Boersma Dekker Hendriks Jacobs Kuipers Mulder Postma Smit Verhoeven Visser Zijlstra",
    "pt": "Almeida Barros Cardoso Duarte Esteves Fonseca Lopes Marques Nogueira Pinto Ribeiro Tavares Vieira"}
_TOWN = {
    "en": ["Ashford,Brookfield,Clayton,Easton,Fairview,Glenwood,Harlow,Milford,Northam,Ridgeway,Springdale,Weston"],
    "de": ["Altenau,Bergfeld,Dornstadt,Erlbach,Freital,Grünau,Hohenfels,Lindau,Neustadt,Rosenheim,Steinbach,Waldkirch"],
    "fr": ["Beaulieu,Châteauneuf,Fontaine,Lavigne,Montclair,Neuville,Rochefort,Saint-Aubin,Valmont,Villefranche"],
    "es": ["Alcalá,Buenavista,Fuentes,Montalbán,Peñafiel,Ribera,Santa Clara,Valdeoro,Villanueva,Zafra"],
    "it": ["Bellano,Castelnuovo,Fontana,Montalto,Pietrasanta,Roccabella,San Lorenzo,Torre,Vallefiorita"],
    "nl": ["Amersdorp,Broekhuizen,Dijkstad,Groenlo,Heuvelrade,Nieuwkerk,Oosterveen,Westwijk,Zandvoort"],
    "pt": ["Alvorada,Boavista,Castelo,Fontainhas,Montemor,Ribeira,Santa Marta,Vale Verde,Vila Nova"]}
_STREET = {
    "en": ("{n} {w} {s}", "Mill Church Station High Park Oak Victoria Green Bridge King Jalan".split(), "Street Road Avenue Lane Drive Close".split()),
    "de": ("{w}{s} {n}", "Bahnhof Haupt Schul Garten Linden Berg Kirch Wiesen Mühlen Industrie".split(), "straße weg allee platz gasse".split()),
    "fr": ("{n}, {s} {w}", "Victor-Hugo de-la-Gare des-Lilas du-Moulin Pasteur de-l'Église Voltaire".split(), "rue avenue boulevard place chemin".split()),
    "es": ("{s} {w}, {n}", "Mayor del-Sol San-Juan de-la-Paz Cervantes Real del-Mar Goya".split(), "Calle Avenida Plaza Paseo".split()),
    "it": ("{s} {w}, {n}", "Garibaldi Roma Mazzini Dante Verdi della-Libertà Manzoni".split(), "Via Viale Piazza Corso".split()),
    "nl": ("{w}{s} {n}", "Kerk Molen Dorps School Stations Linden Haven Prins".split(), "straat weg laan plein kade".split()),
    "pt": ("{s} {w}, {n}", "da-Liberdade do-Comércio das-Flores Camões da-Praia Augusta".split(), "Rua Avenida Praça Travessa".split())}
_COMPANY_A = ("Alto Nord Vela Kirin Bruma Solva Arden Lumi Orbit Castel Terra Quadra Helio Mira Tessa Rova Zento Pylon "
              "Cobalt Maple Falcon Delta Aurora Granit Linden Silver Harbor Summit Vertex Polar Amber Novum Sigma "
              "Blue Prime Global United Royal Golden Euro Inter Omni Opti Agri Medi Bio Techno").split()
_COMPANY_B = ("tec werk line soft mark plan gate dyne form care trade lux fab lab max net print foods press works "
              "mobil data logic energy media farm parts stone wood").split()
_COMPANY_W = {
    "en": "Trading Supplies Services Hardware Logistics Consulting Electronics Foods Printing Engineering Stationery Restaurant Motors Pharmacy".split(),
    "de": "Handel Bürobedarf Maschinenbau Logistik Beratung Elektrotechnik Feinkost Druckerei Möbel Apotheke".split(),
    "fr": "Distribution Services Matériel Transports Conseil Électronique Alimentation Imprimerie".split(),
    "es": "Comercial Servicios Suministros Transportes Consultores Electrónica Alimentos Imprenta".split(),
    "it": "Commerciale Servizi Forniture Trasporti Consulenza Elettronica Alimentari Tipografia".split(),
    "nl": "Handel Diensten Kantoor Transport Advies Techniek Voeding Drukwerk".split(),
    "pt": "Comercial Serviços Materiais Transportes Consultoria Eletrónica Alimentos Gráfica".split()}
_COMPANY_F = {"en": "Ltd Ltd. Inc. LLC plc Co.|Sdn Bhd", "de": "GmbH GmbH AG KG e.K.|GmbH & Co. KG",
              "fr": "SARL SA SAS EURL|& Fils", "es": "S.L. S.A. SLU|e Hijos", "it": "S.r.l. S.p.A. S.n.c.|& Figli",
              "nl": "B.V. N.V. V.O.F.", "pt": "Lda. S.A.|Unipessoal Lda."}
_PRODUCTS = {
    "en": "steel bracket,office chair,copy paper A4,LED lamp,service hour,USB cable,printer toner,paint white 5 l,hex bolt M8,"
          "garden hose,coffee beans,monthly licence,web hosting,shipping,maintenance,rubber seal,water filter,desk,monitor stand,"
          "cleaning agent,plywood board,consulting,battery pack,travel costs,safety gloves",
    "de": "Stahlwinkel,Bürostuhl,Kopierpapier A4,LED-Lampe,Arbeitsstunde,USB-Kabel,Druckertoner,Wandfarbe weiß 5 l,Sechskantschraube M8,"
          "Gartenschlauch,Kaffeebohnen,Lizenz monatlich,Webhosting,Versandkosten,Wartung,Gummidichtung,Wasserfilter,Schreibtisch,"
          "Reinigungsmittel,Sperrholzplatte,Beratung,Akkupack,Fahrtkosten,Schutzhandschuhe",
    "fr": "équerre acier,chaise de bureau,papier A4,lampe LED,heure de service,câble USB,toner,peinture blanche,boulon M8,"
          "tuyau d'arrosage,café en grains,licence mensuelle,hébergement web,frais de port,entretien,joint caoutchouc,filtre à eau,bureau,conseil",
    "es": "escuadra de acero,silla de oficina,papel A4,lámpara LED,hora de servicio,cable USB,tóner,pintura blanca,tornillo M8,"
          "manguera,café en grano,licencia mensual,alojamiento web,gastos de envío,mantenimiento,junta de goma,filtro de agua,mesa,asesoría",
    "it": "staffa in acciaio,sedia da ufficio,carta A4,lampada LED,ora di servizio,cavo USB,toner,vernice bianca,bullone M8,"
          "tubo da giardino,caffè in grani,licenza mensile,hosting web,spese di spedizione,manutenzione,guarnizione,filtro acqua,scrivania,consulenza",
    "nl": "stalen beugel,bureaustoel,kopieerpapier A4,ledlamp,arbeidsuur,usb-kabel,toner,witte verf,bout M8,"
          "tuinslang,koffiebonen,licentie per maand,webhosting,verzendkosten,onderhoud,rubber ring,waterfilter,bureau,advies",
    "pt": "suporte de aço,cadeira de escritório,papel A4,lâmpada LED,hora de serviço,cabo USB,toner,tinta branca,parafuso M8,"
          "mangueira,café em grão,licença mensal,alojamento web,portes de envio,manutenção,vedante,filtro de água,secretária,consultoria"}
_GROCERIES = {
    "en": "milk 1L,white bread,eggs x10,apples,bananas,cola 330ml,rice 5kg,chicken,instant noodles,soap,green tea,tissue,"
          "shampoo,biscuits,coffee,iced lemon tea,fried rice,beef burger,orange juice,batteries AA,ball pen,cable tie,teh tarik,nasi lemak,diesel",
    "de": "Milch 1L,Weißbrot,Eier 10er,Äpfel,Bananen,Cola 0.5,Reis,Hähnchen,Seife,Grüner "
          "Tee,Taschentücher,Kekse,Kaffee,Butter,Gouda,Mineralwasser,Brötchen,Super E10",
    "fr": "lait 1L,baguette,oeufs x6,pommes,bananes,cola,riz,poulet,savon,thé "
          "vert,mouchoirs,biscuits,café,beurre,fromage,eau minérale,croissant,menu du jour",
    "es": "leche 1L,pan,huevos x12,manzanas,plátanos,cola,arroz,pollo,jabón,té verde,pañuelos,galletas,café con "
          "leche,mantequilla,queso,agua,tortilla",
    "it": "latte 1L,pane,uova x6,mele,banane,cola,riso,pollo,sapone,tè verde,biscotti,caffè,burro,formaggio,acqua "
          "minerale,pizza margherita,coperto",
    "nl": "melk 1L,brood,eieren x10,appels,bananen,cola,rijst,kip,zeep,groene "
          "thee,koekjes,koffie,boter,kaas,water,friet,statiegeld",
    "pt": "leite 1L,pão,ovos x6,maçãs,bananas,cola,arroz,frango,sabão,chá verde,bolachas,café,manteiga,queijo,água,pastel de nata"}
CURRENCIES = {"en": ("$", "£", "€", "USD", "GBP", "RM", "Rs."), "de": ("€", "EUR", "CHF"), "fr": ("€", "EUR", "CHF"),
              "es": ("€", "EUR", "$"), "it": ("€", "EUR"), "nl": ("€", "EUR"), "pt": ("€", "EUR", "R$")}


# Syllables for words that no list holds: text of any subject reads like this to one who does not know the subject.
_SYLLABLES = {
    "en": "con tra per mer ing ment tion able ster land ber der ford ton est pro ver ma la ti ni co re de ex in un",
    "de": "schaft ung heit ver be ge ent stein bach lich tag werk land er um ab auf zu ein mit wer fall ste gen",
    "fr": "tion ment eur é ré pro con trans lier mar che lan gue vel eau ois ant pré sou den ber tif que",
    "es": "ción mente dor re pro con tra ble mar lan gue nal dad ado es par cu ma lo ni ta men to",
    "it": "zione mente tore re pro con tra bile mar lan ghi nale tà ato es par cu ma lo ni ta men to",
    "nl": "schap ing heid ver be ge ont steen beek lijk dag werk land er om af op toe in met wer val ste",
    "pt": "ção mente dor re pro con tra vel mar lan gue nal dade ado es par cu ma lo ni ta men to"}


_MORE_NOUNS = {
    "en": "committee percent government agency program employment income household student teacher health patient "
          "treatment sector member union directive legislation authority budget expenditure tax trade export import "
          "industry output productivity labour wage survey respondent sample variable estimate equation algorithm "
          "function parameter theorem proof experiment concentration solution reaction figure chart map area land "
          "forest climate emission pollutant river vehicle engine aircraft software user interface file database "
          "server device security access document standard section chapter theory language image signal frequency "
          "detector cell protein gene species disease risk century museum war election party minister president "
          "court law right citizen journey village garden bread letter night house street",
    "de": "Ausschuss Prozent Regierung Behörde Programm Beschäftigung Einkommen Haushalt Schüler Lehrer Gesundheit "
          "Patient Sektor Mitglied Richtlinie Gesetz Ausgaben Steuer Handel Ausfuhr Industrie Leistung Lohn Umfrage "
          "Stichprobe Variable Schätzung Gleichung Algorithmus Funktion Beweis Satz Versuch Lösung Abbildung Fläche "
          "Wald Klima Fahrzeug Motor Rechner Nutzer Datei Gerät Zugriff Dokument Norm Abschnitt Theorie Sprache "
          "Bild Signal Zelle Art Krankheit Jahrhundert Krieg Wahl Partei Recht Bürger Dorf Garten Haus Straße Nacht",
    "fr": "comité gouvernement programme emploi revenu ménage élève santé patient secteur membre directive loi "
          "dépense impôt commerce exportation industrie salaire enquête échantillon équation fonction expérience "
          "solution zone forêt climat véhicule moteur fichier document norme section théorie langue image cellule "
          "espèce maladie siècle guerre élection droit citoyen village jardin maison nuit",
    "es": "comité gobierno programa empleo ingreso hogar alumno salud paciente sector miembro directiva ley gasto "
          "impuesto comercio exportación industria salario encuesta ecuación función experimento solución zona "
          "bosque clima vehículo motor archivo documento norma sección teoría lengua imagen célula especie "
          "enfermedad siglo guerra elección derecho ciudadano pueblo jardín casa noche",
    "it": "comitato governo programma impiego reddito famiglia alunno salute paziente settore membro direttiva "
          "legge spesa imposta commercio esportazione industria salario indagine equazione funzione esperimento "
          "soluzione zona foresta clima veicolo motore documento norma sezione teoria lingua immagine cellula "
          "specie malattia secolo guerra elezione diritto cittadino paese giardino casa notte",
    "nl": "commissie regering programma werkgelegenheid inkomen huishouden leerling gezondheid patiënt sector lid "
          "richtlijn wet uitgave belasting handel uitvoer industrie loon enquête vergelijking functie proef "
          "oplossing gebied bos klimaat voertuig motor bestand document norm paragraaf theorie taal beeld cel soort "
          "ziekte eeuw oorlog verkiezing recht burger dorp tuin huis nacht",
    "pt": "comité governo programa emprego rendimento agregado aluno saúde doente setor membro diretiva lei despesa imposto comércio exportação indústria salário inquérito equação função experiência solução zona floresta clima veículo motor ficheiro documento norma secção teoria língua imagem célula espécie doença século guerra eleição direito cidadão aldeia jardim casa noite",}
_MORE_VERBS = {
    "en": "is was are has had were may can will would should must seems makes takes gives finds uses needs helps "
          "applies occurs contains represents concerns indicates estimates reports produces leads begins",
    "de": "ist war sind hat kann soll wird muss gibt macht nimmt findet nutzt gilt enthält stellt liegt beträgt führt beginnt betrifft",}
_COLUMNS = {
    "en": "Total|Number|Percent|Mean|Year|Male|Female|Age|Region|Rank|Name|Value|Unit|Min|Max|Average|Change|Code|Type|State|County|Country|Date|Source|All|Other|Rate|Amount|Share|Status|Category|Item|Q1|N|SD",
    "de": "Gesamt|Anzahl|Prozent|Mittel|Jahr|Männer|Frauen|Alter|Region|Rang|Name|Wert|Einheit|Veränderung|Art|Land|Datum|Quelle|Alle|Sonstige|Anteil|Betrag|Klasse|Nr.",
    "fr": "Total|Nombre|Pourcentage|Moyenne|Année|Hommes|Femmes|Âge|Région|Rang|Nom|Valeur|Unité|Pays|Date|Autres|Taux|Part|Type",
    "es": "Total|Número|Porcentaje|Media|Año|Hombres|Mujeres|Edad|Región|Nombre|Valor|Unidad|País|Fecha|Otros|Tasa|Tipo|Municipio",
    "it": "Totale|Numero|Percentuale|Media|Anno|Maschi|Femmine|Età|Regione|Nome|Valore|Unità|Paese|Data|Altri|Tasso|Tipo|Comune",
    "nl": "Totaal|Aantal|Procent|Gemiddelde|Jaar|Mannen|Vrouwen|Leeftijd|Regio|Naam|Waarde|Eenheid|Land|Datum|Overig|Soort|Gemeente",
    "pt": "Total|Número|Percentagem|Média|Ano|Homens|Mulheres|Idade|Região|Nome|Valor|Unidade|País|Data|Outros|Taxa|Tipo|Concelho"}
_TABLE_TITLES = {
    "en": "Number of {a} by {b}|Percent distribution of {a}|Summary of {a} and {b}|{a} statistics|Average {a} per {b}|List of {a}|Results: {a}|Comparison of {a} and {b}|Key indicators|Distribution of {a} by {b}",
    "de": "{a} nach {b}|Anzahl der {a} nach {b}|Übersicht {a}|Durchschnitt {a} je {b}|Liste der {a}|Statistik: {a}|Kennzahlen",
    "fr": "{a} par {b}|Nombre de {a} selon {b}|Répartition de {a}|Liste des {a}|Statistiques de {a}",
    "es": "{a} por {b}|Número de {a} según {b}|Distribución de {a}|Lista de {a}|Estadísticas de {a}",
    "it": "{a} per {b}|Numero di {a} per {b}|Distribuzione di {a}|Elenco {a}|Statistiche {a}",
    "nl": "{a} naar {b}|Aantal {a} per {b}|Verdeling van {a}|Lijst van {a}|Kerncijfers",
    "pt": "{a} por {b}|Número de {a} por {b}|Distribuição de {a}|Lista de {a}|Estatísticas de {a}"}
# What joins clauses: before one, and between two.
_OPENERS = {
    "en": "However,|In addition,|For example,|As shown in Table 3,|According to the results,|"
          "It should be noted that|There is no doubt that|Although|Since 1998,|On the other hand,|In this section,|"
          "At the same time,|As a result,|In order to|First,|We show that|Therefore,|In general,|This means that|"
          "When",
    "de": "Allerdings|Außerdem|Zum Beispiel|Wie Tabelle 3 zeigt,|Nach den Ergebnissen|Es ist zu beachten, dass|"
          "Obwohl|Seit 1998|Andererseits|In diesem Abschnitt|Gleichzeitig|Daher|Im Allgemeinen|Das bedeutet, dass|"
          "Wenn",
    "fr": "Cependant,|En outre,|Par exemple,|Selon les résultats,|Il convient de noter que|Bien que|Depuis 1998,|"
          "D'autre part,|Dans cette section,|En effet,|Ainsi,|En général,",
    "es": "Sin embargo,|Además,|Por ejemplo,|Según los resultados,|Cabe señalar que|Aunque|Desde 1998,|"
          "Por otra parte,|En esta sección,|Al mismo tiempo,|Por tanto,|En general,",
    "it": "Tuttavia,|Inoltre,|Per esempio,|Secondo i risultati,|Va notato che|Sebbene|Dal 1998,|D'altra parte,|"
          "In questa sezione,|Allo stesso tempo,|Pertanto,|In generale,",
    "nl": "Echter,|Bovendien|Bijvoorbeeld|Volgens de resultaten|Opgemerkt moet worden dat|Hoewel|Sinds 1998|"
          "Anderzijds|In deze paragraaf|Tegelijkertijd|Daarom|In het algemeen",
    "pt": "No entanto,|Além disso,|Por exemplo,|Segundo os resultados,|Note-se que|Embora|Desde 1998,|Por outro lado,|Nesta secção,|Ao mesmo tempo,|Portanto,|Em geral,"}
_LINKS = {
    "en": "which is not|as well as|that were|more than|has been|can be used to|such as|is based on|would have been|"
          "and therefore|so that it|than those|not only|it is|there are|who have",
    "de": "was nicht|sowie|mehr als|wurde|kann|wie|beruht auf|nicht nur|es gibt|damit auch|als die|so dass",
    "fr": "qui n'est pas|ainsi que|plus de|a été|peut être|tel que|il y a|afin de|et donc|non seulement",
    "es": "que no es|así como|más de|ha sido|puede ser|tales como|hay|para que|y por tanto|no sólo",
    "it": "che non è|nonché|più di|è stato|può essere|come|ci sono|affinché|e quindi|non solo",
    "nl": "die niet|evenals|meer dan|is geweest|kan worden|zoals|er zijn|zodat|en dus|niet alleen",
    "pt": "que não é|bem como|mais de|foi|pode ser|tais como|há|para que|e portanto|não só"}


def _split(table):
    return {key: value.split() if isinstance(value, str) else value for key, value in table.items()}


_NOUNS, _VERBS, _ADJECTIVES, _MONTHS, _DAYS, _FIRST, _LAST = map(
    _split, (_NOUNS, _VERBS, _ADJECTIVES, _MONTHS, _DAYS, _FIRST, _LAST))
for _lang, _more in _MORE_NOUNS.items():
    _NOUNS[_lang] += _more.split()
for _lang, _more in _MORE_VERBS.items():
    _VERBS[_lang] += _more.split()
_OPENERS = {key: value.split("|") for key, value in _OPENERS.items()}
_LINKS = {key: value.split("|") for key, value in _LINKS.items()}
_PRODUCTS = {key: value.split(",") for key, value in _PRODUCTS.items()}
_GROCERIES = {key: value.split(",") for key, value in _GROCERIES.items()}
_TOWN = {key: value[0].split(",") for key, value in _TOWN.items()}
_ONSETS = "b br c ch d dr f fl g gr h j k kl l m n p pr qu r s sch sk st t tr v w z".split()
_VOWELS = "a a e e i o u ai ea ei ie oo ou y".split()
_ENDS = "n r s l t m ck nd rg ss x v den ler man son ski vic tis".split() + ["", "", ""]


class Words:
    """Random words of one language; every call draws from the generator given."""

    def __init__(self, rng, language=None):
        self.rng = rng
        self.lang = language or self.pick(("en", "en", "en") + LANGUAGES)
        self.date_style = rng.integers(0, 6)
        self.unknown = self.pick((0.0, 0.0, 0.1, 0.4, 0.8))   # share of content words that no list holds
        self.strange = self.pick((0.0, 0.0, 0.3, 0.8, 1.0))   # share of names that no list holds
        self.made = []
        self.decimal_comma = self.lang != "en" and rng.random() < 0.9

    def pick(self, options):
        return options[int(self.rng.integers(0, len(options)))]

    def chance(self, probability):
        return self.rng.random() < probability

    def digits(self, count):
        return "".join(str(d) for d in self.rng.integers(0, 10, count))

    def letters(self, count):
        return "".join("ABCDEFGHJKLMNPRSTUVWXYZ"[i] for i in self.rng.integers(0, 23, count))

    def _content(self, known):
        """A word of the list, or now and then one that is made up."""
        if not self.unknown or self.rng.random() >= self.unknown:
            return self.pick(known[self.lang])
        if not self.made:
            parts = _SYLLABLES[self.lang].split()
            chosen, lengths = self.rng.integers(0, len(parts), (90, 4)), self.rng.integers(1, 5, 90)
            self.made = ["".join(parts[i] for i in row[:n]) for row, n in zip(chosen, lengths)]
            if self.lang == "de":
                self.made = [w.title() if i % 2 else w for i, w in enumerate(self.made)]
        return self.pick(self.made)

    def noun(self):
        return self._content(_NOUNS)

    def noun_phrase(self):
        noun, adjective = self.noun(), self._content(_ADJECTIVES)
        return f"{noun} {adjective}" if self.lang in ("fr", "es", "it", "pt") else f"{adjective} {noun}"

    def clause(self):
        dets, preps, _ = _SMALL[self.lang]
        words = [self.pick(dets), self.noun_phrase() if self.chance(0.4) else self.noun(), self._content(_VERBS),
                 self.pick(dets), self.noun_phrase() if self.chance(0.5) else self.noun()]
        for _ in range(int(self.rng.integers(0, 3))):
            words += [self.pick(preps), self.pick(dets), self.noun()]
        return " ".join(words)

    def sentence(self):
        text = self.clause()
        if self.chance(0.35):
            text = self.pick(_OPENERS[self.lang]) + " " + text
        if self.chance(0.35):
            text += " " + self.pick(_LINKS[self.lang]) + " " + self.clause()
        elif self.chance(0.3):
            text += ", " + self.pick(_SMALL[self.lang][2]) + " " + self.clause()
        if self.chance(0.08):
            text += f" ({self.rng.integers(1980, 2026)})"
        if self.chance(0.06):
            text += f" {self.rng.integers(1, 100)} %"
        return text[0].upper() + text[1:] + self.pick((".", ".", ".", ".", ".", ";"))

    def prose(self, sentences):
        return " ".join(self.sentence() for _ in range(sentences))

    def title(self, short=False):
        _, preps, _ = _SMALL[self.lang]
        text = self.noun_phrase()
        if not short or self.chance(0.4):
            text += f" {self.pick(preps)} {self.noun()}"
        if not short and self.chance(0.5):
            text += f" {self.pick(_SMALL[self.lang][2][:1])} {self.noun_phrase()}"
        return text[0].upper() + text[1:]

    def column(self):
        """The head of a table's column."""
        return self.pick(_COLUMNS[self.lang].split("|")) if self.chance(0.5) else self.noun().title()

    def row(self):
        """The label of a table's row."""
        return self.pick((lambda: self.title(True), lambda: self.title(True), lambda: self.noun().title(), self.town, lambda: self.pick(_COLUMNS[self.lang].split("|")),
                          lambda: str(self.rng.integers(1960, 2026)), lambda: f"{self.rng.integers(1, 80)}–{self.rng.integers(80, 200)}"))()

    def table_title(self):
        """The title of a table."""
        head = self.pick(_TABLE_TITLES[self.lang].split("|"))
        text = self.title(True) if self.chance(0.4) else head.format(a=self.noun(), b=self.noun())
        return text + (f", {self.rng.integers(1970, 2005)}–{self.rng.integers(2005, 2026)}" if self.chance(0.3) else "")

    def caps(self, text):
        return text.upper() if self.chance(0.5) else text

    def coined(self):
        """A name that is made up on the spot, so that it is read from the page and not known."""
        pieces = [self.pick(_ONSETS) + self.pick(_VOWELS) for _ in range(int(self.rng.integers(1, 4)))]
        return ("".join(pieces) + self.pick(_ENDS)).title()

    def _name(self, known):
        return self.coined() if self.strange and self.chance(self.strange) else self.pick(known)

    def first(self):
        return self._name(_FIRST[self.lang])

    def last(self):
        return self._name(_LAST[self.lang])

    def person(self):
        return f"{self.first()} {self.last()}"

    def initials_name(self):
        return self.pick(("{i}. {l}", "{l}, {i}.", "{l} {i}")).format(i=self.first()[0], l=self.last())

    def company(self):
        stem = self.pick((
            lambda: self.coined() if self.chance(self.strange) else self.pick(_COMPANY_A) + self.pick(_COMPANY_B),
            lambda: self.last() + " " + self.pick(_COMPANY_W[self.lang]),
            lambda: self.pick(_COMPANY_A) + " " + self.pick(_COMPANY_W[self.lang]),
            lambda: self.last() + " & " + self.last(),
            lambda: self.letters(3) + " " + self.pick(_COMPANY_W[self.lang]),
            lambda: self.pick(_COMPANY_A) + self.pick(_COMPANY_B).title()))()
        single, _, double = _COMPANY_F[self.lang].partition("|")   # forms of one word, a form of several
        forms = single.split() * 2 + [double] * bool(double)
        return f"{stem} {self.pick(forms)}" if self.chance(0.75) else stem

    def street(self):
        form, names, kinds = _STREET[self.lang]
        return form.format(n=self.rng.integers(1, 199), w=self._name(names).replace("-", " "), s=self.pick(kinds))

    def town(self):
        return self._name(_TOWN[self.lang])

    def city_line(self):
        town = self.town()
        if self.lang == "en":
            return self.pick((f"{town}, {self.letters(2)} {self.digits(5)}", f"{town} {self.letters(2)}{self.digits(1)} {self.digits(1)}{self.letters(2)}",
                              f"{self.digits(5)} {town}"))
        if self.lang == "nl":
            return f"{self.rng.integers(1000, 9999)} {self.letters(2)} {town}"
        if self.lang == "pt":
            return f"{self.rng.integers(1000, 9999)}-{self.digits(3)} {town}"
        return f"{self.rng.integers(10000, 99999)} {town}"

    def address(self):
        return [self.street(), self.city_line()]

    def phone(self):
        return self.pick((f"+{self.rng.integers(1, 99)} {self.digits(3)} {self.digits(6)}", f"0{self.digits(2)}-{self.digits(7)}",
                          f"({self.digits(3)}) {self.digits(3)}-{self.digits(4)}", f"0{self.digits(4)} / {self.digits(5)}"))

    def slug(self, name):
        return "".join(c for c in name.lower() if c.isascii() and c.isalnum())[:14] or "info"

    def email(self, name):
        return f"{self.pick(('info', 'office', 'sales', 'contact', 'mail'))}@{self.slug(name)}.{self.pick(('com', 'example', 'org', self.lang if self.lang != 'en' else 'net'))}"

    def iban(self):
        return f"{self.lang.upper() if self.lang != 'en' else 'GB'}{self.digits(2)} {self.digits(4)} {self.digits(4)} {self.digits(4)} {self.digits(4)} {self.digits(2)}"

    def tax_id(self):
        return f"{self.lang.upper() if self.lang != 'en' else 'GB'}{self.digits(9)}"

    def date(self):
        year, month, day = int(self.rng.integers(1996, 2027)), int(self.rng.integers(1, 13)), int(self.rng.integers(1, 29))
        name = _MONTHS[self.lang][month - 1]
        style = self.date_style
        if self.lang == "en":
            return (f"{day:02d}/{month:02d}/{year}", f"{month}/{day}/{year}", f"{name} {day}, {year}", f"{day} {name} {year}",
                    f"{year}-{month:02d}-{day:02d}", f"{day:02d}-{name[:3]}-{year}")[style]
        if self.lang == "de":
            return (f"{day:02d}.{month:02d}.{year}", f"{day:02d}.{month:02d}.{year}", f"{day}. {name} {year}", f"{day}.{month}.{year % 100:02d}",
                    f"{year}-{month:02d}-{day:02d}", f"{day:02d}.{month:02d}.{year % 100:02d}")[style]
        of = " de " if self.lang in ("es", "pt") else " "
        return (f"{day:02d}/{month:02d}/{year}", f"{day:02d}/{month:02d}/{year % 100:02d}", f"{day}{of}{name}{of}{year}",
                f"{day:02d}-{month:02d}-{year}", f"{year}-{month:02d}-{day:02d}", f"{day:02d}.{month:02d}.{year}")[style]

    def month(self):
        return self.pick(_MONTHS[self.lang])

    def day(self):
        return self.pick(_DAYS[self.lang])

    def number(self, value, places=2, grouped=True):
        text = f"{value:,.{places}f}" if grouped else f"{value:.{places}f}"
        if self.decimal_comma:
            text = text.translate(str.maketrans(",.", ".,"))
        return text

    def product(self):
        text = self.pick(_PRODUCTS[self.lang])
        if self.chance(0.3):
            text += " " + self.pick((self.letters(2) + "-" + self.digits(3), self.digits(4), self.pick(_ADJECTIVES[self.lang]), self.digits(2) + " cm"))
        return text[0].upper() + text[1:]

    def grocery(self):
        return self.pick(_GROCERIES[self.lang])

    def currency(self):
        return self.pick(CURRENCIES[self.lang])

    def mixture(self):
        """One to three parts of digits, letters or both."""
        parts = []
        for _ in range(int(self.pick((1, 1, 2, 2, 3)))):
            count = int(self.rng.integers(2, 8))
            parts.append(self.pick((self.digits, self.digits, self.letters, lambda n: "".join(self.pick((self.digits, self.letters))(1) for _ in range(n))))(count))
        text = self.pick(("-", "/", ".", " ", "")).join(parts)
        return text if any(c.isdigit() for c in text) else text + self.digits(2)

    def code(self, prefixes=("",)):
        """A document number in one of the usual forms, or in any."""
        if self.chance(0.3 + 0.4 * self.strange):
            return self.pick(prefixes) + self.mixture()
        year = int(self.rng.integers(2001, 2027))
        return self.pick(prefixes) + self.pick((
            self.digits(5), self.digits(6), self.digits(8), f"{year}-{self.digits(4)}", f"{year}/{self.digits(3)}", f"{self.letters(2)}{self.digits(6)}",
            f"{self.digits(3)}-{self.digits(4)}", f"{self.letters(1)}-{self.digits(5)}", f"{year % 100}{self.digits(6)}"))

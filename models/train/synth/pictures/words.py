# SPDX-License-Identifier: GPL-3.0-or-later
"""Words for pictures: titles, axes, categories, names, in several languages."""

TITLES = (
    "Revenue", "Sales by region", "Monthly rainfall", "Unemployment rate", "Energy consumption", "CO2 emissions",
    "Number of visitors", "Market share", "Population growth", "Server load", "Accuracy vs. epoch", "Training loss",
    "Exports by country", "Operating costs", "Customer satisfaction", "Response time", "Temperature anomaly",
    "Quarterly results", "Throughput", "Survey results", "Age distribution", "Household income", "Crop yield",
    "Website traffic", "Budget 2023", "Orders per week", "Defect rate", "Life expectancy", "Water level", "Turnover",
    "Results of experiment 2", "Comparison of methods", "Precision and recall", "Latency (p99)", "Stock price",
    "Umsatz nach Region", "Niederschlag pro Monat", "Arbeitslosenquote", "Stromverbrauch", "Besucherzahlen",
    "Marktanteile", "Bevölkerungsentwicklung", "Kosten je Quartal", "Entwicklung der Preise", "Umfrageergebnis",
    "Chiffre d'affaires", "Production d'énergie", "Taux de chômage", "Répartition des dépenses", "Évolution du marché",
    "Ventes par trimestre", "Ingresos por región", "Tasa de desempleo", "Consumo de energía", "Ventas mensuales",
    "Distribución de gastos", "Fatturato per regione", "Andamento delle vendite", "Produzione annua", "Omzet per kwartaal",
    "Verkoop per maand", "Receita por ano", "Distribuição das despesas", "Wyniki sprzedaży", "Försäljning per år")

X_AXES = ("Year", "Month", "Quarter", "Region", "Country", "Category", "Product", "Time", "Group", "Age", "Method", "Jahr",
          "Monat", "Land", "Année", "Mois", "Año", "Mes", "Anno", "Mese", "Jaar")
Y_AXES = ("Amount", "Value", "EUR million", "USD (thousands)", "Percent", "Units sold", "kWh", "mm", "°C", "Share (%)",
          "Count", "Number of cases", "Score", "Hours", "tonnes", "Mio. €", "Anzahl", "Prozent", "Wert", "Montant",
          "Nombre", "Valeur (€)", "Cantidad", "Valor", "Quantità", "Aantal", "ms", "GB/s", "Frequency", "Index")
NUMERIC_AXES = ("x", "Time (s)", "Distance (m)", "Weight (kg)", "Height (cm)", "Temperature (K)", "Concentration (mol/l)",
                "Epoch", "Iterations", "Frequency (Hz)", "Voltage (V)", "Current [A]", "log10 mass", "Age (years)",
                "Income", "Distance r [nm]", "Dose (mg)", "Zeit [s]", "Länge (mm)", "Temps (h)", "Tiempo (s)", "Width",
                "Speed (km/h)", "pH", "Energy (eV)", "Wavelength (nm)", "Depth", "Sepal length", "Feature 1", "PC1", "PC2")

CATEGORIES = (
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
    ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    ("Q1", "Q2", "Q3", "Q4"), ("Q1/22", "Q2/22", "Q3/22", "Q4/22", "Q1/23", "Q2/23", "Q3/23", "Q4/23"),
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    ("Germany", "France", "Spain", "Italy", "Poland", "Sweden", "Austria", "Portugal", "Greece"),
    ("Deutschland", "Frankreich", "Spanien", "Italien", "Polen", "Schweden", "Österreich"),
    ("USA", "China", "India", "Brazil", "Japan", "Russia", "Mexico", "UK", "Canada"),
    ("DE", "FR", "ES", "IT", "PL", "SE", "AT", "PT", "GR", "NL", "BE"),
    ("North", "South", "East", "West"), ("Nord", "Süd", "Ost", "West"), ("Nord", "Sud", "Est", "Ouest"),
    ("A", "B", "C", "D", "E", "F", "G", "H"), ("Group 1", "Group 2", "Group 3", "Group 4", "Group 5"),
    ("Apples", "Pears", "Oranges", "Bananas", "Grapes", "Cherries"), ("Coal", "Gas", "Oil", "Nuclear", "Wind", "Solar", "Hydro"),
    ("0-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+"), ("Very good", "Good", "Fair", "Poor", "Very poor"),
    ("Chrome", "Firefox", "Safari", "Edge", "Opera", "Other"), ("Python", "Java", "C++", "Go", "Rust", "JavaScript", "C"),
    ("Car", "Bus", "Train", "Bicycle", "On foot"), ("Rent", "Food", "Transport", "Insurance", "Leisure", "Savings"),
    ("Housing", "Health", "Education", "Defence", "Transport", "Pensions", "Other"),
    ("Miete", "Lebensmittel", "Verkehr", "Versicherung", "Freizeit"), ("Loyer", "Alimentation", "Transport", "Loisirs"),
    ("Product A", "Product B", "Product C", "Product D"), ("Baseline", "Method A", "Method B", "Ours"),
    ("setosa", "versicolor", "virginica"), ("Berlin", "Paris", "Madrid", "Rome", "Vienna", "Lisbon", "Prague"),
    ("BERT", "LSTM", "CNN", "SVM", "k-NN", "GPT"), ("CPU", "GPU", "Disk", "Network", "Memory"),
    ("Yes", "No", "Don't know"), ("Ja", "Nein", "Weiß nicht"), ("Cats", "Dogs", "Birds", "Fish"),
    ("Zboża", "Owoce", "Warzywa", "Mięso"), ("Sales", "Marketing", "R&D", "IT", "HR", "Legal"))
YEARS = (1960, 2024)

SERIES = (("2021", "2022", "2023", "2024"), ("Actual", "Budget", "Forecast"), ("Men", "Women"), ("Female", "Male"),
          ("Plan", "Ist"), ("train", "validation", "test"), ("Product A", "Product B", "Product C"),
          ("North", "South", "East", "West"), ("Series1", "Series2", "Series3"), ("Import", "Export"),
          ("Urban", "Rural"), ("Model 1", "Model 2", "Model 3", "Model 4"), ("Umsatz", "Gewinn"), ("Ventes", "Coûts"),
          ("sin(x)", "cos(x)", "tanh(x)"), ("Ours", "Baseline", "Random"), ("data", "fit"), ("control", "treated"),
          ("Europe", "Asia", "Africa", "America"), ("max", "mean", "min"), ("EUR", "USD", "GBP"), ("A", "B", "C", "D"))

FIRST = ("Anna", "Peter", "Maria", "John", "Sophie", "Luca", "Carlos", "Ingrid", "Pierre", "Julia", "Thomas", "Elena", "David",
         "Katarzyna", "Hans", "Laura", "Michael", "Emma", "Paul", "Nina", "Robert", "Claire", "Jan", "Sarah", "Oliver")
LAST = ("Schmidt", "Müller", "Smith", "Johnson", "Dubois", "Rossi", "García", "Novak", "Andersson", "Kowalski", "Weber", "Brown",
        "Martin", "Silva", "Jansen", "Fischer", "Taylor", "Moreau", "Bianchi", "López", "Wagner", "Walker", "Nowak", "King")
COMPANY = ("Acme", "Nordwind", "Solaris", "Vertex", "Bluebird", "Terra", "Quantum", "Helix", "Orion", "Alpina", "Delta", "Kappa",
           "Lumen", "Fabrica", "Montana", "Zenit", "Aurora", "Novum", "Pixel", "Atlas", "Cedar", "Vega", "Riva", "Polar",
           "Granite", "Ocean", "Maple", "Falcon", "Omega", "Sigma", "Linden", "Tempo", "Arco", "Forma", "Unity", "Mint")
SUFFIX = ("", "", "", "GmbH", "Ltd", "Inc", "AG", "Group", "& Co", "S.A.", "Labs", "Bank", "Foods", "Studio", "Energy", "Media",
          "Systems", "Hotel", "Café", "University", "Institute", "Sports", "Air", "Pharma", "Consulting", "Logistics")
PLACES = ("Neustadt", "Riverton", "Oakville", "Altdorf", "San Pedro", "Beaumont", "Kirchberg", "Lakeside", "Villanova", "Port Elm",
          "Hillcrest", "Grenoble", "Winterthur", "Ashford", "Monteverde", "Stonebridge", "Castell", "Sundby", "Greenfield",
          "Marston", "Rosenheim", "Elbe", "Loire", "Mill Lake", "Union Sq", "Station", "Harbour", "City Park", "Airport")
STREETS = ("Main St", "Park Ave", "Hauptstraße", "Bahnhofstr.", "Rue de la Gare", "Via Roma", "Calle Mayor", "High Street",
           "Lindenweg", "Church Rd", "Ring", "A7", "B27", "M4", "Station Rd", "Kirchgasse", "Mill Lane", "Av. Central", "5th Ave")
NODES = ("Start", "End", "Input", "Output", "Parser", "Database", "Server", "Client", "Cache", "Queue", "Worker", "Check",
         "Encoder", "Decoder", "Attention", "Conv 3x3", "Pooling", "Softmax", "Controller", "View", "Model", "User", "API",
         "Gateway", "Storage", "Review", "Approve", "Reject", "Ship", "Order", "Payment", "Invoice", "Sensor", "Filter", "Pump",
         "Valve", "Tank", "Motor", "CEO", "Sales", "Finance", "Production", "Planning", "Design", "Test", "Deploy", "Idle",
         "Running", "Stopped", "Lager", "Einkauf", "Prüfung", "Kunde", "Début", "Fin", "Contrôle", "Proceso", "Datos", "Layer 1",
         "Layer 2", "x > 0?", "ok?", "Login", "Error", "Retry", "Load data", "Train", "Evaluate", "Router", "Switch", "Firewall")
TEXT = ("the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you "
        "were her all she there would their we him been has when who will more no if out so said what up its about into than "
        "them can only other new some could time these two may then do first any my now such like our over man me even most made "
        "after also did many before must through back years where much your way well down should because each just those people "
        "report data system results analysis value process method figure table section company market service price total der die "
        "und das mit für auf ist nicht ein eine von zu den le la les des et en une pour dans que el los las por con una").split()
MENU = ("File", "Edit", "View", "Insert", "Format", "Tools", "Window", "Help", "Datei", "Bearbeiten", "Ansicht", "Fichier",
        "Affichage", "Archivo", "Home", "Search", "Settings", "Options", "Run", "Terminal", "Go", "Bookmarks")
BUTTONS = ("OK", "Cancel", "Apply", "Save", "Close", "Next >", "Abbrechen", "Speichern", "Annuler", "Aceptar", "Sign in", "Log in",
           "Submit", "Add to cart", "Download", "Delete", "Upload", "Continue", "Browse...", "Yes", "No", "Retry")
HEADERS = ("Item", "Qty", "Price", "Total", "Name", "Date", "Year", "Value", "Unit", "Model", "Score", "Mean", "SD", "p", "n", "Min",
           "Max", "Method", "Params", "Acc.", "F1", "Pos.", "Menge", "Preis", "Betrag", "Article", "Prix", "Country", "City", "Code",
           "Description", "Status", "2021", "2022", "2023", "%", "Change", "Region", "Artikel", "Datum", "Fecha", "Importe")
STAMPS = ("PAID", "APPROVED", "RECEIVED", "COPY", "DRAFT", "CONFIDENTIAL", "URGENT", "CANCELLED", "ORIGINAL", "VOID", "SAMPLE",
          "BEZAHLT", "EINGEGANGEN", "GENEHMIGT", "KOPIE", "ENTWURF", "PAYÉ", "REÇU", "COPIE", "URGENT", "PAGADO", "RECIBIDO",
          "COPIA", "PAGATO", "RICEVUTO", "REJECTED", "FINAL", "POSTED", "ENTERED", "SHIPPED", "CERTIFIED", "FILED", "GEBUCHT")


def pick(rng, values):
    return values[int(rng.integers(len(values)))]


def sentence(rng, count):
    words = [TEXT[int(index)] for index in rng.integers(0, len(TEXT), count)]
    return (words[0].capitalize() + " " + " ".join(words[1:])).strip()


def company(rng):
    return (pick(rng, COMPANY) + " " + pick(rng, SUFFIX)).strip()


def person(rng):
    return pick(rng, FIRST) + " " + pick(rng, LAST)


def date(rng):
    day, month, year = int(rng.integers(1, 29)), int(rng.integers(1, 13)), int(rng.integers(1990, 2026))
    return pick(rng, (f"{day:02}.{month:02}.{year}", f"{year}-{month:02}-{day:02}", f"{month:02}/{day:02}/{year}",
                      f"{day} {CATEGORIES[0][month - 1]} {year}", f"{CATEGORIES[0][month - 1].upper()} {day:02} {year}"))

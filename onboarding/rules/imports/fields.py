"""What an import can fill: the fields of a client, in the words of this bank and of many others."""

from dataclasses import dataclass

TEXT, DAY, COUNTRY, CODE, BOOK, PHONE, EMAIL, LANGUAGE, CURRENCY = (
    "text", "day", "country", "code", "book", "phone", "email", "language", "currency",
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One thing a column may hold. `heads`: how files of other houses call it, folded."""

    code: str
    label: str
    group: str
    kind: str = TEXT
    most: int = 250  # letters
    codes: tuple[str, ...] = ()
    required: bool = False
    help: str = ""
    heads: tuple[str, ...] = ()


KINDS = ("person", "organisation")
SEGMENTS = ("mass", "affluent", "hnw", "sme", "corporate")
STAGES = (
    "student", "starting", "family", "established", "retirement", "start_up", "growth", "mature",
    "succession",
)  # fmt: skip
STATES = ("lead", "active", "dormant", "closed")  # one in the middle of an onboarding begins that here
CHANNELS = ("call", "meeting", "video", "email", "letter", "visit", "message")

WHO, BANK, REACH, PAPERS, TAX = "Who it is", "At the bank", "How to reach", "Papers", "Tax and account"
GROUPS = (WHO, BANK, REACH, PAPERS, TAX)

FIELDS: tuple[Field, ...] = (
    Field("number", "Client number", WHO, most=30, required=True,
          help="As the bank has it. By it a second run knows who is there already.",
          heads=("client number", "client no", "client id", "customer number", "customer no", "customer id",
                 "number", "kundennummer", "kunden nr", "kundennr", "numero client", "no client", "cif")),
    Field("kind", "Person or organisation", WHO, CODE, codes=KINDS, required=True,
          heads=("kind", "type", "client type", "customer type", "entity type", "art", "kundenart", "typ")),
    Field("name", "Full name", WHO, help="Or given names and family name.",
          heads=("name", "full name", "client name", "customer name", "nom complet", "kundenname", "firma",
                 "company", "company name", "raison sociale")),
    Field("given_names", "Given names", WHO, most=150,
          heads=("given names", "given name", "first name", "firstname", "vorname", "prenom")),
    Field("family_name", "Family name", WHO, most=150,
          heads=("family name", "last name", "lastname", "surname", "nachname", "nom", "nom de famille")),
    Field("native_name", "Name in its own script", WHO, heads=("native name", "original name", "local name")),
    Field("born_on", "Born or founded on", WHO, DAY,
          heads=("born", "born on", "birth date", "date of birth", "birthdate", "dob", "geburtsdatum",
                 "geboren",
                 "date de naissance", "founded", "founded on", "founding date")),
    Field("sex", "Sex", WHO, CODE, codes=("f", "m"), heads=("sex", "gender", "geschlecht", "sexe")),
    Field("nationality", "Nationality or seat", WHO, COUNTRY,
          heads=("nationality", "citizenship", "nationalitat", "nationalite", "staatsangehorigkeit", "seat")),
    Field("residence", "Country of residence", WHO, COUNTRY,
          heads=("residence", "country of residence", "residence country", "wohnsitzland",
                 "pays de residence")),
    Field("domicile", "Domicile", WHO, COUNTRY, required=True,
          heads=("domicile", "country", "land", "pays", "domizil", "country code")),
    Field("occupation", "Occupation or industry", WHO, most=120,
          heads=("occupation", "profession", "beruf", "industry", "branche", "metier")),
    Field("legal_form", "Legal form", WHO, most=30, heads=("legal form", "rechtsform", "forme juridique")),
    Field("book", "Book or relationship manager", BANK, BOOK, required=True,
          help="The login of its relationship manager, or the name of a book.",
          heads=("book", "rm", "relationship manager", "rm login", "advisor", "adviser", "berater",
                 "betreuer",
                 "conseiller", "portfolio manager")),
    Field("segment", "Segment", BANK, CODE, codes=SEGMENTS, required=True,
          heads=("segment", "client segment", "customer segment", "kundensegment")),
    Field("stage", "Life or growth stage", BANK, CODE, codes=STAGES,
          help="Not given: established, or mature.",
          heads=("stage", "life stage", "lifecycle", "lebensphase")),
    Field("state", "State", BANK, CODE, codes=STATES, help="Not given: active.",
          heads=("state", "status", "client status", "kundenstatus", "statut")),
    Field("since_on", "Client since", BANK, DAY, help="Not given: the day of the import.",
          heads=("since", "client since", "customer since", "opened", "opened on", "opening date",
                 "kunde seit",
                 "eroffnet", "eroffnungsdatum", "client depuis", "relationship start")),
    Field("last_contact_on", "Last contact", BANK, DAY, help="Not given: client since.",
          heads=("last contact", "last contact on", "letzter kontakt", "dernier contact")),
    Field("kyc_due_on", "KYC review due on", BANK, DAY,
          help="As the bank's calendar of reviews has it. Not given: the day of the import.",
          heads=("kyc due", "kyc due on", "kyc review due", "kyc review due on", "next kyc review",
                 "next review",
                 "next review date", "review due", "nachste prufung", "nachste uberprufung",
                 "prochaine revue")),
    Field("branch", "Branch", BANK, most=100, heads=("branch", "filiale", "niederlassung", "agence",
                 "office")),
    Field("language", "Language", BANK, LANGUAGE, help="Not given: English.",
          heads=("language", "sprache", "langue", "lang", "correspondence language")),
    Field("currency", "Currency", BANK, CURRENCY, help="Not given: the bank's reporting currency.",
          heads=("currency", "wahrung", "devise", "reference currency", "ccy")),
    Field("preferred_channel", "Preferred channel", BANK, CODE, codes=CHANNELS,
          heads=("preferred channel", "channel", "kanal")),
    Field("preferences", "Preferences", BANK, most=2000, heads=("preferences", "remarks", "notes",
                 "bemerkungen")),
    Field("phone", "Phone", REACH, PHONE,
          heads=("phone", "telephone", "telefon", "phone number", "tel", "mobile", "mobil", "handy")),
    Field("second_phone", "Second phone", REACH, PHONE,
          heads=("second phone", "phone 2", "mobile phone", "telefon 2", "work phone")),
    Field("email", "E-mail", REACH, EMAIL, most=254,
          heads=("email", "e mail", "mail", "email address", "e mail address", "courriel")),
    Field("address", "Address", REACH, most=250, help="Whole, or its street here and the two below.",
          heads=("address", "adresse", "street", "strasse", "rue", "anschrift", "address line 1")),
    Field("postal_code", "Postal code", REACH, most=20,
          heads=("postal code", "postcode", "zip", "zip code", "plz", "npa", "code postal")),
    Field("city", "Town", REACH, most=80, heads=("city", "town", "ort", "stadt", "ville", "localite")),
    Field("passport", "Passport number", PAPERS, most=50,
          heads=("passport", "passport number", "passport no", "pass", "passnummer", "reisepass")),
    Field("passport_country", "Passport of", PAPERS, COUNTRY, help="The country that gave it.",
          heads=("passport country", "passport of", "passport issuing country")),
    Field("passport_expires_on", "Passport valid until", PAPERS, DAY,
          heads=("passport expiry", "passport valid until", "passport expires", "passport expires on")),
    Field("id_card", "Identity card number", PAPERS, most=50,
          heads=("id card", "identity card", "id card number", "id number", "ausweisnummer",
                 "personalausweis")),
    Field("id_card_country", "Identity card of", PAPERS, COUNTRY, heads=("id card country", "id country")),
    Field("id_card_expires_on", "Identity card valid until", PAPERS, DAY,
          heads=("id card expiry", "id expiry", "id valid until", "id card valid until")),
    Field("register", "Register number", PAPERS, most=50,
          heads=("register number", "registration number", "register", "company number", "handelsregister",
                 "hrb", "uid", "siren")),
    Field("register_country", "Register of", PAPERS, COUNTRY, heads=("register country",
                 "country of register")),
    Field("lei", "LEI", PAPERS, most=20, heads=("lei", "lei code")),
    Field("tax_country", "Taxed in", TAX, COUNTRY,
          heads=("tax country", "tax residence", "tax domicile", "steuerdomizil",
                 "country of tax residence")),
    Field("tax_number", "Tax number", TAX, most=50,
          heads=("tax number", "tax id", "tin", "steuernummer", "steuer id", "numero fiscal")),
    Field("tax_missing_reason", "Why there is no tax number", TAX, most=200, heads=("tin reason",
                 "no tin reason")),
    Field("iban", "IBAN", TAX, most=34, help="By it a search finds the client; accounts are not imported.",
          heads=("iban", "account", "konto", "compte")),
)  # fmt: skip
BY_CODE = {field.code: field for field in FIELDS}
DAYS = tuple(field.code for field in FIELDS if field.kind == DAY)

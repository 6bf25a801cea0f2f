"""Countries and the bank's markets: who lives where, under which currency, phone prefix and account number."""

from typing import NamedTuple

from rmcrm.synthetic.dice import Weighted


class Country(NamedTuple):
    """`phone` ends in a range kept for fiction where the regulator keeps one; # is a digit."""

    code: str
    currency: str
    language: str
    phones: list[str]
    cultures: Weighted[str]
    cities: list[str]  # "8001 Zürich"
    streets: list[str]


def _country(
    code: str, currency: str, language: str, phones: str, cultures: str, cities: str, streets: str
) -> Country:
    mix = [item.split("=") for item in cultures.split()]
    return Country(
        code,
        currency,
        language,
        phones.split(),
        Weighted([(name, float(weight)) for name, weight in mix]),
        [city.strip() for city in cities.split(",")],
        [street.strip() for street in streets.split(",")],
    )


_ROWS = [
    _country(
        "CH",
        "CHF",
        "de",
        "+4144555#### +4131555#### +4161555#### +4179555####",
        "german=56 french=19 italian=7 portuguese=3 albanian=3 croatian=3 turkish=2 tamil=2 spanish=1.5 english=1.5 "
        "polish=1 hungarian=1",
        "8001 Zürich,8002 Zürich,8008 Zürich,3011 Bern,4051 Basel,6003 Luzern,9000 St. Gallen,8400 Winterthur,"
        "6300 Zug,7000 Chur,5000 Aarau,8640 Rapperswil,8700 Küsnacht,1003 Lausanne,1204 Genève,6900 Lugano",
        "Bahnhofstrasse,Seestrasse,Hauptstrasse,Dorfstrasse,Kirchweg,Birkenweg,Rosenweg,Bergstrasse,Gartenweg,"
        "Schulstrasse,Talstrasse,Wiesenstrasse,Sonnenbergstrasse,Mühlegasse",
    ),
    _country(
        "DE",
        "EUR",
        "de",
        "+493023125### +4922131990### +494066969### +498999998### +496990009###",
        "german=78 turkish=6 polish=4 russian=3 italian=2 arabic=2 croatian=1.5 greek=1 romanian=1 ukrainian=1.5",
        "60311 Frankfurt am Main,60594 Frankfurt am Main,10115 Berlin,20095 Hamburg,80331 München,50667 Köln,"
        "70173 Stuttgart,40213 Düsseldorf,65183 Wiesbaden,55116 Mainz,61348 Bad Homburg,64283 Darmstadt,"
        "68159 Mannheim,04109 Leipzig",
        "Hauptstraße,Gartenstraße,Schillerstraße,Goethestraße,Lindenstraße,Am Markt,Bergstraße,Kirchstraße,"
        "Mozartstraße,Waldstraße,Ringstraße,Uhlandstraße",
    ),
    _country(
        "GB",
        "GBP",
        "en",
        "+442079460### +441134960### +441144960### +441154960### +441164960### +441174960### +441184960### "
        "+441214960### +441314960### +441414960### +441514960### +441614960### +441914980### +442896496### "
        "+442920180### +447700900###",
        "english=74 hindi=6 nigerian=4 polish=3 arabic=2.5 chinese=2 greek=1.5 tamil=1.5 french=1 italian=1 hebrew=1 "
        "romanian=2 turkish=1",
        "London EC2V 7AN,London W1K 4QB,London SW3 1AY,London N1 9AG,Manchester M2 5DB,Edinburgh EH2 2BY,"
        "Birmingham B3 2HJ,Leeds LS1 4HR,Bristol BS1 4DJ,Guildford GU1 3UW,Cambridge CB2 1TN,Oxford OX1 3HB,"
        "Glasgow G2 1AL,Reading RG1 3BD",
        "High Street,Station Road,Church Lane,Victoria Road,Park Avenue,Queens Road,Mill Lane,The Crescent,"
        "Albert Terrace,Manor Road,Kings Road,Elm Grove",
    ),
    _country(
        "FR",
        "EUR",
        "fr",
        "+3319900#### +3326191#### +3335301#### +3346571#### +3353649#### +3363998####",
        "french=80 arabic=9 portuguese=4 spanish=2 italian=2 polish=1 vietnamese=2",
        "75001 Paris,75008 Paris,75016 Paris,69002 Lyon,13001 Marseille,31000 Toulouse,33000 Bordeaux,67000 Strasbourg,"
        "06000 Nice,59000 Lille,44000 Nantes,74000 Annecy",
        "rue de la Paix,rue Victor Hugo,avenue Foch,rue des Lilas,place de la Mairie,rue Pasteur,"
        "boulevard Voltaire,rue du Moulin,allée des Tilleuls,rue de l'Église",
    ),
    _country(
        "IT",
        "EUR",
        "it",
        "+3902555#### +3906555####",
        "italian=88 romanian=4 albanian=3 arabic=2 chinese=2 ukrainian=1",
        "20121 Milano,00184 Roma,10121 Torino,40121 Bologna,50122 Firenze,16121 Genova,37121 Verona,22100 Como,"
        "35122 Padova,80132 Napoli",
        "via Roma,via Garibaldi,corso Italia,via Manzoni,via Dante,piazza del Duomo,via Mazzini,viale Europa,"
        "via Cavour,via Verdi",
    ),
    _country(
        "AT",
        "EUR",
        "de",
        "+431555####",
        "german=80 croatian=7 turkish=4 hungarian=3 czech=3 romanian=3",
        "1010 Wien,1190 Wien,5020 Salzburg,8010 Graz,6020 Innsbruck,4020 Linz,6900 Bregenz",
        "Ringstraße,Mariahilfer Straße,Kirchengasse,Schloßgasse,Hauptplatz,Bahnhofstraße,Lindengasse",
    ),
    _country(
        "ES",
        "EUR",
        "es",
        "+34910555### +34930555###",
        "spanish=90 arabic=4 romanian=4 english=2",
        "28001 Madrid,08007 Barcelona,46002 Valencia,41001 Sevilla,29015 Málaga,48001 Bilbao,07001 Palma",
        "calle Mayor,gran vía,calle de Alcalá,avenida de la Constitución,calle del Sol,paseo Marítimo,"
        "calle San Juan,plaza de España",
    ),
    _country(
        "PT",
        "EUR",
        "pt",
        "+351215550### +351225550###",
        "portuguese=90 brazilian=8 ukrainian=2",
        "1200-109 Lisboa,4000-322 Porto,3000-213 Coimbra,8000-138 Faro,2750-319 Cascais",
        "rua Augusta,avenida da Liberdade,rua do Carmo,rua das Flores,travessa da Igreja,rua Nova",
    ),
    _country(
        "NL",
        "EUR",
        "nl",
        "+31205550### +31105550###",
        "dutch=84 turkish=5 arabic=4 indonesian=4 polish=3",
        "1012 JS Amsterdam,3011 AA Rotterdam,2511 CV Den Haag,3511 LN Utrecht,5611 CA Eindhoven,9711 LM Groningen",
        "Kerkstraat,Dorpsstraat,Prinsengracht,Julianalaan,Molenweg,Schoolstraat,Beatrixstraat",
    ),
    _country(
        "PL",
        "PLN",
        "pl",
        "+4822555####",
        "polish=95 ukrainian=5",
        "00-001 Warszawa,31-042 Kraków,50-101 Wrocław,61-731 Poznań,80-831 Gdańsk",
        "ul. Polna,ul. Leśna,ul. Słoneczna,ul. Krótka,ul. Mickiewicza,aleje Jerozolimskie",
    ),
    _country(
        "CZ",
        "CZK",
        "cs",
        "+420225555###",
        "czech=94 ukrainian=4 vietnamese=2",
        "110 00 Praha,602 00 Brno,702 00 Ostrava,301 00 Plzeň,460 01 Liberec",
        "Dlouhá,Nádražní,Zahradní,Husova,Masarykova,Palackého",
    ),
    _country(
        "HU",
        "HUF",
        "hu",
        "+3615550###",
        "hungarian=100",
        "1051 Budapest,4024 Debrecen,6720 Szeged,7621 Pécs",
        "Kossuth utca,Petőfi utca,Fő utca,Rákóczi út,Ady utca",
    ),
    _country(
        "RO",
        "RON",
        "ro",
        "+40215550###",
        "romanian=92 hungarian=8",
        "010011 București,400001 Cluj-Napoca,300002 Timișoara",
        "Strada Lungă,Calea Victoriei,Strada Florilor",
    ),
    _country(
        "HR",
        "EUR",
        "hr",
        "+38515550###",
        "croatian=100",
        "10000 Zagreb,21000 Split,51000 Rijeka",
        "Ilica,Vukovarska ulica,Trg slobode,Radnička cesta",
    ),
    _country(
        "SE",
        "SEK",
        "sv",
        "+46701740### +46317900###",
        "swedish=88 finnish=5 arabic=5 persian=2",
        "111 20 Stockholm,411 04 Göteborg,211 22 Malmö,753 10 Uppsala",
        "Storgatan,Drottninggatan,Kungsgatan,Björkvägen,Skolgatan",
    ),
    _country(
        "DK",
        "DKK",
        "da",
        "+4533555###",
        "danish=95 swedish=3 arabic=2",
        "1050 København,8000 Aarhus,5000 Odense",
        "Bredgade,Vestergade,Skolevej,Strandvejen,Kirkegade",
    ),
    _country(
        "NO",
        "NOK",
        "no",
        "+4721555###",
        "danish=94 polish=4 nigerian=2",
        "0150 Oslo,5003 Bergen,7010 Trondheim",
        "Karl Johans gate,Storgata,Kirkeveien,Fjordveien",
    ),
    _country(
        "FI",
        "EUR",
        "fi",
        "+358955500###",
        "finnish=92 swedish=6 baltic=2",
        "00100 Helsinki,33100 Tampere,20100 Turku",
        "Mannerheimintie,Koulukatu,Rantatie,Kauppakatu",
    ),
    _country(
        "LT",
        "EUR",
        "lt",
        "+37055550###",
        "baltic=90 russian=6 polish=4",
        "01103 Vilnius,44279 Kaunas,1050 Rīga,10111 Tallinn",
        "Gedimino pr.,Laisvės al.,Brīvības iela,Viru",
    ),
    _country(
        "GR",
        "EUR",
        "el",
        "+302105550###",
        "greek=95 albanian=5",
        "105 57 Athina,546 24 Thessaloniki,841 00 Ermoupoli",
        "Ermou,Stadiou,Akadimias,Tsimiski",
    ),
    _country(
        "BG",
        "EUR",
        "bg",
        "+35925550###",
        "bulgarian=92 turkish=8",
        "1000 Sofia,4000 Plovdiv,9000 Varna",
        "bul. Vitosha,ul. Shipka,bul. Bulgaria",
    ),
    _country(
        "TR",
        "TRY",
        "tr",
        "+902125550###",
        "turkish=97 arabic=3",
        "34330 İstanbul,06420 Ankara,35220 İzmir",
        "Bağdat Caddesi,İstiklal Caddesi,Atatürk Bulvarı,Lale Sokak",
    ),
    _country(
        "UA",
        "UAH",
        "uk",
        "+380445550###",
        "ukrainian=85 russian=15",
        "01001 Kyiv,79000 Lviv,65000 Odesa",
        "vul. Khreshchatyk,vul. Shevchenka,vul. Franka",
    ),
    _country(
        "AE",
        "AED",
        "en",
        "+97145550###",
        "arabic=40 hindi=28 persian=8 english=8 tamil=6 russian=5 french=5",
        "Dubai,Abu Dhabi,Sharjah",
        "Sheikh Zayed Road,Al Wasl Road,Jumeirah Beach Road,Corniche Road",
    ),
    _country(
        "IL",
        "ILS",
        "en",
        "+97225550###",
        "hebrew=85 arabic=10 russian=5",
        "Tel Aviv 6423906,Jerusalem 9426205,Haifa 3303139",
        "Rothschild Boulevard,Dizengoff Street,Herzl Street",
    ),
    _country(
        "IN",
        "INR",
        "en",
        "+912225550###",
        "hindi=76 tamil=24",
        "Mumbai 400001,New Delhi 110001,Bengaluru 560001,Chennai 600002,Pune 411001",
        "MG Road,Nehru Road,Gandhi Marg,Station Road,Linking Road,Park Street",
    ),
    _country(
        "CN",
        "CNY",
        "zh",
        "+862155550###",
        "chinese=100",
        "Shanghai 200120,Beijing 100020,Shenzhen 518000,Guangzhou 510620",
        "Nanjing Road,Renmin Road,Zhongshan Road,Jianguo Road",
    ),
    _country(
        "HK",
        "HKD",
        "en",
        "+85225555###",
        "chinese=90 english=10",
        "Hong Kong,Kowloon",
        "Queen's Road Central,Nathan Road,Robinson Road,Conduit Road",
    ),
    _country(
        "JP",
        "JPY",
        "ja",
        "+81355500###",
        "japanese=98 korean=2",
        "Tokyo 100-0005,Osaka 530-0001,Nagoya 450-0002,Yokohama 220-0011",
        "Marunouchi,Umeda,Sakae,Minato Mirai,Aoyama,Ginza",
    ),
    _country(
        "KR",
        "KRW",
        "ko",
        "+82255550###",
        "korean=100",
        "Seoul 04524,Busan 48058,Incheon 21999",
        "Sejong-daero,Gangnam-daero,Teheran-ro",
    ),
    _country(
        "SG",
        "SGD",
        "en",
        "+6565550###",
        "chinese=62 tamil=10 indonesian=10 hindi=8 english=6 japanese=4",
        "Singapore 049315,Singapore 238859,Singapore 258465",
        "Orchard Road,Bukit Timah Road,Holland Road,Marina Boulevard,Robinson Road",
    ),
    _country(
        "ID",
        "IDR",
        "id",
        "+622155550###",
        "indonesian=88 chinese=12",
        "Jakarta 10310,Surabaya 60271,Bandung 40115",
        "Jalan Sudirman,Jalan Thamrin,Jalan Merdeka",
    ),
    _country(
        "BR",
        "BRL",
        "pt",
        "+551155550###",
        "brazilian=90 italian=4 japanese=3 german=3",
        "01310-100 São Paulo,22071-000 Rio de Janeiro,30130-000 Belo Horizonte,80020-000 Curitiba",
        "avenida Paulista,rua das Laranjeiras,avenida Atlântica,rua XV de Novembro",
    ),
    _country(
        "MX",
        "MXN",
        "es",
        "+525555550###",
        "spanish=100",
        "06000 Ciudad de México,64000 Monterrey,44100 Guadalajara",
        "avenida Reforma,calle Juárez,calle Hidalgo",
    ),
    _country(
        "US",
        "USD",
        "en",
        "+121255501## +131255501## +130555501## +141555501##",
        "english=60 spanish=14 italian=5 chinese=5 german=4 hindi=3 korean=3 vietnamese=3 polish=3",
        "New York NY 10022,Chicago IL 60611,Miami FL 33131,San Francisco CA 94111",
        "Park Avenue,Main Street,Oak Street,Washington Boulevard,Lincoln Avenue",
    ),
    _country(
        "NG",
        "USD",
        "en",
        "+23415550###",
        "nigerian=100",
        "Lagos 101241,Abuja 900211",
        "Awolowo Road,Marina Road",
    ),
    _country(
        "ZA",
        "ZAR",
        "en",
        "+27115550###",
        "english=50 dutch=40 hindi=10",
        "Johannesburg 2196,Cape Town 8001",
        "Long Street,Rivonia Road,Main Road",
    ),
]
COUNTRIES: dict[str, Country] = {country.code: country for country in _ROWS}


class Market(NamedTuple):
    """A city where the bank has teams: its clock, its holidays, its currency, who its clients are."""

    city: str
    region: str
    country: str
    time_zone: str
    domiciles: Weighted[str]


def _market(city: str, region: str, country: str, zone: str, mix: str) -> Market:
    pairs = [item.split("=") for item in mix.split()]
    return Market(city, region, country, zone, Weighted([(code, float(weight)) for code, weight in pairs]))


_ABROAD = (
    " TR=1 AE=1.2 IN=1 CN=1 JP=.8 BR=.8 PL=1 CZ=1 ES=1 PT=1 NL=1 SE=.6 DK=.4 NO=.4 FI=.4 GR=.5 HU=.5 RO=.4 HR=.5 UA=.4"
    " IL=.5 HK=.5 KR=.4 SG=.5 ID=.3 MX=.3 US=.7 NG=.3 ZA=.3 LT=.3 BG=.3"
)
MARKETS = [
    _market("Zürich", "Switzerland", "CH", "Europe/Zurich", "CH=70 DE=7 IT=3 FR=3 AT=2 GB=2" + _ABROAD),
    _market(
        "Frankfurt", "Germany and Austria", "DE", "Europe/Berlin", "DE=80 AT=3 FR=2 CH=2 NL=1 GB=1" + _ABROAD
    ),
    _market("London", "United Kingdom", "GB", "Europe/London", "GB=76 FR=2 DE=1 IT=1 ES=1" + _ABROAD),
    _market("Genève", "Switzerland", "CH", "Europe/Zurich", "CH=60 FR=16 IT=2 GB=2 DE=1" + _ABROAD),
    _market("Paris", "Western Europe", "FR", "Europe/Paris", "FR=86 ES=1 IT=1 CH=1" + _ABROAD),
    _market("Milano", "Southern Europe", "IT", "Europe/Rome", "IT=88 CH=2 FR=1" + _ABROAD),
    _market("Wien", "Germany and Austria", "AT", "Europe/Vienna", "AT=70 DE=6 CZ=4 HU=5 HR=4 RO=3" + _ABROAD),
    _market("Madrid", "Southern Europe", "ES", "Europe/Madrid", "ES=84 PT=3 MX=3 GB=1" + _ABROAD),
    _market("Lisboa", "Southern Europe", "PT", "Europe/Lisbon", "PT=80 BR=8 ES=3" + _ABROAD),
    _market("Amsterdam", "Western Europe", "NL", "Europe/Amsterdam", "NL=84 DE=2 GB=1" + _ABROAD),
    _market(
        "Warszawa", "Central and Northern Europe", "PL", "Europe/Warsaw", "PL=80 UA=6 LT=4 DE=1" + _ABROAD
    ),
    _market("Praha", "Central and Northern Europe", "CZ", "Europe/Prague", "CZ=82 UA=3 DE=2" + _ABROAD),
    _market(
        "Stockholm",
        "Central and Northern Europe",
        "SE",
        "Europe/Stockholm",
        "SE=50 DK=14 NO=12 FI=12" + _ABROAD,
    ),
    _market("Athina", "Southern Europe", "GR", "Europe/Athens", "GR=60 BG=16 RO=8" + _ABROAD),
    _market("Dubai", "Middle East and India", "AE", "Asia/Dubai", "AE=45 IN=25 TR=8 IL=3 GB=3" + _ABROAD),
    _market("Mumbai", "Middle East and India", "IN", "Asia/Kolkata", "IN=88 AE=3" + _ABROAD),
    _market("Singapore", "Asia", "SG", "Asia/Singapore", "SG=30 CN=25 HK=10 JP=15 KR=10 ID=8" + _ABROAD),
    _market("São Paulo", "Americas", "BR", "America/Sao_Paulo", "BR=70 MX=6 US=10 PT=2" + _ABROAD),
]

# BBAN: digits that stand for a bank that does not exist, then the account in so many digits.
_BBAN = {
    "CH": ("99001", 12), "DE": ("99900100", 10), "GB": ("RMCR990010", 8), "AT": ("99001", 11), "FR": ("9990199001", 13),
    "IT": ("X9990199001", 12), "ES": ("9990199001", 10), "PT": ("99909990", 13), "NL": ("RMCR", 10), "PL": ("99909990", 16),
    "CZ": ("9990", 16), "SE": ("999", 17), "GR": ("9990990", 16), "AE": ("999", 16),
}  # fmt: skip


def _digits(text: str) -> str:
    return "".join(str(int(sign, 36)) for sign in text)


class AccountNumbers:
    """IBANs of one country, check digits by ISO 7064 mod 97-10; where there is no IBAN, plain numbers."""

    def __init__(self, country: str):
        self.country = country
        self.bank, self.length = _BBAN.get(country, ("", 0))
        self._start = int(_digits(self.bank) or "0") * 10**self.length
        self._end = int(_digits(country) + "00")

    def number(self, serial: int) -> str:
        # Not in the order of opening: a bijection on ten digits scatters them (8 where the country has no more).
        digits = min(self.length, 10) or 10
        account = serial * 7_654_321 % 10**digits
        if not self.bank:
            return f"{self.country}9900{account:010d}"
        check = 98 - ((self._start + account) * 10**6 + self._end) % 97
        return f"{self.country}{check:02d}{self.bank}{account:0{self.length}d}"


ACCOUNT_NUMBERS = {market.country: AccountNumbers(market.country) for market in MARKETS}

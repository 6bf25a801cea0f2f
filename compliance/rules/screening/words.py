"""What the words of a name are: names, titles, particles, company forms; how much each says. Pure.

The tables are the scorer's own and fixed. How common a word is never depends on who is on a list today, so a
pair of names is judged alike in a full run, in a run over what changed, and years later.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Company forms by family. They are left out of what is compared; only a society is never a company. Those
# written out are shortened first (`PHRASES`).
FORM_FAMILIES = {
    "limited": "ltd limited llc ooo gmbh mbh sarl srl bv pte pty pvt private doo eood ood sl sp zoo kft uab"
    " ab oy as aps lda ltda limitada fzco fze fzc dmcc wll too tov llk gmbkh dmkk ead cv"
    " ogranichennoy ogranichennoi otvetstvennostyu otvetstvennostiu sacv cvsa",
    "stock": "ag sa spa nv jsc ojsc oao pao pjsc zao ao plc inc ink incorporated corp corporation se kgaa sae"
    " sal sas psc ca cjsc aktiengesellschaft tbk pt bhd sdn oyj asa ad dd kk co company cie compagnie"
    " aktsionernoe aktsionernoye",
    "partnership": "lp llp kg ohg gbr snc scs",
    "society": "ano ngo ev nko",
}  # fmt: skip
FORMS = {form: family for family, forms in FORM_FAMILIES.items() for form in forms.split()}
VAGUE_FORMS = _words("co company cie compagnie ca as ab ad dd se pt sa private")

NAMES_WITHOUT_VOWELS = _words(
    "sl sp bv nv dd kk kg lp cv sdn tbk"
)  # no forms in Arabic and Hebrew: Saul, Sedano
FORMS_AND_SYLLABLES = _words("pao zao sal sae sa se ngo co")  # as well a part of a name of East Asia

PHRASES = {
    "limited liability company": "llc",
    "limited liability partnership": "llp",
    "limited partnership": "lp",
    "public limited company": "plc",
    "public joint stock company": "pjsc",
    "open joint stock company": "ojsc",
    "closed joint stock company": "cjsc",
    "joint stock company": "jsc",
    "gesellschaft mit beschrankter haftung": "gmbh",
    "gesellschaft mit beschraenkter haftung": "gmbh",
    "societe anonyme": "sa",
    "sociedad anonima": "sa",
    "societa per azioni": "spa",
    "societe a responsabilite limitee": "sarl",
    "sociedad de responsabilidad limitada": "srl",
    "besloten vennootschap": "bv",
    "naamloze vennootschap": "nv",
    "obshchestvo s ogranichennoi otvetstvennostiu": "ooo",
    "obshchestvo s ogranichennoy otvetstvennostyu": "ooo",
    "obschestvo s ogranichennoj otvetstvennostju": "ooo",
    "publichnoe aktsionernoe obshchestvo": "pao",
    "otkrytoe aktsionernoe obshchestvo": "oao",
    "zakrytoe aktsionernoe obshchestvo": "zao",
    "aktsionernoe obshchestvo": "ao",
    "avtonomnaya nekommercheskaya organizatsiya": "ano",
    "sp z o o": "spzoo",
    "s a r l": "sarl",
}

# Parts of a written out form, and the words that show it is one: "stock" beside "joint".
PARTS_OF_FORMS = {
    "joint": frozenset(["stock", "stok", "company"]),
    "stock": frozenset(["joint", "company"]),
    "stok": frozenset(["joint", "company"]),
    "open": frozenset(["stock", "joint"]),
    "closed": frozenset(["stock", "joint"]),
    "public": frozenset(["stock", "joint"]),
    "liability": frozenset(["limited", "company"]),
    "obshchestvo": frozenset(
        ["aktsionernoe", "aktsionernoye", "ogranichennoy", "ogranichennoi", "otvetstvennostyu"]
    ),
    "publichnoe": frozenset(["aktsionernoe"]),
    "otkrytoe": frozenset(["aktsionernoe"]),
    "zakrytoe": frozenset(["aktsionernoe"]),
}
LONG_FORMS = tuple(
    sorted({*(form for form in FORMS if len(form) > 6), *PARTS_OF_FORMS} - {"open", "public", "stok"})
)

# Joins the parts of a name and says nearly nothing.
PARTICLES = _words(
    "al el ul ur ad ar as az an ash at bin ben ibn bint binti ibni bn abn bnt van von der den de da do "
    "dos das del della di du la le las los y e i zu zum zur ter ten af av und and et the of for u och og "
    "na st o a d l s"
)
WITHOUT_VOWELS = _words(
    "al el bn abn bnt bin ibn bd w y d dr of af and the for"
)  # of these, in Arabic and Hebrew
FAMILIES_TOO = _words("ten ter den do da di du an as az at")  # at the end of a name
NOT_EAST_ASIAN = frozenset(["al", "el", "ul", "bin", "ben", "ibn", "bn", "abu", "van", "von", "de", "la"])
FATHERS = frozenset(
    ["bin", "ben", "ibn", "bint", "binti", "bn"]
)  # "son of": who stands before and after is not the same

TITLES = _words(
    "mr mrs ms miss dr prof sir lord lady hon haji hajji haj hajj hadji hadzhi khadzhi khaji mullah mulla "
    "molla maulavi mawlawi maulvi mawlana maulana sheikh shaykh shaikh cheikh sheik qari hafiz ayatollah "
    "general gen colonel col major maj captain capt lieutenant lt brigadier commander admiral sayyid "
    "sayed sayyed jr sr"
)

# Says what a company does, not who it is.
GENERIC = _words(
    "group groupe gruppe holding holdings international intl trading trade general services service "
    "industries industry industrial enterprise enterprises company bank banco banque commercial "
    "investment investments management solutions systems technology technologies development global "
    "national export import shipping transport construction engineering consulting capital partners fund "
    "trust foundation organization organisation association institute university center centre ministry "
    "government corporation products energy oil gas petroleum petrochemical invest finance financial "
    "ventures logistics"
)

# Words and places that many companies are called by: one of them, were it alone, tells no company.
ORDINARY = _words(
    "abroad academy action advanced aerospace affairs africa african agency agricola agricultural "
    "agriculture aircraft airlines airport aktsionerno aktsionernoe aktsionernoye alliance almaty alpine "
    "alumin aluminum alyans amber america american ancient anonim apollo aqua arabia arabian arctic armed "
    "arsenal artemis ashgabat asian assets assistance athena atlantic atlantis atlas aurora australia "
    "austria authority automation automobile automotive avalon aviakompaniya aviation bakery balkan "
    "baltic banking battery beauty beijing beirut belarus belarusian berlin beteiligungen beverages "
    "biotech boston brazil bridge british broker brokerage brothers builders building business byuro "
    "cairo calypso canada capitol cardinal cargo carrier caspian castle cedars cement central ceramics "
    "champion charity charter chemical chemicals chemistry china chinese choice citadel clinic clothing "
    "coatings coffee colombia comercial comercializadora comercio commerce commodities communication "
    "communications compania complex components composite computer concept concord condor connect consult "
    "consultants consultores contact continental contractors control cooperation cooperative copper "
    "corona corporate corporativo council courier creative credit crescent crimea crown crystal cultural "
    "culture customs damascus defence defense delivery delphi dental department design diamond digital "
    "direct discovery distribuidora distribution distributors dolphin dragon dubai dvizhenie dynamic "
    "dynamics eagles eastern eclipse economic edition education educational electric electrical "
    "electricity electronic electronics elektro element elements elite emerald emirates empire empresa "
    "energia energie environment equipment equity essential estate estates eternal europa europe european "
    "events everest excel excellence exchange express fabrica factory falcon family farmers fashion "
    "federal federalnoe federation fidelity fisheries fishing flight florence foods foreign forest format "
    "fortuna fortune forward foundation france freedom freight friendship frontier future galaxy garage "
    "garden gemini generation genesis geneva german germany gesellschaft glass globe golden "
    "gosudarstvennoe gourmet grain grand granite greece green grocery grupo guardian hamburg handel "
    "harbor harbour harmony hawala health healthcare heaven hebei helios hercules heritage higher "
    "highland holidays holland holzbau homes horizon hospital hospitality hotels house housing hydraulic "
    "iberia icon imaging imeni immobilien imperial import importadora indian indonesia industria "
    "industrias infinity information infrastructure inmobiliaria innovation innovations inspection "
    "institut instruments insurance integral integrated interior internal international internet "
    "inversiones invest investor inzhiniring iranian islamic island issledovatelskiy istanbul italia "
    "jewellery jewelry jordan journey jupiter justice kabul karachi kazakhstan keramik kholding kingdom "
    "kompania kompaniia kompaniya konsalting konsern konstruktorskoe korean korporatsiya laboratories "
    "laboratory landmark leasing lebanon legacy legend liberty libyan limestone lions liquid lizing "
    "logistic logistica logistik logistika london lotus luxury machine machinery machines madrid magazine "
    "magnolia majestic management manufacture manufacturing marine maritime marka market marketing "
    "markets master materials maximum mechanical media medical medicine mediterranean mega mercantile "
    "merchant mercury meridian metal metallurgical metals metro metropolitan milano millennium mineral "
    "minerals mining mirage mobile modern monaco monarch money moscow motors mountain multimedia music "
    "nacional nations nationwide natural nature nauchno nautical navigation neptune network networks "
    "nezavisimost nigeria nordic northern nuclear oasis obedinenie obschestvo obshchestvo ocean oceanic "
    "odessa office offshore olympia olympic omega online operations optical optima organic orient "
    "oriental origin orion overseas oxford pacific packaging pakistan palace panama panther paradise "
    "paris partner passage pearl peoples performance persian petersburg pharma pharmaceutical "
    "pharmaceuticals phenix phoenix physics pioneer pipeline planet planning plants plastic plastics "
    "platinum player polymer polymers popular power precision predpriyatie predpriyatiye premier premium "
    "prestige prima princess print printing private processing procurement product production productions "
    "proekt professional progress proizvodstvennaya proizvodstvennoe project projects prometheus "
    "promotion promyshlennost properties property prosperity protection provision public publishing "
    "quality quantum queens radiant railway rainbow razvitie recycling refinery reform region regional "
    "renewable rental repair republic research reserve resort resources respublika respubliki restaurant "
    "retail revolution rhein riviera rocket rossii rossiya royal russia russian russkaya safety sanayi "
    "sapphire satellite saturn school science sciences scientific second secure securities security "
    "select sensors servicios servis severnaya shanghai shenzhen shipyard sierra silver singapore sistemy "
    "smart social sociedad societe society soft software solar soldiers source southern sovereign soyuz "
    "spain special spectrum speed spetsialnoe spirit sports standard station sterling stones store "
    "strategic strategy stream stroitelnaya studio success summit sunrise sunset supply support supreme "
    "surgical swiss switzerland symphony syria syrian system tehran tekhnika tekhnologii tekhnologiya "
    "telecom telecommunications television terminal terra textile textiles thailand theatre thunder "
    "tianjin ticaret tickets tiger timber titan titanium tokyo torgovaya torgovlya torgovyy tourism "
    "toyota tractor trade tradition trans transfer transit transportation travel treasure treasury treid "
    "triangle tribune trident trinity triumph tropical trucks tsentr turkey turkish ukraine ultimate "
    "ulusal unicorn uniform union unique unitary united unity universal universe universitet "
    "upravlyayushchaya urban utilities utility valley vanguard vector vehicle venture venus vertex "
    "victoria victory vienna vietnam village vision vista vostok warehouse warriors water welfare western "
    "wheels wholesale wireless wonder wooden workers working workshop world yachts yemen youth zavod "
    "zemlya zenith zurich"
)

# A company with one of these beside its name is a sister of it: "Banco Santander Chile".
PLACES = _words(
    "afghanistan africa albania algeria america americas angola argentina armenia asia australia austria "
    "azerbaijan bahrain bangladesh belarus belgium bolivia bosnia brasil brazil bulgaria cambodia "
    "cameroon canada chile china colombia congo croatia cuba cyprus czech denmark deutschland dubai "
    "ecuador egypt emea espana estonia ethiopia europa europe finland france georgia germany ghana greece "
    "guatemala guyana haiti honduras hungary iceland india indonesia iran iraq ireland israel italia "
    "italy jamaica japan jordan kazakhstan kenya korea kuwait kyrgyzstan laos latvia lebanon libya "
    "lithuania london luxembourg macau malaysia mali malta mauritius mexico moldova monaco mongolia "
    "morocco moscow mozambique myanmar namibia nepal netherlands nicaragua niger nigeria norge norway "
    "oman pakistan panama paraguay peru philippines poland polska portugal qatar romania rossiya russia "
    "rwanda schweiz senegal serbia singapore slovakia slovenia somalia spain sudan suisse sverige sweden "
    "switzerland syria taiwan tajikistan tanzania thailand tunisia turkey turkmenistan uganda uk ukraine "
    "uruguay usa uzbekistan venezuela vietnam yemen zambia zimbabwe"
)

# Borne by millions: agreement on these alone says little. Any spelling of `_VARIANTS` is meant.
_BORNE_BY_MILLIONS = """
muhammad ali ahmad hasan husain ibrahim umar khan yusuf mahmud mustafa abdallah khalid said salih hamid
karim rashid islam begum akhtar ullah rahman aisha fatima maryam zahra zainab nur amin amir nasir nasser
majid salim saleem jamal kamal tariq hashim hashem qasim ismail sulayman isa musa yaqub ishaq dawud bilal
hamza anwar ashraf aziz habib hadi haidar idris imran iqbal jafar javad mahdi mehdi malik mansur masud munir
nabil naser omran osman uthman rahim ramadan reza saad sami samir shah sharif sultan taha wali walid yahya
yasin zaid adel adil ayman hosseini husseini mohammadi ahmadi rezaei karimi moradi jafari rahimi hashemi
mousavi sadeghi alavi akbari hussaini haddad khalil najjar khoury mansour saleh abbas yilmaz kaya demir
celik sahin yildiz ozturk aydin arslan aslan dogan kilic cetin kara koc kurt ozdemir mehmet huseyin murat
emre fatma ayse emine hatice singh kumar sharma patel gupta das devi kaur rao reddy verma mishra yadav joshi
nair iyer mehta raj rajesh suresh ramesh sunil sanjay anil vijay ravi priya anita sunita john david michael
mikhail james robert william richard thomas charles christopher daniel matthew anthony mark donald steven
stepan paul pavel andrew andrey joshua kenneth kevin brian george georgiy edward ronald timothy jason
jeffrey ryan jacob gary nicholas nikolay eric jonathan justin scott brandon benjamin samuel frank patrick
jack dennis mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy lisa margaret
sandra ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca laura sharon
smith johnson brown jones williams miller davis wilson anderson taylor moore jackson martin thompson white
harris clark lewis robinson walker young king wright hill green adams baker hall allen campbell mitchell
roberts carter phillips evans turner parker collins edwards stewart morris murphy cook rogers morgan cooper
peterson bailey reed kelly howard ward cox richardson watson brooks bennett gray hughes price myers foster
ross jose juan carlos luis jorge francisco manuel pedro pyotr antonio miguel javier fernando ricardo eduardo
sergio sergey rafael raul alejandro aleksandr roberto mario alberto enrique angel oscar victor viktor ramon
diego pablo cesar ana rosa carmen isabel teresa lucia gloria martha silvia guadalupe garcia rodriguez
gonzalez hernandez lopez martinez perez sanchez ramirez torres flores rivera gomez diaz reyes cruz morales
ortiz gutierrez chavez ramos ruiz alvarez mendoza vasquez castillo jimenez moreno romero herrera medina
aguilar vargas castro guzman mendez munoz salazar soto rojas delgado guerrero rios silva santos oliveira
souza sousa pereira costa ferreira rodrigues almeida lima carvalho gomes ribeiro martins alves lopes
fernandes barbosa ivan vladimir dmitriy aleksey yuriy yevgeny oleg igor konstantin vasily anatoly boris
roman maksim maxim denis artem ilya kirill stanislav valery vitaly vyacheslav ruslan anna elena natalia olga
tatiana irina svetlana ekaterina marina galina lyudmila ludmila valentina nina yulia ivanov ivanova petrov
petrova sidorov smirnov kuznetsov popov popova volkov sokolov lebedev kozlov novikov morozov pavlov fedorov
mikhailov nikolaev andreev makarov orlov zaitsev kovalenko shevchenko bondarenko melnyk mueller muller
schmidt schneider fischer weber meyer wagner becker schulz hoffmann koch bauer richter klein wolf peter hans
klaus wolfgang ursula monika stefan andreas joseph franz karl jean pierre marie michel philippe nathalie
isabelle bernard dubois durand moreau laurent rossi russo ferrari esposito bianchi romano giuseppe giovanni
paolo marco luca jan piotr krzysztof andrzej nowak kowalski novak jovanovic petrovic nikolic markovic kim li
lee wang zhang chen liu yang huang park pak choi jung zhao wu zhou xu sun ma zhu hu guo he lin gao luo
nguyen tran le pham hoang tanaka suzuki sato takahashi watanabe ito yamamoto mohamed abdi hassan hussein
diallo traore toure keita kone okafor
"""
COMMON = frozenset(_BORNE_BY_MILLIONS.split())

# One name in many spellings: each line one name, the first spelling stands for it.
_VARIANTS = """
muhammad mohammad mohammed muhammed mohamed mohamad mohamet mahomet mehmet mehmed mohd muhamad mahamat mhmd mahammad magomed maghomed mukhamed
ahmad ahmed ahmet akhmed achmed achmad ahmd
ali aly aliy ly
hasan hassan hsn hasen khasan
husain hussain hussein husein hosein hossein husseyn huseyn hossain hussin hsyn khusein houssein
yusuf yousef youssef yousuf yusef joseph josef iosif jozef jusuf yosef ywsf yusup usef
ibrahim abrahym ebrahim abraham ibragim abrahim brahim ibraheem
umar omar omer umer umr
uthman osman othman usman ousmane ottoman
mahmud mahmoud mahmood mehmood mhmwd
mustafa mostafa moustafa mustapha mstfa
abdallah abdullah abdulla abdoulaye abdullahi bdallh abdallh abdalh abdullh
khalid khaled halid
said saeed saeid sayeed sayid sayd
salih saleh salah salh
sulayman suleiman sulaiman suleyman solomon soliman sleiman salomon
dawud daoud david dawood daud davud davyd dwd
musa moussa moses mousa moshe moises
isa issa eissa
yaqub yacoub jacob yakub iakov jakob yaakov jacques iago
ishaq isaac ishak isaak
yahya yehia
john jean johan johann johannes jan giovanni joao ioannis ioann yuhanna jovan ioan jon johnny
ayman aiman
aisha aysha ayesha aicha
fatima fatma fatemeh fatimah
maryam mary maria marie mariam miriam mariya marija
aleksandr alexander aleksander alexandre alessandro oleksandr alexandr aliaksandr alejandro aleksandar sasha alex alexandros iskander iskandar sandro
aleksey alexei aleksei alexey oleksiy alexis aliaksei
andrey andrei andrew andreas andre andrea andriy andrzej andres andrej anders andy
nikolay nikolai nicholas nicolas mykola nikolaus nikolaos niccolo nick mikalai klaus nicolae
mikhail mikhael michael michel miguel mykhailo michal mihail mihai mikael mike michele mikalay misha mick
sergey sergei serge sergio serhiy siarhei sergiy serguei
vladimir volodymyr wladimir uladzimir vladimer vova
dmitriy dmitri dmitry dmytro dimitri dimitrios dzmitry dmitrii
yuriy yuri yury iurii jurij
yevgeny evgeny evgeniy yevgeniy eugene yevhen evgenii eugen
pyotr petr peter pedro pierre petro pietro piotr pete
pavel paul pablo pavlo paolo paulo pawel
grigory gregory grigoriy hryhoriy gregor greg grzegorz
konstantin kostyantyn constantine konstantinos kostas
vasily vasiliy basil vasyl vassily
stepan stephen steven stefan stephan etienne esteban stefano steve stepan
fyodor fedor theodore theodor fiodor ted teddy theo todor teodor
georgiy george georges jorge giorgio georg heorhiy georgios jerzy
igor ihor
oleg oleh
viktor victor
elena helen olena helena yelena
ekaterina catherine katherine yekaterina kateryna katarina katarzyna kate cathy kathy
tatiana tatyana tetyana
natalia natalya nataliya
kim gim
park pak bak bag pack
li lee yi ri rhee
choi choe coe
jung jeong chong chung jong cheong
william will bill billy guillermo guillaume wilhelm willem liam willy
robert bob rob bobby roberto bert
richard dick rick ricardo riccardo rich
james jim jimmy jamie
charles charlie chuck carlos carl karl karel carlo
edward ed eddie eduardo ted edouard
henry harry enrique henri heinrich hendrik enrico
thomas tom tommy tomas tommaso
daniel dan danny daniele danilo
anthony tony antonio antoine anton antonius
elizabeth liz beth betty elisabeth isabel elisa eliza
margaret maggie meg peggy margarita marguerite
francis frank francisco francesco franz francois franciszek
lawrence larry laurent lorenzo laurence
frederick fred freddy friedrich federico frederic
samuel sam
benjamin benny
christopher chris christoph cristobal kristof christophe
matthew matt matthias mateo matteo matthieu
timothy tim
philip phil felipe philippe filippo filip
ronald ron ronnie
donald don donny
kenneth ken kenny
gerald gerry jerry
patrick pat paddy
susan sue suzanne susanna
deborah debbie
barbara barb
jennifer jenny
jessica jess
rebecca becky
first 1st
second 2nd
third 3rd
international intl internationale internacional
brothers bros
department dept
manufacturing mfg
association assoc assn
university univ
saint st
"""  # noqa: E501  # a name is a line


def _spellings() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _VARIANTS.split("\n"):
        first, *others = line.split() or [""]
        for spelling in (first, *others):
            found.setdefault(spelling, first)
    return found


SPELLINGS = _spellings()
ABD = frozenset(
    ["abd", "abdul", "abdel", "abdal", "abdol", "abdoul", "abdu", "abdur", "abdus", "abdun", "bd"]
)  # "servant of"
GOD = frozenset(["allah", "allh", "ullah", "lah"])


def is_common(word: str) -> bool:
    """Borne by millions, however it is spelled."""
    return word in COMMON or SPELLINGS.get(word, word) in COMMON


def is_telling(word: str, *, alone: bool) -> bool:
    """So much one company's own that its name is told by it beside others, or `alone`: "Rosoboronexport"."""
    return (
        len(word) > (11 if alone else 5)
        and word.isalpha()
        and word not in ORDINARY
        and word not in GENERIC
        and word not in TITLES
        and not is_common(word)
    )

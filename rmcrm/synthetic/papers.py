"""How a client is reached and found, with which papers, and what compliance knows of the file."""

from datetime import date

from clients.words import fold, words_of
from rmcrm.synthetic.client import CONTACT, FEW, JOINING, KEY, NULL, SERVED, ClientFile
from rmcrm.synthetic.dice import shares

TEN_YEARS = 3652
KEPT_REVIEWS = 800  # days
_CYCLE = {"low": 5, "medium": 3, "high": 1}  # years between two reviews
_FUNDS = {
    "mass": shares(
        "salary=62 pension=12 savings=10 business_income=5 inheritance=4 sale_of_property=2 gift=2 "
        "cash_business=1 crypto=1 other=1"
    ),
    "rich": shares(
        "salary=34 business_income=26 inheritance=15 sale_of_property=12 savings=7 gift=2 crypto=2 "
        "cash_business=1 other=1"
    ),
}
_CASH_TRADES = {"Restaurants and hotels", "Car dealers", "Bakery"}
# As in version 3 of the rule pack "kyc", which a test compares.
POINTS = {
    "funds": {"business_income": 8, "inheritance": 4, "sale_of_property": 4, "gift": 14, "cash_business": 18,
              "crypto": 22, "other": 14},
    "purpose": {"cross_border": 14, "business": 8, "wealth": 4},
}  # fmt: skip
_ORGANISATION, _LOAN, _MONITORED, _MEDIUM, _HIGH = 8, 2, 20, 26, 51
_HIGH_RISK = {"KP", "IR", "MM"}
_MONITORED_COUNTRIES = set(  # of FATF and of the EU, which weigh the same
    "AF AO BA BF BG BO CD CI CM DZ HT IQ KE KW LA LB MC ML MZ NA NG NP PG SS SY TT TZ VE VG VN VU YE ZA".split()  # noqa: SIM905, E501
)
# What a file needs to be in order, and what most clients also agree to.
_CONSENTS = [("data_processing", "", 0.98, 0.99), ("recording", "", 0.96, 0.98),
             ("marketing", "email", 0.55, 0.75), ("profiling", "", 0.3, 0.5)]  # fmt: skip


def write_contacts(file: ClientFile) -> None:
    """Phone, e-mail and address of the main party, and by what the search finds the file."""
    chance, number = file.chance, file.id
    phones = file.home.country.phones
    phone = phones[int(chance() * len(phones))]
    gaps = phone.count("#")
    phone = f"{phone[:-gaps]}{int(chance() * 10**gaps):0{gaps}d}"
    found = words_of(*file.all_names)
    words = fold(file.name).split(" ")
    if file.kind == "person":
        email = f"{words[0]}.{words[-1]}{number % 1000}@example.{('com', 'org', 'net')[number % 3]}"
    else:
        email = f"info@{''.join(words)[:40]}.example"
    by_phone = file.channel in {"call", "meeting", "visit"}
    yes, no = ("t", "f") if by_phone else ("f", "t")
    first, party = number * CONTACT, file.main_party
    file.out["clients_contactpoint"](
        f"{first}\t{number}\t{party}\tphone\t{phone}\t{yes}\n"
        f"{first + 1}\t{number}\t{party}\temail\t{email}\t{no}\n"
        f"{first + 2}\t{number}\t{party}\taddress\t{file.home.address}\tf\n"
    )
    first = number * KEY
    file.out["clients_searchkey"](
        f"{first}\t{number}\tc{number:07d}\n"
        f"{first + 1}\t{number}\t{phone[1:]}\n"
        f"{first + 2}\t{number}\t{email}\n"
    )
    file.words.update(found)
    file.out["clients_searchname"](f"{number}\t{{{','.join(found)}}}\n")


def write_consents(file: ClientFile) -> None:
    if file.state == "lead":
        return
    chance, rich = file.chance, file.segment != "mass"
    given = file.days.iso(max(file.since, -2500))
    for place, (purpose, channel, mass, other) in enumerate(_CONSENTS):
        if chance() < (other if rich else mass):
            withdrawn = NULL
            if place > 1 and chance() < 0.05:
                withdrawn = file.days.iso(-int(chance() * 40) - 1)
            file.out["compliance_consent"](
                f"{file.id * FEW + place}\t{file.id}\t{purpose}\t{channel}\t{given}\t{withdrawn}\n"
            )


def write_identifiers(file: ClientFile) -> None:
    chance, iso = file.chance, file.days.iso
    main, country, number = file.main_party, file.home.country.code, file.id * FEW
    digits = int(chance() * 10**9)
    if file.kind == "person":
        # A paper is valid for ten years; nobody's but the planted ones runs out within two months.
        expires = 75 + int(chance() * 3400)
        kind = "passport" if chance() < 0.55 else "id_card"
        if file.planted == "expiring_passports":
            kind, expires = "passport", 3 + int(chance() * 57)
        file.out["clients_identifier"](
            f"{number}\t{file.id}\t{main}\t{kind}\t{file.nationality}\t{'XCKPLERN'[int(chance() * 8)]}"
            f"{digits % 10**8:08d}\t{iso(expires - TEN_YEARS)}\t{iso(expires)}\n"
        )
        if kind == "passport" and expires <= 60 and file.state != "closed":
            file.truth("expiring_passports", identifier=number, expires_on=iso(expires))
        tax = f"{digits:09d}"
    else:
        text = f"{digits:09d}"
        register = text
        if country == "CH":
            register = f"CHE-{text[:3]}.{text[3:6]}.{text[6:]}"
        elif country in {"DE", "AT"}:
            register = f"HRB {text[:6]}"
        file.out["clients_identifier"](
            f"{number}\t{file.id}\t{main}\tregister\t{country}\t{register}\t{iso(file.birth_day)}\t{NULL}\n"
        )
        if file.segment == "corporate":
            lei = f"999900{file.id:012d}"
            check = 98 - int(lei + "00") % 97
            file.out["clients_identifier"](
                f"{number + 1}\t{file.id}\t{main}\tlei\t{country}\t{lei}{check:02d}\t{NULL}\t"
                f"{iso(75 + int(chance() * 280))}\n"
            )
        tax = f"{country}{text}"
    missing = ""
    if chance() >= 0.98:
        tax, missing = "", "Number applied for, not yet given"
    file.out["clients_taxresidence"](f"{file.id * 2}\t{file.id}\t{main}\t{country}\t{tax}\t{missing}\n")


def write_kyc(file: ClientFile) -> None:
    """Facts, the rating they lead to, the last review and the next: due by the cycle of the rating."""
    chance, days, rich = file.chance, file.days, file.segment != "mass"
    if file.state in JOINING:
        file.risk, file.due = "unrated", file.since
        file.out["compliance_kycfile"](
            f"{file.id}\t{file.id}\tmissing\tunrated\t[]\tf\t\t\t{NULL}\t{NULL}\t{days.iso(file.since)}\t1\t{NULL}\t{NULL}\n"
        )
        return
    pep = chance() < (0.012 if rich else 0.003)
    funds = _FUNDS["rich" if rich else "mass"].pick(chance())
    draw = chance()
    if file.kind == "organisation":
        funds = "cash_business" if file.occupation in _CASH_TRADES else "business_income"
        purpose = "cross_border" if draw < 0.12 else "wealth" if file.segment == "hnw" else "business"
    else:
        purpose = "cross_border" if draw < 0.08 else "wealth" if rich else "daily_banking"
    risk, reasons = _rating(file, pep, funds, purpose)
    if file.planted == "cyclic_owners":
        risk = "high"
        reasons.insert(0, "opaque_ownership")
    file.risk = risk
    years = _CYCLE[risk]
    due = 5 + int(chance() * years * 364)
    if chance() < 0.05 and not file.closed:
        due = -1 - int(chance() * 90)
    if days.iso(due).endswith("02-29"):  # so that the same day exists years before
        due -= 1
    reviewed = f"{int(days.iso(due)[:4]) - years}{days.iso(due)[4:]}"
    opened = days.iso(file.since)
    if reviewed < opened:  # no review since the file was opened
        reviewed = opened if not opened.endswith("02-29") else opened[:-1] + "8"
        due = days.n(date.fromisoformat(f"{int(reviewed[:4]) + years}{reviewed[4:]}"))
    file.due = due
    text = days.iso(due)
    if due < 0 and file.state in SERVED:
        file.truth("kyc_overdue", due_on=text)
    officers = file.plan.officers
    state = "in_review" if due < 0 and chance() < 0.3 else "current"
    told = '", "'.join(reasons)
    told = f'["{told}"]' if reasons else "[]"
    file.out["compliance_kycfile"](
        f"{file.id}\t{file.id}\t{state}\t{risk}\t{told}\t{'t' if pep else 'f'}\t{funds}\t{purpose}\t"
        f"{reviewed}\t{officers[file.id % len(officers)]}\t{text}\t3\t"
        f"{reviewed} 08:20:00+00\t{file.book.keeper}\n"
    )
    _write_desk(file, risk, reviewed)


def _write_desk(file: ClientFile, risk: str, reviewed: str) -> None:
    """What compliance did and is asked for: the last review, why one is due now, a lower rating that waits.

    Told by the client's number, not by its dice: all else of the bank stays as it was.
    """
    days, number = file.days, file.id
    officer = file.plan.officers[number % len(file.plan.officers)]
    done, mark = days.n(date.fromisoformat(reviewed)), number * 2654435761 % 1000
    if done > -KEPT_REVIEWS:
        late = 1 + mark % 47 if mark < 140 else 0
        due = days.iso(done - late if late else done + mark % 20)
        file.out["compliance_kycreview"](
            f"{number}\t{number}\t{due}\t{reviewed}\t{late}\t{risk}\t{file.book.id}\t{file.book.team}\t"
            f"{officer}\n"
        )
    if file.state not in SERVED:
        return
    if -25 <= file.due <= 90 and mark % 4 == 0:
        code = "owner_change" if file.kind == "organisation" else "facts_changed"
        since = days.iso(min(file.due, 0) - 20)
        file.out["compliance_reviewtrigger"](
            f"{number}\t{number}\t{code}\tdemo\t{since} 09:00:00+00\t{days.iso(file.due)}\n"
        )
    if risk == "medium" and mark % 40 == 1:
        reason, asked = "The trade across borders ended.", days.iso(-(number % 9))
        file.out["compliance_ratingoverride"](
            f"{number}\t{number}\tlow\tmedium\tf\t{reason}\t{days.iso(90)}\twaiting\t{officer}\t"
            f"{asked} 09:00:00+00\t\t3\n"
        )


def _rating(file: ClientFile, pep: bool, funds: str, purpose: str) -> tuple[str, list[str]]:
    """(level, codes of the reasons, what weighs most first), as compliance rates."""
    factors: list[tuple[int, str]] = []  # points; floors count 1,000
    countries = {file.nationality, file.home.country.code}
    if pep:
        factors.append((1000, "pep"))
    if listed := sorted(countries & _HIGH_RISK):
        factors += [(1000, f"country:{code}") for code in listed]
    elif watched := sorted(countries & _MONITORED_COUNTRIES):
        factors.append((_MONITORED, f"country:{watched[0]}"))
    if file.kind == "organisation":
        factors.append((_ORGANISATION, "kind:organisation"))
    if points := POINTS["funds"].get(funds):
        factors.append((points, f"source_of_funds:{funds}"))
    if points := POINTS["purpose"].get(purpose):
        factors.append((points, f"purpose:{purpose}"))
    if file.has_loan:
        factors.append((_LOAN, "product:loan"))
    factors.sort(key=lambda factor: (-factor[0], factor[1]))
    total = sum(points for points, _ in factors)
    level = "high" if total >= _HIGH else "medium" if total >= _MEDIUM else "low"
    return level, [code for _, code in factors]

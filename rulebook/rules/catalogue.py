"""Every rule pack in words: what each figure means, where it comes from, what it may be. Pure.

The one place of these texts: the form of a draft, a version, what it changes and the second person's page are
made from it. A figure that nobody explained here is shown by its own name; a test asks for its words.
"""

# ruff: noqa: E501 - a table: one figure a line

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from rulebook.rules.figures import Figure, Found, PackWords, country_name, under
from rulebook.rules.words import (
    ANSWERS,
    BANDS,
    BANDS_BY_PLACE,
    CHANNELS,
    CLASSES,
    CONTRADICTIONS,
    COUNTRIES,
    COUNTRY_LISTS,
    DOCUMENTS,
    FLOORS,
    FORMS,
    FUNDS,
    FURTHER,
    GROUPS,
    KINDS,
    KNOWLEDGE,
    MEASURES,
    OF_WHOM,
    PLACES,
    PRODUCTS,
    PURPOSES,
    QUESTIONS,
    REGIMES,
    RISKS,
    SAMPLED,
    SEGMENTS,
    SIDES,
    SIGNALS,
    STEPS,
    TRIGGERS,
)

AMLR = "EU AMLR (Regulation 2024/1624)"
FATF = "FATF Recommendation 10 and its interpretive note"
SURE_FLOORS = ("pep", "high_risk_country", "sanctions_match")


def _kyc_checks(body: Mapping[str, Any]) -> list[Found]:
    """What the law leaves no choice in, and what would make the bands meaningless."""
    found: list[Found] = []
    months, rating = body["review_months"], body["rating"]
    if months["high"] > 12:
        found.append(("review_months.high", "At most 12 months for high risk (EU AMLR Art. 26(2))."))
    found += [
        (f"review_months.{level}", "At most 60 months (EU AMLR Art. 26(2)).")
        for level in ("medium", "low")
        if months[level] > 60
    ]
    if not months["high"] <= months["medium"] <= months["low"]:
        found.append(("review_months.medium", "A higher risk is not reviewed later than a lower one."))
    if not rating["medium_from"] < rating["high_from"]:
        found.append(("rating.high_from", "High must begin above medium."))
    if missing := [floor for floor in SURE_FLOORS if floor not in rating.get("floors", SURE_FLOORS)]:
        words = ", ".join(FLOORS[floor] for floor in missing)
        found.append(("rating.floors", f"These are high whatever the sum (EU AMLR Art. 29, 42): {words}."))
    if both := sorted(set(body["high_risk_countries"]) & set(body["increased_monitoring"])):
        found.append(("increased_monitoring", f"On both FATF lists: {', '.join(map(country_name, both))}."))
    return found


def _suitability_checks(body: Mapping[str, Any]) -> list[Found]:
    scores = body["band_from_score"]
    found: list[Found] = []
    if scores[0] != 0:
        found.append(("band_from_score.0", "The first band begins at 0."))
    if any(later <= before for before, later in pairwise(scores)):
        found.append(("band_from_score.1", "Each band begins above the one before."))
    classes = [body["max_risk_class"][band] for band in sorted(body["max_risk_class"])]
    if any(later < before for before, later in pairwise(classes)):
        found.append(("max_risk_class.2", "A higher band never allows less than a lower one."))
    return found


def _coverage_checks(body: Mapping[str, Any]) -> list[Found]:
    return [
        (f"{segment}.1", "Fewest, target and most must rise.")
        for segment, (least, target, most, *_rest) in body.items()
        if not least < target < most
    ]


def _portfolio_checks(body: Mapping[str, Any]) -> list[Found]:
    return [] if body["cash_min"] < body["cash_max"] else [("cash_max", "Most cash must exceed least cash.")]


_SCREENING = "EBA/GL/2024/14 and 15: calibrated, reviewed each year."
_PRACTICE = "Supervisory practice; the bank's own decision."
_MONEY = "in the reporting currency"
KYC = PackWords(
    "KYC and risk rating",
    "How risky a client is, when a file is reviewed, and what a high rating asks for.",
    (
        *under(
            "When a file is reviewed",
            Figure("review_months.unrated", "Review cycle, not rated", "A client without a rating is due at once.", _PRACTICE, "months", 0, 0),
            Figure("review_months.*", "Review cycle, {0} risk", "Months from one KYC review to the next.", f"{AMLR} Art. 26(2): at most 12 for high risk, 60 for others.", "months", 1, 60, keys=(RISKS,)),
            Figure("warn_days", "Review announced ahead", "So many days before it is due, a review lands on the desks.", _PRACTICE, "days", 0, 365),
            Figure("document_warn_days", "Expiry announced ahead", "So many days before an identity paper expires, the desk is told.", _PRACTICE, "days", 0, 365),
        ),
        *under(
            "Country lists",
            Figure("high_risk_countries", "High-risk countries", "Nationality, residence, domicile or an owner's country here: high whatever the sum.", "FATF, jurisdictions subject to a call for action.", "countries"),
            Figure("increased_monitoring", "Countries under increased monitoring", "Each counts the points of increased monitoring.", "FATF, jurisdictions under increased monitoring; three updates a year.", "countries"),
            Figure("eu_high_risk", "High-risk third countries of the EU", "Each counts the points of the EU list; a floor if the bank names it one.", "Delegated Regulation (EU) 2016/1675.", "countries"),
            Figure("country_sources.*", "Edition of the list: {0}", "Which edition of the list this version follows.", "The publisher's own date.", "text", keys=(COUNTRY_LISTS,)),
        ),
        *under(
            "Screening",
            Figure("screening_threshold", "Screening threshold", "A name that scores less against a list entry is no hit.", _SCREENING, "points", 50, 100),
        ),
        *under(
            "Rating: bands, weights and floors",
            Figure("rating.medium_from", "Medium from", "A weighted sum from here on is medium.", _PRACTICE, "points", 1, 500),
            Figure("rating.high_from", "High from", "A weighted sum from here on is high.", _PRACTICE, "points", 2, 500),
            Figure("rating.weights.*", "Weight of the group {0}", "By so much the points of this group count.", f"{FATF}; {AMLR} Art. 20.", "percent", 0, 300, keys=(GROUPS,)),
            Figure("rating.floors", "High whatever the sum", "What no sum undercuts: PEP, high-risk country and confirmed match always; others by the bank's decision.", f"{AMLR} Art. 29 and 42.", "codes", choices=FLOORS),
        ),
        *under(
            "Rating: points for geography",
            Figure("rating.increased_monitoring", "A country under increased monitoring", "Of several countries only the one that weighs most counts.", FATF, "points", 0, 100),
            Figure("rating.eu_high_risk", "A high-risk third country of the EU", "Of several countries only the one that weighs most counts.", f"{AMLR} Art. 29.", "points", 0, 100),
        ),
        *under("Rating: points for the kind of client", Figure("rating.kind.*", "The client is {0}", "Counts in the group customer.", FATF, "points", 0, 100, keys=(KINDS,))),
        *under("Rating: points for the source of funds", Figure("rating.source_of_funds.*", "{0}", "Source of funds; counts in the group customer.", FATF, "points", 0, 100, keys=(FUNDS,))),
        *under("Rating: points for the purpose", Figure("rating.purpose.*", "{0}", "Purpose of the relationship; counts in the group customer.", FATF, "points", 0, 100, keys=(PURPOSES,))),
        *under("Rating: points for products", Figure("rating.product.*", "{0}", "Of several products only the one that weighs most counts.", FATF, "points", 0, 100, keys=(PRODUCTS,))),
        *under("Rating: points for how the client was met", Figure("rating.channel.*", "{0}", "Counts in the group channel.", f"{FATF}; {AMLR} Annex III.", "points", 0, 100, keys=(CHANNELS,))),
        *under("Rating: points for adverse information", Figure("rating.adverse.*", "Adverse information, {0}", "Of several notes only the gravest counts.", f"{AMLR} Annex III.", "points", 0, 100, keys=(RISKS,))),
        *under(
            "Politically exposed persons",
            Figure("pep_tail_months", "PEP after leaving office", "So long after the last day in office a person still counts as politically exposed.", f"{AMLR} Art. 45: at least 12 months.", "months", 12, 240),
        ),
        *under(
            "Ratings set by hand",
            Figure("override_max_days", "Longest override", "A rating set by hand ends after so many days at the latest.", _PRACTICE, "days", 1, 730),
            Figure("override_warn_days", "End of an override announced ahead", "So many days before a rating set by hand ends, compliance is told.", _PRACTICE, "days", 0, 90),
        ),
        *under("Reviews outside the cycle", Figure("triggers.*", "Review after: {0}", "So many days after this happened, the file is reviewed outside its cycle.", f"{AMLR} Art. 26(3).", "days", 1, 365, keys=(TRIGGERS,))),
        *under(
            "Enhanced measures",
            Figure("edd.*", "Measures for {0}", "What must be done for such a client.", f"{AMLR} Art. 34 and 42.", "codes", choices=MEASURES, keys=(OF_WHOM,)),
            Figure("edd_valid_days.*", "Holds for: {0}", "After so many days the measure must be done anew.", _PRACTICE, "days", 1, 730, keys=(MEASURES,)),
        ),
    ),
    desk="compliance",
    dry_run="compliance:dry_run",
    checks=_kyc_checks,
    untried="Of names only a sample is compared by another screening threshold: a run of the whole bank is not made.",
)  # fmt: skip
ONBOARDING = PackWords(
    "Onboarding",
    "Which papers an opening needs, and by when.",
    (
        *under(
            "Papers of every opening",
            Figure("documents.*", "Papers of {0}", "Required before an opening is submitted.", f"{AMLR} Art. 20 and 22; FATCA; CRS.", "codes", choices=DOCUMENTS, keys=(KINDS,)),
            Figure("high_risk_documents", "Further papers at high risk", "Required when the rating is high.", f"{AMLR} Art. 34.", "codes", choices=DOCUMENTS),
            Figure("documents_of.*", "Papers of each {0}", "Asked of every further person on the file.", f"{AMLR} Art. 20 and 22.", "codes", choices=DOCUMENTS, keys=(FURTHER,)),
        ),
        *under("Papers by product", Figure("product_documents.*.*", "{0}, wanted by {1}", "Required when this product is wanted.", _PRACTICE, "codes", choices=DOCUMENTS, keys=(PRODUCTS, KINDS))),
        *under(
            "Papers by country",
            Figure("country_documents.*.countries", "Countries that ask for more, group {0}", "A nationality, residence or seat there asks for the papers of the group.", "FATF, 24 Oct 2025.", "countries", keys=(PLACES,)),
            Figure("country_documents.*.documents", "Papers for the countries of group {0}", "Required beside those of the client.", f"{AMLR} Art. 29 and 34.", "codes", choices=DOCUMENTS, keys=(PLACES,)),
        ),
        *under("Papers by segment", Figure("segment_documents.*", "{0}", "Required beside those of the client.", _PRACTICE, "codes", choices=DOCUMENTS, keys=(SEGMENTS,))),
        *under(
            "How long papers count",
            Figure("oldest_months.*", "{0}: at most so old", "On the day it is brought, from the day of its issue.", _PRACTICE, "months", 1, 60, keys=(DOCUMENTS,)),
            Figure("valid_months.*", "{0}: counts for", "From the day of its issue, unless its own end comes first.", _PRACTICE, "months", 1, 120, keys=(DOCUMENTS,)),
            Figure("warn_days", "Expiry of a paper announced ahead", "So many days before, the RM is told.", _PRACTICE, "days", 0, 365),
            Figure("missing_days", "Missing papers are told of", "So many days after the opening began, while a paper is still missing.", _PRACTICE, "days", 1, 365),
        ),
        *under(
            "The plan of an opening",
            Figure("most_holders", "Most holders of one file", "Of a joint relationship at most so many.", _PRACTICE, "holders", 1, 20),
            Figure("due_days.*", "By when: {0}", "Working days of the team's country, from the beginning. By when a second person decides, the pack Compliance desk says.", _PRACTICE, "days", 1, 250, keys=(STEPS,)),
        ),
        *under(
            "Tax forms",
            Figure("self_certification.securities", "Products that ask for a US tax form", "Held by a person or company that is not of the United States.", "Treas. Reg. 1.1441-1(e).", "codes", choices=PRODUCTS),
            Figure("self_certification.calendar_years.*", "Calendar years the form {0} holds", "To the last day of that year after the signature.", "Treas. Reg. 1.1441-1(e)(4)(ii).", "years", 1, 10, keys=(FORMS,)),
            Figure("self_certification.explanation_months", "An explanation for a missing tax number holds", "Then it is asked for again.", "HMRC IEIM402183.", "months", 1, 36),
            Figure("self_certification.change_days", "After a change of circumstances", "A new form is asked for within.", "OECD CRS, section III B 2.", "days", 1, 365),
            Figure("self_certification.warn_days", "Expiry of a form announced ahead", "So many days before, the RM is told.", _PRACTICE, "days", 0, 365),
        ),
    ),
    desk="compliance",
    dry_run="compliance:trial",
    trial="onboarding.trial",
    untried="How long papers hold is judged when they are approved, so no last day is foreseen; openings that come later are not either.",
)  # fmt: skip
_TEMPERED = "MiFID II, Delegated Regulation 2017/565 Art. 54"
SUITABILITY = PackWords(
    "Suitability",
    "From the score of an assessment to what a client may hold.",
    (
        *under("Risk bands", Figure("band_from_score.*", "Band {0} begins at", "A score from here on belongs to this band.", f"{_TEMPERED}.", "points", 0, 100, keys=(BANDS_BY_PLACE,))),
        *under("What a band may hold", Figure("max_risk_class.*", "Band {0}, up to risk class", "A product of a higher risk class does not suit.", "PRIIPs summary risk indicator.", "of 7", 1, 7, keys=(BANDS,))),
        *under(
            "How long an assessment holds",
            Figure("valid_months", "An assessment holds", "Afterwards it is asked anew before advice.", f"{_TEMPERED}(13).", "months", 1, 36),
            Figure("warn_days", "Expiry announced ahead", "So many days before, the RM is told.", _PRACTICE, "days", 0, 365),
        ),
    ),
    desk="compliance",
    checks=_suitability_checks,
    dry_run="compliance:trial",
    trial="needs.trial",
    untried="How many proposals and offers would be refused is not counted: they are judged when they are made. A signed assessment keeps its band and its last day until it is made anew; shown is what the same answers would give.",
)  # fmt: skip
NEEDS = PackWords(
    "Needs assessment",
    "What each answer of the questionnaire weighs.",
    (
        *under(
            "{0}: {1}",
            Figure("*.*.weight", "Weight", "So many times this question counts beside the others.", _TEMPERED, "times", 0, 10, keys=(SIDES, QUESTIONS)),
            Figure("*.*.points.*", "{2}", "Points this answer gives.", _TEMPERED, "points", 0, 100, keys=(SIDES, QUESTIONS, ANSWERS)),
            Figure("*.own_share.steps.*.0", "Step {1} begins at", "The client's own part of all assets, from here on.", _TEMPERED, "percent", 0, 100, keys=(SIDES, PLACES), section="{0}: " + QUESTIONS["own_share"]),
            Figure("*.own_share.steps.*.1", "Step {1} gives", "Points from there on.", _TEMPERED, "points", 0, 100, keys=(SIDES, PLACES), section="{0}: " + QUESTIONS["own_share"]),
            Figure("*.reserve_years.steps.*.0", "Step {1} begins at", "The client's own assets in years of income, from here on.", _TEMPERED, "years", 0, 100, keys=(SIDES, PLACES), section="{0}: " + QUESTIONS["reserve_years"]),
            Figure("*.reserve_years.steps.*.1", "Step {1} gives", "Points from there on.", _TEMPERED, "points", 0, 100, keys=(SIDES, PLACES), section="{0}: " + QUESTIONS["reserve_years"]),
        ),
        *under("Knowledge and experience", Figure("knowledge.*", "{0}", "Points of the client's knowledge.", _TEMPERED, "points", 0, 100, keys=(KNOWLEDGE,))),
        *under(
            "Means and contradictions",
            Figure("year_without_income", "A year's spending", "Taken where the client has no income.", _PRACTICE, _MONEY, 0, 10_000_000),
            Figure("contradictions.*", "Contradiction: {0}", "From here on two answers contradict each other and are talked over.", _TEMPERED, "points", 0, 100, keys=(CONTRADICTIONS,)),
        ),
    ),
    desk="compliance",
    dry_run="compliance:trial",
    trial="needs.trial",
    untried="A signed assessment keeps its band until it is made anew; the dry run shows what the same answers would give.",
)  # fmt: skip
APPROPRIATENESS = PackWords(
    "Appropriateness",
    "Which knowledge a product asks for, before it is opened without advice.",
    (
        *under("Knowledge a product asks for", Figure("knowledge.*", "{0}", "Of these classes one is enough.", "MiFID II, Delegated Regulation 2017/565 Art. 55 and 56.", "codes", choices=CLASSES, keys=(PRODUCTS,))),
        *under("How much knowledge", Figure("least.*", "{0}", "Who knows less is warned.", "MiFID II, Delegated Regulation 2017/565 Art. 56 and 57.", "codes", choices={name: words for name, words in KNOWLEDGE.items() if name != "none"}, keys=(PRODUCTS,))),
    ),
    desk="compliance",
    dry_run="compliance:trial",
    trial="needs.trial",
    untried="Clients without an assessment that holds are warned whatever the figures say, and are not counted.",
)  # fmt: skip
_OR_MORE = "Does a share of exactly this count?"
OWNERSHIP = PackWords(
    "Ownership",
    "From which share on a person is a beneficial owner, and an entity counts as blocked.",
    (
        *under(
            "Who is a beneficial owner",
            Figure("threshold.percent", "Beneficial owner", "Direct and indirect shares together.", f"{AMLR} Art. 52: 25 percent.", "percent", 1, 100),
            Figure("threshold.or_more", "Beneficial owner, exactly that share", _OR_MORE, f"{AMLR} Art. 52: yes."),
        ),
        *under(
            "Beneficial owners by country: {0}",
            Figure("countries.*.percent", "Beneficial owner of a company in {0}", "Of this and the general figure the stricter one judges.", "CH: GwG Art. 2a(3); GB: MLR 2017 reg. 5; IN: PML Rules, rule 9(3)(a); US: 31 CFR 1010.230(d)(1).", "percent", 1, 100, keys=(COUNTRIES,)),
            Figure("countries.*.or_more", "Exactly that share, in {0}", _OR_MORE, "As for the share.", keys=(COUNTRIES,)),
        ),
        *under(
            "Blocked by ownership, {0}",
            Figure("sanctions.*.percent", "Blocked by ownership, {0}", "All blocked owners together.", "OFAC FAQ 398, 401; EU best practices; AMLR Art. 20(1)(d).", "percent", 1, 100, keys=(REGIMES,)),
            Figure("sanctions.*.or_more", "Exactly that share, {0}", _OR_MORE, "OFAC: yes; EU: more than.", keys=(REGIMES,)),
        ),
    ),
    desk="compliance",
    dry_run="compliance:trial",
    trial="compliance.trial",
    untried="Who would count as blocked: that there is one, few may know. Nor what follows from another owner: screening, rating, papers.",
)  # fmt: skip
HITS = PackWords(
    "Screening hits",
    "Which hits are obviously nobody on a list, so that two officers may decide them by the dozen.",
    (
        *under(
            "Decided by the dozen",
            Figure("batch_highest_score", "Highest score decided by the dozen", "A hit that scores more is looked at one by one. With dates of birth that differ hardly a hit scores above 75.", _SCREENING, "points", 0, 100),
            Figure("batch_birth_years", "Years between the dates of birth", "At least so many, to the nearest year that the list allows, and nothing but the name agrees.", _SCREENING, "years", 2, 100),
            Figure("batch_other_kind", "Another kind is obvious", "The file is of a person and the list means a company or a vessel, or the other way round, and nothing but the name agrees.", _SCREENING),
        ),
    ),
    desk="compliance",
    dry_run="compliance:trial",
    trial="compliance.trial",
    untried="Hits that come later are not foreseen.",
)  # fmt: skip
DESK = PackWords(
    "Compliance desk",
    "By when compliance decides what waits for it.",
    (
        *under(
            "Whose working days count",
            Figure("calendar", "Calendar", "Whose working days count for compliance: a country as CH, or a part of it as CH-ZH.", _PRACTICE, "calendar"),
        ),
        *under(
            "By when it is decided",
            Figure("hit_days", "A screening hit is decided within", "Working days from when it opened to the second officer's word.", _SCREENING, "days", 1, 60),
            Figure("approval_days", "An approval is decided within", "Working days from when it was asked for; desk, inbox and the plan of an opening tell this one day.", _PRACTICE, "days", 1, 60),
            Figure("override_days", "An override is decided within", "Working days from when a lower rating was asked for.", _PRACTICE, "days", 1, 60),
            Figure("remind_days", "A reminder is answered within", "Working days the relationship manager has.", _PRACTICE, "days", 1, 90),
        ),
        *under(
            "Older papers",
            Figure("papers_from", "Papers are kept here from", "A file opened before has its papers and forms in the older archive.", "OECD CRS, section III: accounts that existed before.", "day"),
        ),
    ),
    desk="compliance",
    dry_run="compliance:trial",
    trial="compliance.trial",
    untried="Reminders, for whose answer the day is set when they are sent; and which older papers are asked for, when the day from which on papers are kept here is another.",
)  # fmt: skip
_MIFID = "MiFID II, Delegated Regulation 2017/565 Art. 76"
INTERACTIONS = PackWords(
    "Audit of interactions",
    "When the record of a contact is locked, which records are reviewed, and by when.",
    (
        *under(
            "Records",
            Figure("lock_hours", "A record is locked after", "Hours in which its author may correct it; afterwards only addenda.", f"{_MIFID}(10).", "hours", 1, 168),
            Figure("late_hours", "An entry is late after", "Hours from the contact on; a late entry says why.", _PRACTICE, "hours", 1, 168),
        ),
        *under(
            "What is reviewed",
            Figure("sampling.always_risk", "All contacts with clients of risk", "Each of them is reviewed.", _PRACTICE, "codes", choices=RISKS),
            Figure("sampling.always_kinds", "All contacts of these kinds", "Late entries, contacts on a channel that is not recorded, advice or orders whose record lacks something.", _PRACTICE, "codes", choices=SAMPLED),
            Figure("sampling.random_percent", "Random share of the rest", "Drawn by the seed of the plan; at least one.", _PRACTICE, "percent", 0, 100),
        ),
        *under(
            "By when",
            Figure("review_days", "A sample is reviewed within", "Working days from the draw on.", _PRACTICE, "days", 1, 120),
            Figure("query_days", "A question is answered within", "Working days of the team's country; then as many for the officer to read the answer.", _PRACTICE, "days", 1, 60),
            Figure("remediation_days", "A failing is mended within", "Working days of the team's country.", _PRACTICE, "days", 1, 120),
        ),
        *under(
            "Attestation of channels",
            Figure("attestation_months", "Channels are attested every", "Months of a period, counted from January: 3 is every quarter.", "SEC and CFTC actions on unrecorded channels, 2022; bank's decision.", "months", 1, 12),
            Figure("attestation_days", "An attestation is due within", "Working days after the period.", _PRACTICE, "days", 1, 60),
        ),
        *under(
            "Whose working days count",
            Figure("calendar", "Calendar", "Whose working days count for compliance: a country as CH, or a part of it as CH-ZH.", _PRACTICE, "calendar"),
        ),
    ),
    desk="compliance",
    untried="Which records a sample would draw is not tried: its seed is of chance, made once the period is over. There is no dry run.",
)  # fmt: skip
SUSPICION = PackWords(
    "Suspicions",
    "By when the reporting officer acts, in working days.",
    (
        *under(
            "Whose working days count",
            Figure("calendar", "Calendar", "Whose holidays count, that of the financial intelligence unit: a country as CH, or a part of it as CH-ZH.", _PRACTICE, "calendar"),
        ),
        *under(
            "By when",
            Figure("take_up_days", "Taken up within", "From the escalation on.", _PRACTICE, "days", 0, 60),
            Figure("decide_days", "Decided within", "From the escalation on, or from when the case was opened again; to look further adds no days.", f"{AMLR} Art. 69: promptly; the bank's own decision.", "days", 1, 90),
            Figure("file_days", "Filed within", "From the decision to report on.", _PRACTICE, "days", 0, 30),
            Figure("waiting_days", "Waits after a report", "The transaction is not carried out before.", f"{AMLR} Art. 71: 3.", "days", 0, 30),
            Figure("answer_days", "A request is answered within", "When the unit asks.", f"{AMLR} Art. 69: 5.", "days", 1, 5),
            Figure("urgent_answer_days", "An urgent request is answered within", "When the unit asks urgently.", f"{AMLR} Art. 69.", "days", 0, 5),
            Figure("warn_days", "Announced ahead", "So many days before it is due.", _PRACTICE, "days", 0, 30),
        ),
        *under(
            "How long it is kept",
            Figure("keep_years", "Kept for", "After the case and the relationship have ended; then it may be deleted.", f"{AMLR} Art. 77: 5, up to 10.", "years", 5, 10),
        ),
    ),
    desk="compliance",
    untried="Cases of suspicion are counted by nobody outside the reporting officer's team: there is no dry run.",
)  # fmt: skip
CONTACT = PackWords(
    "Contact cadence",
    "How often a client is spoken with.",
    (
        *under(
            "Days between contacts",
            Figure("days.*", "{0}", "Longer without a contact is overdue.", _PRACTICE, "days", 1, 1000, keys=(SEGMENTS,)),
        ),
    ),
    dry_run="compliance:trial",
    trial="retention.trial",
    untried="Other days on which the next contact of a client is due, as long as it is overdue neither now nor then.",
)  # fmt: skip
PORTFOLIO = PackWords(
    "Portfolio policy",
    "What a review looks for in a portfolio.",
    (
        *under(
            "Concentration and cash",
            Figure("issuer_max", "Most of one issuer", "A larger share is a finding.", unit="percent", least=1, most=100),
            Figure("single_fund_max", "Most of one fund", "A larger share is a finding.", unit="percent", least=1, most=100),
            Figure("cash_min", "Least cash", "A smaller share is a finding.", unit="percent", most=100),
            Figure("cash_max", "Most cash", "A larger share is a finding.", unit="percent", most=100),
        ),
        *under(
            "Losses and prices",
            Figure("loss_step", "Loss that is told", "Every further fall by this much is told to the client.", "MiFID II, Delegated Regulation 2017/565 Art. 62: 10 percent.", "percent", 1, 10),
            Figure("stale_price_days", "A price is stale after", "An older price values nothing.", unit="days", least=1, most=60),
        ),
        *under(
            "Portfolio reviews",
            Figure("review_months.*", "{0}", "Months from one review to the next.", _PRACTICE, "months", 1, 60, keys=(SEGMENTS,)),
        ),
    ),
    checks=_portfolio_checks,
    dry_run="compliance:trial",
    trial="retention.trial",
    untried="What is found when a portfolio is valued, shown or reviewed: shares, cash, losses, and which prices are stale. Only the cycle of reviews is tried.",
)  # fmt: skip
OPPORTUNITIES = PackWords(
    "Opportunities",
    "When a suggestion is made, and when it rests.",
    (
        *under(
            "Cards of the pipeline",
            Figure("stage_days", "A card is stale after", "Without a move for longer.", unit="days", least=1),
            Figure("new_after_days", "A declined product rests", "It is not brought up again before.", unit="days", least=1),
        ),
        *under(
            "Reasons for a talk",
            Figure("event_days", "A life event is a reason for", "So long after it.", unit="days", least=1),
            Figure("loan_ending_days", "A loan that ends is a reason", "So long before its end.", unit="days", least=1),
            Figure("single_product_years", "One product only, for", "Years with a single product before more is suggested.", unit="years", least=1, most=50),
            Figure("cash_max", "Much cash", "Part of the assets above which investing is suggested.", unit="percent", most=100),
            Figure("cash_from", "Cash worth a talk", "Below it cash is a reserve.", _PRACTICE, _MONEY, 0, 100_000_000),
            Figure("fx_share", "Much foreign cash", "Part of a company's cash in other currencies, from which on hedging is suggested.", unit="percent", most=100),
        ),
        *under(
            "After a complaint",
            Figure("complaint_quiet_days", "Quiet after a complaint", "No offer while it is fresh.", unit="days", most=1000),
        ),
    ),
    dry_run="compliance:trial",
    trial="opportunities.trial",
    untried="What is suggested later, as clients change; a talk for which a card stands on the pipeline keeps its card.",
)  # fmt: skip
COVERAGE = PackWords(
    "Coverage",
    "How many clients one relationship manager serves.",
    (
        *under(
            "{0}",
            Figure("*.0", "Fewest clients", "A relationship manager with fewer is under the band.", _PRACTICE, "clients", 0, 100_000, keys=(SEGMENTS,)),
            Figure("*.1", "Target", "A book in good balance.", _PRACTICE, "clients", 0, 100_000, keys=(SEGMENTS,)),
            Figure("*.2", "Most clients", "A relationship manager with more is over the band.", _PRACTICE, "clients", 0, 100_000, keys=(SEGMENTS,)),
            Figure("*.3", "Effort of one client", "As a multiple of a client of mass retail.", _PRACTICE, "times", 0, 1000, keys=(SEGMENTS,)),
        ),
    ),
    checks=_coverage_checks,
    untried="They judge how full the books of a relationship manager are, and no client moves by them. There is no dry run.",
)  # fmt: skip
RETENTION = PackWords(
    "Retention",
    "Which signals say that a client may leave.",
    (
        *under(
            "Points of a signal",
            Figure("points.*", "Signal: {0}", "Points it counts.", _PRACTICE, "points", 0, 100, keys=(SIGNALS,)),
        ),
        *under(
            "When a signal is given",
            Figure("at_risk", "At risk from", "A sum from here on lists the client.", unit="points", least=1, most=500),
            Figure("fall_percent", "Fall of the assets", "Part of the client's own assets at the end of the last quarter but one, by which they fell.", unit="percent", least=1, most=100),
            Figure("silent_times", "Silent for", "Times the agreed days without a contact.", unit="times", least=1, most=20),
            Figure("complaint_days", "A complaint counts for", "So long after it.", unit="days", least=1),
            Figure("closed_days", "A closed account counts for", "So long after it.", unit="days", least=1),
        ),
    ),
    dry_run="compliance:trial",
    trial="retention.trial",
    untried="Other points of a client who stays at risk, or stays out of it; signals that come later are not foreseen.",
)  # fmt: skip

AUDIT = PackWords(
    "Audit",
    "How long what was recorded is kept.",
    (
        *under(
            "How long it is kept",
            Figure("keep_years", "Kept for", "Then whole months may be taken out; their seals stay.", f"MiFID II Art. 16(7): 5, 7 on request; {AMLR} Art. 77: 5, up to 10.", "years", 5, 30),
        ),
    ),
    desk="compliance",
    untried="What would go is shown by retire_audit before it goes: there is no dry run here.",
)  # fmt: skip

ACCESS = PackWords(
    "Access by exception",
    "How a file is opened by who does not work its book, for how long, and who looks at it afterwards.",
    (
        *under(
            "Break-glass",
            Figure("glass.minutes", "Break-glass lasts", "Then the file closes by itself.", _PRACTICE, "minutes", 5, 240),
            Figure("glass.reason_letters", "Letters of a reason", "A shorter one is no reason.", _PRACTICE, "letters", 10, 200),
            Figure("glass.review_days", "A use is reviewed within", "Working days; then the person's right rests until it is.", "DORA, RTS 2024/1774 Art. 21; bank's decision.", "days", 1, 20),
            Figure("glass.waiting_at_most", "Uses that wait at most", "So many uses of one person may wait for their review; then the right rests.", _PRACTICE, "uses", 1, 20),
        ),
        *under(
            "Recertification of access",
            Figure("recertify.months", "Access is certified every", "Months after a lead's last signature.", "DORA, RTS 2024/1774 Art. 21: at least every six months for what is critical.", "months", 1, 6),
            Figure("recertify.notice_days", "A lead is asked ahead", "Days before it is due; a new team has so many working days.", _PRACTICE, "days", 5, 60),
        ),
        *under(
            "How many files an hour",
            Figure("brake.share_percent", "Files an hour", "Of the clients of the own books; different files, opened within any hour.", _PRACTICE, "percent", 1, 100),
            Figure("brake.least", "But at least", "So many files may be opened however small the book.", _PRACTICE, "files", 10, 59),
            Figure("brake.most", "And at most", "However large the book.", "A script that pages through 500 clients is stopped by the 60th.", "files", 10, 59),
            Figure("brake.releases", "Releases an hour", "Each, after showing who one is, gives as many files again.", _PRACTICE, "times", 0, 5),
        ),
        *under(
            "How much a person sends in",
            Figure("upload.files_a_day", "Papers a day", "So many a person may send in one day.", "OWASP ASVS V5.2.4; bank's decision.", "files", 10, 10_000),
            Figure("upload.megabytes_a_day", "Megabytes a day", "So much a person may send in one day, all papers together.", "OWASP ASVS V5.2.4; bank's decision.", "MB", 50, 100_000),
        ),
        *under(
            "Loans, covers and handovers",
            Figure("grant_days", "A file is lent for at most", "At a time; then whoever lends looks at it anew.", "DORA, RTS 2024/1774 Art. 21; bank's decision.", "days", 1, 366),
            Figure("cover_days", "A book is covered for at most", "At a time; a longer absence is a handover.", _PRACTICE, "days", 1, 366),
            Figure("handover.introduce_days", "A new owner speaks with a client within", "After a handover; then it is late in the inbox.", _PRACTICE, "days", 1, 60),
        ),
        *under(
            "Questions to a second person",
            Figure("proposal_days", "A question to a second person waits", "Handovers, barriers, roles, large exports; then it is void, and who asked hears so.", "Bank's decision; OWASP ASVS 5.0 V2.3.5.", "days", 1, 180),
            Figure("export_clients", "A large export begins above", "So many different clients in one file; a second person approves it.", "Bank's decision; OWASP ASVS 5.0 V2.3.5.", "clients", 1, 10_000),
        ),
        *under(
            "Whose working days count",
            Figure("calendar", "Calendar", "Whose working days count for compliance: a country as CH, or a part of it as CH-ZH.", _PRACTICE, "calendar"),
        ),
    ),
    desk="compliance",
    untried="No client moves by these figures: they hold for what is opened from their day on. There is no dry run.",
)  # fmt: skip

KEEPING = PackWords(
    "Files kept and deleted",
    "How long the file of a former client is kept, and how much longer where an authority asks for it.",
    (
        *under(
            "How long a file is kept",
            Figure("years", "Kept for", "After the relationship has ended or was refused; then two officers delete it.", f"{AMLR} Art. 77: 5, and then deleted, unless other law asks for more.", "years", 5, 30),
            Figure("extension_years", "Longer for an authority", "At most, file by file, where an authority asks for it.", f"{AMLR} Art. 77: up to 5.", "years", 0, 5),
        ),
    ),
    desk="compliance",
    untried="The list of files kept long enough follows the figures of its day: nothing is deleted by them alone. There is no dry run.",
)  # fmt: skip

PACKS: dict[str, PackWords] = {
    "kyc": KYC,
    "hits": HITS,
    "desk": DESK,
    "interactions": INTERACTIONS,
    "ownership": OWNERSHIP,
    "suspicion": SUSPICION,
    "onboarding": ONBOARDING,
    "suitability": SUITABILITY,
    "needs": NEEDS,
    "appropriateness": APPROPRIATENESS,
    "portfolio": PORTFOLIO,
    "contact": CONTACT,
    "opportunities": OPPORTUNITIES,
    "coverage": COVERAGE,
    "retention": RETENTION,
    "audit": AUDIT,
    "access": ACCESS,
    "keeping": KEEPING,
}

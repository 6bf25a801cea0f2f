"""What the codes in rule packs are called. Pure.

Rooms above take them from here. Where one has a model's choices of its own, tests/rulebook/test_words.py asks
that both are the same, for this room lies below and cannot read them.
"""

from collections.abc import Mapping

from rulebook.rules.figures import country_name


class _Countries(dict[str, str]):
    def __missing__(self, code: str) -> str:
        return country_name(code)


COUNTRIES: Mapping[str, str] = _Countries()
KINDS = {"person": "a person", "organisation": "an organisation"}
RISKS = {"low": "low", "medium": "medium", "high": "high", "unrated": "not rated"}
SEGMENTS = {
    "mass": "Mass retail", "affluent": "Affluent", "hnw": "High net worth", "sme": "SME",
    "corporate": "Corporate",
}  # fmt: skip
DOCUMENTS = {
    "identity": "Identity document", "address": "Proof of address", "register": "Register extract",
    "owners": "Beneficial owners", "funds": "Source of funds", "tax": "Tax self-certification",
    "income": "Proof of income", "property": "Papers of the property", "accounts": "Annual accounts",
    "statutes": "Statutes", "mandate": "Mandate contract", "contract": "Contract", "report": "Report",
    "other": "Other",
}  # fmt: skip
FUNDS = {
    "salary": "Salary", "pension": "Pension", "savings": "Savings", "business_income": "Own business",
    "cash_business": "A business that lives on cash", "sale_of_property": "Sale of property or a company",
    "inheritance": "Inheritance", "gift": "Gift", "crypto": "Crypto assets", "other": "Other",
}  # fmt: skip
PURPOSES = {
    "daily_banking": "Everyday banking", "savings": "Saving", "wealth": "Investing", "credit": "Borrowing",
    "business": "Business payments", "cross_border": "Payments across borders", "other": "Other",
}  # fmt: skip
PRODUCTS = {
    "current": "Current account", "savings": "Savings account", "deposit": "Term deposit",
    "card": "Credit card", "mortgage": "Mortgage", "loan": "Loan", "fund": "Fund", "share": "Share",
    "bond": "Bond", "structured": "Structured product", "mandate": "Discretionary mandate",
    "pension": "Pension plan", "insurance": "Insurance", "payments": "Payments and cash management",
    "trade_finance": "Trade finance", "fx": "Currency hedging",
}  # fmt: skip
CHANNELS = {
    "in_person": "In person", "video": "Video identification", "remote": "At a distance, by papers",
    "introducer": "Through an introducer",
}  # fmt: skip
CLASSES = {
    "bonds": "Bonds", "equity": "Equity", "real_estate": "Real estate", "commodities": "Commodities",
    "alternatives": "Alternatives",
}  # fmt: skip
MEASURES = {
    "wealth_evidence": "Evidence of the source of wealth",
    "funds_evidence": "Evidence of the source of funds",
    "senior_approval": "Approval by senior management",
    "monitoring": "Enhanced monitoring of the account",
}
TRIGGERS = {
    "owner_change": "the owners have changed",
    "new_pep": "a politically exposed person was recorded",
    "hit_confirmed": "a match with a sanctions list was confirmed",
    "adverse_information": "adverse information was recorded",
    "country_listed": "a country of the client was put on a list",
    "facts_changed": "what the client said has changed",
    "rating_raised": "the rating has risen",
    "officer": "compliance asked for it",
}
FORMS = {"crs": "CRS", "w9": "W-9", "w8ben": "W-8BEN", "w8bene": "W-8BEN-E"}

# --- of one pack alone -----------------------------------------------------------------------------------

FLOORS = {
    "pep": "Politically exposed person",
    "high_risk_country": "High-risk country (FATF, call for action)",
    "sanctions_match": "Confirmed match with a sanctions list",
    "eu_high_risk": "High-risk third country of the EU",
    "opaque_ownership": "Owners who own each other",
}
GROUPS = {
    "customer": "customer", "product": "products", "channel": "channel", "geography": "geography",
    "screening": "screening",
}  # fmt: skip
COUNTRY_LISTS = {
    "high_risk_countries": "FATF, call for action",
    "increased_monitoring": "FATF, increased monitoring",
    "eu_high_risk": "EU, high-risk third countries",
}
OF_WHOM = {"high": "a client of high risk", "pep": "a politically exposed person"}
FURTHER = {"holder": "joint holder", "related": "owner, director or signatory"}
STEPS = {
    "client": "how to reach the client, or who acts for it",
    "products": "products wanted",
    "facts": "KYC facts",
    "consents": "consents",
    "wealth": "source of wealth",
    "client_paper": "a paper of the client",
    "tax": "tax forms",
    "compliance_paper": "the review of a paper",
    "submission": "submission",
    "screening": "the compliance check",
    "accounts": "accounts opened",
}
REGIMES = {"ofac": "OFAC", "eu": "EU"}
BANDS = {
    "1": "1 Conservative", "2": "2 Moderately conservative", "3": "3 Moderate",
    "4": "4 Moderately aggressive", "5": "5 Aggressive",
}  # fmt: skip
BANDS_BY_PLACE = {str(place): words for place, words in enumerate(BANDS.values())}
PLACES = {str(place): str(place + 1) for place in range(20)}
KNOWLEDGE = {"none": "None", "basic": "Basic", "experienced": "Experienced"}
QUESTIONS = {
    "goal": "What should the money do?",
    "reaction": "The portfolio lost a fifth in three months. What then?",
    "loss": "Which loss in one year could be borne without sleepless nights?",
    "horizon": "When will most of it be needed?",
    "liquidity": "How much of it must be at hand within two years?",
    "security": "How sure is that income?",
    "own_share": "How much of all assets is not borrowed",
    "reserve_years": "For how many years of income the own assets last",
}
ANSWERS = {
    "preserve": "Keep its value", "income": "Bring a regular income", "balanced": "Grow, with some income",
    "growth": "Grow", "most": "Grow as much as it can",
    "sell_all": "Sell everything", "sell_some": "Sell some", "hold": "Wait", "buy": "Buy more",
    "none": "None, or nothing", "five": "5 %", "ten": "10 %", "twenty": "20 %", "forty": "40 % or more",
    "under_3": "Within 3 years", "3_to_5": "In 3 to 5 years", "5_to_10": "In 5 to 10 years",
    "over_10": "In more than 10 years",
    "tenth": "Up to a tenth", "quarter": "Up to a quarter", "half": "Up to a half",
    "more": "More than a half",
    "unsure": "It may stop", "mixed": "It varies", "sure": "It is sure",
}  # fmt: skip
SIDES = {"tolerance": "Loss the client wants to bear", "capacity": "Loss the client can bear"}
CONTRADICTIONS = {
    "high_tolerance": "money needed within 3 years, and a tolerance from",
    "tolerance_over_capacity": "tolerance above capacity by",
}
SIGNALS = {
    "money_left": "assets fell", "account_closed": "closed an account", "complaint": "complained",
    "silent": "silent", "dormant": "no activity on the accounts",
}  # fmt: skip
SAMPLED = {
    "late": "Late entries",
    "off_channel": "On a channel that is not recorded",
    "advice_gaps": "Advice or orders whose record lacks something",
}

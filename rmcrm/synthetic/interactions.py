"""What was said with clients: templates by segment, laid out in tables so that a contact costs a few look-ups."""

from typing import NamedTuple

from rmcrm.synthetic.dice import Weighted, dice

# share | channel | who began (o: we, i: the client) | purpose | minutes | place | advice (a) | summaries; notes
_MASS = """
14|call|i|service|6|||Asked about a card payment abroad; Asked why a direct debit was returned; Card blocked after loss; Wanted the daily limit raised
10|message|i|service||||Sent a new postal address; Asked for last year's tax statement; Asked how to close an old savings account; Reported a wrong amount on the statement
9|email|o|service||||Confirmation of the new standing order sent; Tax certificate sent; New card terms sent with explanation
8|letter|o|admin||||Annual account statement with letter; Change of terms and conditions; Reminder to confirm personal data
8|call|o|courtesy|7|||Yearly call: content with the service; Yearly call: no changes in work or family; Welcome call after moving branch
7|meeting|i|advice|35|Branch|a|Talked about a first home and the deposit needed; Compared savings account and term deposit; Talked about a pension plan; Household budget and an emergency reserve
6|call|o|sales|9|||Savings plan explained, will think about it; Credit card offered, not needed now; Term deposit offered at maturity, renewed
5|visit|i|service|12|Counter||Cash withdrawal above the daily limit, identity checked; Signed the power of attorney for the account; Brought a new identity card
4|call|i|complaint|14|||Complained about account fees; Complained about the waiting time on the hotline; Unhappy with the app after the update
4|video|i|advice|25||a|Mortgage renewal: fixed for five or ten years; Questions about a fund savings plan; Car loan compared with paying from savings
4|message|o|courtesy||||Birthday wishes sent; Congratulated on the new job; Season's greetings
3|email|o|admin||||Asked for a copy of the new identity card; Asked to confirm the tax residence
"""
_WEALTH = """
13|call|o|review|20||a|Portfolio after the quarter: no changes wanted; Bonds against money market discussed, stays as it is; Reviewed cash needs for the next twelve months; Currency share of the portfolio discussed
11|meeting|o|review|60|Branch|a|Yearly portfolio review with spouse; Half-yearly review: rebalancing agreed; Review of goals: retirement date moved to 63; Review: wants less currency risk
10|call|i|advice|16||a|Asked about the fall in technology shares; Asked whether to fix the mortgage now; Wanted an opinion on gold; Asked about investing an expected bonus
9|email|o|service||||Quarterly report sent with a short comment; Tax report for the advisers sent; Research note on interest rates sent; Summary of the meeting sent
8|video|o|advice|35||a|Explained the discretionary mandate with examples; Investment proposal walked through; Explained costs of the proposed funds
7|meeting|o|advice|75|Client's home|a|Succession: will and gifts to the children discussed; Sale of the second home and how to invest it; Insurance cover of the family reviewed
7|call|o|courtesy|10|||Called after the holidays, all well; Congratulated on the birth of a grandchild; Short call before the year end
6|email|i|service||||Transfer to the lawyer's account requested; Asked for a second card for the spouse; Asked for the custody statement in English
6|call|o|sales|14|||Pension plan proposed, wants figures; Lombard credit mentioned, no need at present; Structured product declined: too complicated
5|meeting|o|courtesy|90|Restaurant||Lunch; talked about the family and the year; Invited to the autumn concert, came with spouse
4|message|i|service||||Asked to move the appointment; Sent a picture of the new passport; Asked for the rate of a euro transfer
4|call|i|complaint|18|||Complained about late execution of a sale; Unhappy about a fee on the custody account; Complained that nobody called back
3|letter|o|admin||||Updated investment profile sent for signature; Information on sustainability preferences sent
3|visit|i|admin|20|Branch||Signed the new advisory agreement; Brought papers for the yearly identity review
"""
_BUSINESS = """
13|call|o|service|14|||Talked about the payment run before the holidays; Liquidity for the next quarter discussed; New signatories announced; Asked about delays of export payments
11|visit|o|review|90|Client's office|a|Yearly credit review with last year's accounts; Tour of the new hall and talk about the loan; Half-yearly review of facilities; Order book and working capital reviewed
10|email|i|service||||Sent the half-year figures; Asked to raise the overdraft for the season; Sent the signed facility letter; Asked for a balance confirmation for the auditors
9|meeting|o|advice|60|Branch|a|Financing of two lorries: lease or loan; Currency hedging for dollar invoices explained; Cash pooling of three subsidiaries; Investing surplus cash for six months
8|call|i|advice|18||a|Asked about a guarantee for a tender; Wanted terms for a five-year investment loan; Asked how rate changes hit the loan
8|video|o|review|45||a|Quarterly figures with the finance manager; Covenants of the loan checked together; Forecast for the year presented
7|email|o|service||||Terms of the letter of credit sent; Minutes of the credit review sent; Documents for the new account sent
6|call|o|sales|12|||Cash management proposed; Company cards offered for the field staff; Trade finance presented, interest in spring
5|meeting|o|courtesy|80|Restaurant||Lunch with the owner; Invited to the business evening; Talk about succession in the family
4|call|i|complaint|17|||Complained about a returned payment; Unhappy about how long the guarantee took; Complained about the fees of foreign transfers
4|message|i|service||||Asked for a new token for the bookkeeper; Asked to unlock a user; Sent the list of signatories
3|letter|o|admin||||Yearly confirmation of beneficial owners requested; Change of fees for payments
2|visit|o|admin|30|Client's office||Identity of a new director checked; Register extract and owners' declaration collected
"""
_TAILS = [
    "", "", "", "", "", "", "Will call back in two weeks.", "Documents to follow.", "No further action.",
    "Asked to be called in the morning only.", "Prefers e-mail.", "Next talk agreed for next quarter.",
    "Spouse wants to join next time.", "Understood the costs.", "Thanked for the quick answer.", "To be raised again.",
]  # fmt: skip
TABLE = 1024


class Line(NamedTuple):
    """The columns of an interaction around its time, tabs included; and what the truths need."""

    before: str  # channel, outbound, purpose
    minutes: str
    middle: str  # minutes, place
    after: str  # summary, notes, advice
    personal: bool  # someone sat opposite: attendees are named
    complaint: bool = False


def _table(text: str, number: int) -> list[Line]:
    rows = []
    for line in text.strip().splitlines():
        share, channel, begun, purpose, minutes, place, advice, summaries = line.split("|")
        for summary in summaries.split("; "):
            rows.append(((channel, begun, purpose, minutes, place, advice, summary), float(share)))
    pick = Weighted(rows)
    chance = dice(0, "staff", 900_000 + number).random
    table = []
    for place_in_table in range(TABLE):
        channel, begun, purpose, minutes, place, advice, summary = pick.pick((place_in_table + 0.5) / TABLE)
        tail = _TAILS[int(chance() * len(_TAILS))]
        length = str(max(3, round(int(minutes) * (0.6 + chance() * 0.9)))) if minutes else r"\N"
        table.append(
            Line(
                f"{channel}\t{'t' if begun == 'o' else 'f'}\t{purpose}\t",
                length,
                f"\t{length}\t{place}\t",
                f"\t{summary}\t{tail}\t{'t' if advice else 'f'}\t",
                channel in {"meeting", "visit", "video"},
                purpose == "complaint",
            )
        )
    return table


LINES = {
    "mass": _table(_MASS, 1),
    "affluent": _table(_WEALTH, 2),
    "hnw": _table(_WEALTH, 3),
    "sme": _table(_BUSINESS, 4),
    "corporate": _table(_BUSINESS, 5),
}
LEAVING = Line(
    "call\tf\tcomplaint\t",
    "15",
    "\t15\t\t",
    "\tComplained and asked how to close the accounts\tNamed another bank's offer. Money has begun to leave.\tf\t",
    False,
    True,
)
HELLO = Line(
    "meeting\tt\tservice\t", "30", "\t30\tBranch\t", "\tFirst meeting and opening of the file\t\tf\t", True
)
THANKS = Line(
    "call\tt\tservice\t", "6", "\t6\t\t", "\tCalled back about a question, all settled\t\tf\t", False
)

# How many contacts in three years, and within how many days an active client is to hear from the bank.
CONTACTS = {"mass": (10, 13), "affluent": (12, 26), "hnw": (20, 41), "sme": (12, 28), "corporate": (18, 41)}
CADENCE = {"mass": 365, "affluent": 60, "hnw": 30, "sme": 60, "corporate": 30}

"""What is to be done and hoped for: tasks and meetings, life events, goals, opportunities, onboardings."""

from rmcrm.synthetic import people
from rmcrm.synthetic.client import DOCUMENT, FEW, NULL, ClientFile
from rmcrm.synthetic.days import HISTORY
from rmcrm.synthetic.dice import Weighted, between
from rmcrm.synthetic.money import SAVINGS

_TASKS = {
    "person": [
        ("call", "Call about the portfolio"), ("follow_up", "Send the cost overview"),
        ("document", "Ask for the new passport"), ("review", "Prepare the portfolio review"),
        ("follow_up", "Send the mortgage offer"), ("call", "Call back about the card"),
    ],
    "organisation": [
        ("call", "Call about the overdraft"), ("document", "Ask for the annual accounts"),
        ("review", "Prepare the credit review"), ("follow_up", "Send the terms of the guarantee"),
        ("document", "Confirm the beneficial owners"),
    ],
}  # fmt: skip
_MEETINGS = {
    "person": ["Portfolio review", "Talk about retirement", "Mortgage renewal", "Yearly review with spouse"],
    "organisation": ["Credit review", "Currency hedging", "Financing of the new hall", "Cash management"],
}
_HOURS = ["09:00:00", "11:00:00", "14:30:00"]
_STAGES = Weighted(
    [
        ("identified", 30),
        ("need_confirmed", 20),
        ("proposed", 18),
        ("accepted", 8),
        ("in_use", 12),
        ("declined", 12),
    ]
)
_DECLINED = ["no_need", "price", "elsewhere", "later", "no_answer"]
# What an event asks for, as opportunities.rules has it.
_EVENT_ASKS = {
    "marriage": "insurance",
    "birth": "insurance",
    "education": "savings",
    "employment": "pension",
    "home": "mortgage",
    "retirement": "pension",
    "inheritance": "mandate",
    "founded": "payments",
    "expansion": "trade_finance",
    "succession": "mandate",
}
_REQUIRED = {
    "person": ["identity", "address", "tax"],
    "organisation": ["register", "owners", "tax", "identity"],
}
_WANTED = {
    "mass": '["current", "savings"]',
    "affluent": '["current", "fund"]',
    "hnw": '["current", "mandate"]',
    "sme": '["current", "payments"]',
    "corporate": '["current", "payments", "fx"]',
}


def write_tasks(file: ClientFile) -> None:
    """By the turn in the book: who is met today and soon, who is called, what is late; and what was done."""
    if file.closed:
        return
    chance, days, turn = file.chance, file.days, file.turn
    # A family's holding is spoken to like the family.
    speech = "person" if file.segment == "hnw" else file.kind
    number, keeper, kinds = file.id * FEW, file.book.keeper, _TASKS[speech]
    if turn < 15:
        day = 0 if turn < 3 else days.working_ahead[(turn - 3) // 2]
        hour = _HOURS[turn] if turn < 3 else _HOURS[(turn - 3) % 2 * (1 + turn // 2 % 2)]
        titles, text = _MEETINGS[speech], days.iso(day)
        file.out["clients_task"](
            f"{number}\t{file.id}\tmeeting\t{titles[int(chance() * len(titles))]}\t{text}\t"
            f"{text} {hour}{file.zone[day + HISTORY]}\t{keeper}\t{keeper}\t{NULL}\tf\n"
        )
    elif turn < 34:
        day = 0
        if turn >= 24:
            day = days.working_ahead[int(chance() * 10)]
        elif turn >= 19:
            day = days.working_day(-1 - int(chance() * 9))
        kind, title = kinds[int(chance() * len(kinds))]
        file.out["clients_task"](
            f"{number}\t{file.id}\t{kind}\t{title}\t{days.iso(day)}\t{NULL}\t{keeper}\t{keeper}\t{NULL}\t"
            f"{'t' if turn % 3 == 0 else 'f'}\n"
        )
    if file.state != "lead" and chance() < (0.12 if file.segment == "mass" else 0.6):
        done = max(-3 - int(chance() * 300), file.since)
        kind, title = kinds[int(chance() * len(kinds))]
        by, due = file.book.keeper_on(done), days.iso(min(done + int(chance() * 6), -1))
        file.out["clients_task"](
            f"{number + 1}\t{file.id}\t{kind}\t{title}\t{due}\t{NULL}\t{by}\t{by}\t"
            f"{days.iso(done)} 15:40:00+00\tf\n"
        )


def write_event_and_goal(file: ClientFile) -> None:
    """What happened in the client's life, and what the client saves for."""
    chance, days, rich = file.chance, file.days, file.segment != "mass"
    file.event = file.goal = (0, "", "")
    if file.closed:
        return
    number = file.id * 2
    if chance() < (0.45 if rich else 0.18):
        kinds = people.EVENTS[file.stage]
        kind = kinds[int(chance() * len(kinds))]
        day = days.iso(file.birth_day if kind == "founded" else -int(chance() * 500) - 3)
        file.out["clients_lifeevent"](
            f"{number}\t{file.id}\t{kind}\t{day}\t{'t' if chance() < 0.7 else 'f'}\n"
        )
        file.event = (number, kind, day)
    if file.kind == "person" and chance() < (0.6 if rich else 0.22):
        name, serves, smallest, largest, years = people.GOALS[file.stage][int(chance() * 2)]
        scale = file.level * {"mass": 1.0, "affluent": 1.5, "hnw": 4.0}[file.segment]
        amount = (smallest + chance() * (largest - smallest)) * scale * file.market.per_euro[file.currency]
        amount = max(1000, round(amount / 1000) * 1000)
        by = days.iso(200 + int(chance() * years * 365))
        reached = days.iso(-int(chance() * 200) - 1) if chance() < 0.06 else NULL
        file.out["needs_goal"](
            f"{number}\t{file.id}\t{name}\t{amount}\t{file.currency}\t{by}\t{serves}\t{reached}\n"
        )
        if reached == NULL:
            file.goal = (number, serves, by[:4])


def write_opportunity(file: ClientFile) -> None:
    """What else would help, for the reason that the file itself gives."""
    chance, days = file.chance, file.days
    if file.state != "active" or chance() >= (0.3 if file.segment != "mass" else 0.03):
        return
    if file.goal[0]:
        kind, reason = file.goal[1], "goal_without_product"
        facts = f'{{"goal_id": {file.goal[0]}, "by": {file.goal[2]}}}'
    elif file.event[0]:
        kind, reason = _EVENT_ASKS[file.event[1]], "life_event"
        facts = f'{{"event_id": {file.event[0]}, "event": "{file.event[1]}", "on": "{file.event[2]}"}}'
    elif file.kind == "organisation":
        kind, reason, facts = "payments", "company_without_payments", "{}"
    else:
        kind, reason, facts = (
            "deposit",
            "cash_above_band",
            f'{{"share": {45 + int(chance() * 50)}, "most": 40}}',
        )
    stage = _STAGES.pick(chance())
    made = -10 - int(chance() * 160)
    moved = made + int(chance() * -made)
    worth = round(between(SAVINGS[file.segment], chance()) * file.level * 0.4, -2)
    why = _DECLINED[int(chance() * len(_DECLINED))] if stage == "declined" else ""
    file.out["opportunities_opportunity"](
        f"{file.id * 2}\t{file.id}\t{kind}\t{reason}\t{facts}\t{stage}\t{worth:.2f}\tEUR\t"
        f"{file.book.keeper}\t{days.iso(made)} 09:10:00+00\t{days.iso(moved)} 16:20:00+00\t{why}\n"
    )


def write_onboarding(file: ClientFile) -> None:
    """A client who is joining: what is wanted, and that every paper is still missing."""
    if file.state != "onboarding":
        return
    started = file.days.iso(max(file.since, -40))
    file.out["onboarding_onboarding"](
        f"{file.id}\t{file.id}\tcollecting\t{file.book.keeper}\t{started} 09:30:00+00\t{NULL}\t"
        f"{_WANTED[file.segment]}\t1\n"
    )
    for place, kind in enumerate(_REQUIRED[file.kind]):
        file.out["onboarding_requireddocument"](
            f"{file.id * DOCUMENT + place}\t{file.id}\t{file.id}\t{kind}\t{kind}_of_{file.kind}\tmissing\t\t"
            f"{NULL}\t{NULL}\n"
        )

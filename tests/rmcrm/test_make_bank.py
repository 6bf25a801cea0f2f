"""The synthetic bank: the same to the byte, right in its sums, its truths found by the rules of the rooms."""

import json
import stat
from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from clients.models import (
    Barrier,
    Client,
    ClientGrant,
    Identifier,
    Interaction,
    Party,
    Relationship,
    SearchKey,
    SearchName,
    SearchWord,
)
from clients.words import account_key, key_of, words_of
from cockpit.models import Handover
from compliance.models import (
    AdverseNote,
    Approval,
    Attestation,
    DeskSweep,
    GlassUse,
    HitStep,
    KycFile,
    ListVersion,
    PepRole,
    RatingOverride,
    SampleItem,
    SamplePlan,
    ScreeningHit,
)
from compliance.rules import rating
from compliance.selectors.rating import known_of
from compliance.selectors.sampling import redrawn
from needs import rules as needs
from needs.models import Assessment
from needs.questions import KNOWLEDGE, unanswered
from onboarding.models import Ending, Onboarding
from portfolios import selectors as portfolios
from portfolios.models import Account, FxRate, Holding, Mandate, ModelWeight, Price
from retention.alerts import RULES as RETENTION
from rmcrm.management.commands.make_demo_list import NAMESAKES
from rmcrm.synthetic import copying, make, truths
from rmcrm.synthetic.market_days import go_on
from rmcrm.synthetic.parties import has_cycle
from rmcrm.synthetic.products import RATES
from rulebook.selectors import pack
from staff.models import Book, BookMember, Team, User
from suspicion.models import Case
from ui.carrying import transaction_for

CLIENTS, SEED, AS_OF = 300, 7, date(2026, 11, 21)


@pytest.fixture(scope="module")
def bank(django_db_setup, django_db_blocker):
    """A bank of 300 clients, made once for all tests of this file and rolled back after them."""
    with django_db_blocker.unblock():
        atom = transaction.atomic()
        atom.__enter__()
        try:
            made = make(CLIENTS, SEED, AS_OF, connection)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            yield made
        finally:
            transaction.set_rollback(True)
            atom.__exit__(None, None, None)


def command_line(name):
    """As a command begins: nobody is carried, and nothing of a client is to be seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('rmcrm.reach', true), set_config('rmcrm.reach', '', true),"
            " set_config('rmcrm.barriers', '', true)"
        )
        (every, *_) = cursor.fetchone()
        call_command(name)
        cursor.execute(
            "SELECT set_config('rmcrm.reach', %s, true), set_config('rmcrm.barriers', %s, true)", [every] * 2
        )


def digest(clients=CLIENTS, seed=SEED, as_of=AS_OF):
    return copying.pour(clients, seed, as_of, lambda table, content: None).digest


def planted(bank, name):
    return {found["client"] for found in bank.truths.get(name, [])}


# --- repeatable --------------------------------------------------------------------------------------------


def test_the_same_order_gives_the_same_bytes_and_any_other_others(bank):
    assert digest() == bank.digest
    assert digest(seed=8) != bank.digest
    assert digest(as_of=date(2026, 11, 22)) != bank.digest


def test_it_does_not_matter_in_which_pieces_and_by_how_many_processes_clients_are_made(bank, monkeypatch):
    monkeypatch.setattr(copying, "CHUNK", 70)  # five pieces: two processes
    assert digest() == bank.digest


# --- complete and right ------------------------------------------------------------------------------------


def test_clients_have_two_accounts_ten_contacts_and_investors_five_holdings(bank):
    accounts = Counter(Account.objects.values_list("client_id", flat=True))
    contacts = Counter(Interaction.objects.values_list("client_id", flat=True))
    holdings = Counter(Holding.objects.values_list("client_id", flat=True))
    for client in Client.objects.all():
        assert contacts[client.pk] >= 10
        assert client.state == "lead" or accounts[client.pk] >= 2
    assert holdings
    assert min(holdings.values()) >= 5
    assert set(holdings) == set(Mandate.objects.values_list("client_id", flat=True))


def test_a_value_is_what_accounts_and_holdings_are_worth_at_the_last_prices_and_rates(bank):
    rates = dict(
        FxRate.objects.order_by("currency", "-on").distinct("currency").values_list("currency", "per_euro")
    )
    rates["EUR"] = Decimal(1)
    closes = dict(
        Price.objects.order_by("product", "-on").distinct("product").values_list("product", "close")
    )
    worth = defaultdict(Decimal)

    def in_euro(amount, currency):
        return (amount / rates[currency]).quantize(Decimal("0.01"), ROUND_HALF_UP)

    for account in Account.objects.exclude(kind="loan"):
        worth[account.client_id] += in_euro(account.balance, account.currency)
    for holding in Holding.objects.select_related("product"):
        worth[holding.client_id] += in_euro(
            holding.quantity * closes[holding.product_id], holding.product.currency
        )
    assert {client.pk: client.value for client in Client.objects.all()} == {
        client: worth[client] for client in Client.objects.values_list("pk", flat=True)
    }
    assert all(
        balance < 0 for balance in Account.objects.filter(kind="loan").values_list("balance", flat=True)
    )


def test_the_portfolio_room_values_the_clients_alike(bank):
    for client in Client.objects.filter(mandate__isnull=False)[:25]:
        # Each position is rounded to cents, here of the client's currency and there of the euro.
        total = portfolios.valued_holdings(client, AS_OF).total
        assert abs(total / _in_own_currency(client) - 1) < Decimal("1e-5")


def _in_own_currency(client):
    if client.currency == "EUR":
        return client.value
    rate = (
        FxRate.objects.filter(currency=client.currency).order_by("-on").values_list("per_euro", flat=True)[0]
    )
    return client.value * rate


def test_the_last_contact_is_the_last_contact(bank):
    last = {}
    for client, at in Interaction.objects.values_list("client_id", "at"):
        last[client] = max(last.get(client, at.date()), at.date())
    assert last == dict(Client.objects.values_list("pk", "last_contact_on"))


def test_account_numbers_have_right_check_digits(bank):
    numbers = [account.number for account in Account.objects.all()]
    ibans = [number for number in numbers if number.startswith(("CH", "DE", "GB"))]
    assert len(ibans) > CLIENTS
    for number in ibans:
        turned = number[4:] + number[:4]
        assert int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1, number


def test_models_weigh_a_hundred_and_shares_of_ownership_at_most(bank):
    sums = Counter()
    for portfolio, target in ModelWeight.objects.values_list("portfolio_id", "target"):
        sums[portfolio] += target
    assert set(sums.values()) == {100}
    owned = Counter()
    for of, share in Relationship.objects.filter(kind="owner").values_list("of_id", "share"):
        owned[of] += share
    assert all(share <= 100 for share in owned.values())


def test_the_next_row_made_by_hand_finds_a_free_number(bank):
    with transaction.atomic():
        highest = Party.objects.order_by("-pk").values_list("pk", flat=True)[0]
        made = Party.objects.create(client_id=1, kind="person", name="Anna Neu")
        assert made.pk > highest
        transaction.set_rollback(True)


# --- people who work here ----------------------------------------------------------------------------------


def test_the_cast_works_in_two_teams_and_every_book_but_a_pool_has_one_owner(bank):
    cast = {user.login: user for user in User.objects.filter(login__in=["rita", "theo", "cora", "otto"])}
    assert [cast[login].role for login in ("rita", "theo", "cora", "otto")] == [
        "rm",
        "team_lead",
        "compliance",
        "rm",
    ]
    assert cast["rita"].team_id == cast["theo"].team_id != cast["otto"].team_id
    assert not any(user.has_usable_password() for user in User.objects.all())
    owners = Counter(
        BookMember.objects.owners().filter(during__endswith=None).values_list("book_id", flat=True)
    )
    for book in Book.objects.all():
        assert owners[book.pk] == (0 if book.is_pool else 1)
    assert len(set(Team.objects.values_list("time_zone", flat=True))) >= 3


def test_otto_is_no_member_of_any_book_of_ritas_team(bank):
    otto = User.objects.get(login="otto")
    assert not BookMember.objects.filter(user=otto, book__team=User.objects.get(login="rita").team).exists()


@pytest.mark.parametrize("clients", [1_500, 10_000, 100_000, 1_000_000])
def test_books_keep_the_bands_of_coverage(clients):
    """As rule pack coverage has it."""
    from rmcrm.synthetic.days import Days
    from rmcrm.synthetic.staff import Plan

    bands = {
        "mass": (300, 2500),
        "affluent": (40, 250),
        "hnw": (20, 120),
        "sme": (40, 150),
        "corporate": (8, 40),
    }
    plan = Plan(clients, SEED, Days(AS_OF))
    covered = Counter()
    for block in plan.blocks:
        if not plan.books[block.book].is_pool:
            covered[block.book, block.segment] += block.clients
    for (_, segment), count in covered.items():
        assert bands[segment][0] <= count <= bands[segment][1]
    assert sum(block.clients for block in plan.blocks) == clients
    assert plan.rms == {1_500: 12, 10_000: 16}.get(clients, clients // 1000)
    numbers = range(0, clients, max(1, clients // 500))
    assert all(plan.client_at(plan.slot_of(number)) == number for number in numbers)


# --- what is planted ---------------------------------------------------------------------------------------


def found_by(name):
    rule = next(rule for rule in RETENTION if rule.name == name)
    figures = rule.figures(AS_OF) if rule.figures else {}
    with connection.cursor() as cursor:
        cursor.execute(rule.find, {**figures, "today": AS_OF, "first": 0, "last": 10**9})
        return {row[0] for row in cursor.fetchall()}


def test_who_may_leave_and_who_waits_too_long_are_those_in_the_list_and_nobody_else(bank):
    assert planted(bank, "churners") == found_by("retention.at_risk") != set()
    assert planted(bank, "neglected") == found_by("retention.contact_overdue") != set()


def test_portfolios_that_drift_or_do_not_suit_are_those_in_the_list_and_nobody_else(bank):
    found = defaultdict(set)
    for mandate in Mandate.objects.select_related("client"):
        for finding in portfolios.valued_holdings(mandate.client, AS_OF).findings:
            found[finding.code].add(mandate.client_id)
    assert planted(bank, "drifting_portfolios") == found["drift"] != set()
    assert planted(bank, "unsuitable_holdings") == found["unsuitable"] != set()
    assert not found["missing"]
    assert not found["missing_cost"]


def test_passports_that_expire_owners_that_own_each_other_and_late_reviews_are_those_in_the_list(bank):
    passports = Identifier.objects.filter(
        kind="passport", party__is_client=True, expires_on__range=(AS_OF, date(2027, 1, 20))
    ).exclude(client__state="closed")
    assert planted(bank, "expiring_passports") == set(passports.values_list("client_id", flat=True)) != set()
    owners = defaultdict(list)
    for client, party, of in Relationship.objects.filter(kind="owner").values_list(
        "client_id", "party_id", "of_id"
    ):
        owners[client].append((party, of))
    assert (
        planted(bank, "cyclic_owners")
        == {client for client, edges in owners.items() if has_cycle(edges)}
        != set()
    )
    late = Client.objects.served().filter(kyc_due_on__lt=AS_OF)
    assert planted(bank, "kyc_overdue") == set(late.values_list("pk", flat=True))
    run_out = Assessment.objects.filter(state="signed", valid_until__lt=AS_OF).exclude(client__state="closed")
    assert planted(bank, "assessment_expired") == set(run_out.values_list("client_id", flat=True))


def test_listed_names_are_on_the_files_that_the_list_tells(bank):
    listed = {f"{one.given} {one.family}" for one in truths.SANCTIONED_PERSONS} | set(truths.SANCTIONED_FIRMS)
    named = set(Client.objects.filter(name__in=listed).values_list("pk", flat=True))
    assert planted(bank, "sanctioned_names") == named != set()


def test_in_the_demo_bank_three_of_each_kind_are_ritas():
    made = copying.pour(1_500, 1, AS_OF, lambda table, content: None)
    for name in truths.DEFINITIONS:
        assert sum(found["book"] == 1 for found in made.truths[name]) >= 3, name
    assert made.distinct_names > 1_400


# --- what the rooms would have written themselves ----------------------------------------------------------


def test_ratings_and_their_reasons_are_what_compliance_would_give(bank):
    figures = pack("kyc", AS_OF).body
    for kyc in KycFile.objects.exclude(state="missing").select_related("client"):
        assert (kyc.client.risk, kyc.client.kyc_due_on) == (kyc.rating, kyc.next_review_on)
        if "opaque_ownership" in kyc.rating_reasons:  # what an officer saw, not what the sum says
            continue
        given = rating.rate(known_of([kyc.client_id], figures, AS_OF)[kyc.client_id].facts, figures)
        assert (given.level, list(given.reasons)) == (kyc.rating, kyc.rating_reasons)
        years = kyc.next_review_on.year - kyc.reviewed_on.year
        assert years * 12 == figures["review_months"][kyc.rating]


def test_questionnaires_are_answered_whole_and_score_as_they_say(bank):
    figures, bands = pack("needs", AS_OF).body, pack("suitability", AS_OF)["band_from_score"]
    for signed in Assessment.objects.all():
        result = needs.judge(signed.answers, figures, bands, KNOWLEDGE)
        assert (result.tolerance.value, result.capacity.value) == (signed.tolerance, signed.capacity)
        assert (result.band, result.knowledge) == (signed.band, signed.knowledge)
        assert not result.contradictions
        assert not unanswered(signed.answers)


def test_the_search_knows_every_name_and_every_key_of_a_file(bank):
    dictionary = set(SearchWord.objects.values_list("word", flat=True))
    names, keys = defaultdict(list), defaultdict(set)
    for client, *both in Party.objects.values_list("client_id", "name", "native_name"):
        names[client] += both
    for client, key in SearchKey.objects.values_list("client_id", "key"):
        keys[client].add(key)
    for found in SearchName.objects.select_related("client"):
        assert found.words == words_of(*names[found.client_id])
        assert dictionary.issuperset(found.words)
        assert key_of(found.client.number) in keys[found.client_id]
    for account in Account.objects.all():
        assert account_key(account.number) in keys[account.client_id]
        assert key_of(account.number) not in keys[account.client_id]


# --- the commands ------------------------------------------------------------------------------------------


def test_a_bank_that_has_clients_is_left_alone(bank, capsys):
    call_command("make_bank", clients=300, if_empty=True)
    assert capsys.readouterr().out == ""
    with pytest.raises(CommandError, match="empty database"):
        call_command("make_bank", clients=300)


def test_a_bank_of_a_handful_is_refused():
    with pytest.raises(CommandError, match="at least 100"):
        call_command("make_bank", clients=5)


def test_the_list_of_truths_can_be_made_again_without_a_database(tmp_path, capsys):
    path = tmp_path / "truths.json"
    call_command("make_bank", clients=300, seed=SEED, as_of=AS_OF, digest_only=True, truths=path)
    told = json.loads(path.read_text(encoding="utf-8"))
    assert set(told["truths"]) == set(told["definitions"])
    assert f"sha256 {digest()}" in capsys.readouterr().out


def test_the_cast_gets_passwords_in_a_file_that_only_its_owner_reads(bank, tmp_path, capsys):
    path = tmp_path / "logins.json"
    with transaction.atomic():
        call_command("make_logins", file=path)
        logins = json.loads(path.read_text(encoding="utf-8"))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert set(logins) == {"rita", "theo", "cora", "otto", "mira"}
        for login, pair in logins.items():
            assert pair["login"] == login
            assert len(pair["password"]) >= 16
            assert User.objects.get(login=login).check_password(pair["password"])
            assert pair["password"] in capsys.readouterr().out or login != "rita"
        transaction.set_rollback(True)


def test_the_made_up_market_goes_on_so_that_a_demo_of_last_month_is_still_valued(bank):
    """Twice adds nothing; when it is added makes no difference; a real price is left alone."""
    later = date(2026, 12, 21)
    with transaction.atomic():
        at_once = go_on(later)
        closes = dict(Price.objects.filter(on=later).values_list("product", "close"))
        transaction.set_rollback(True)
    assert at_once == go_on(date(2026, 12, 1)) + go_on(later)
    assert go_on(later) == 0
    assert closes == dict(Price.objects.filter(on=later).values_list("product", "close"))
    assert all(Decimal("0.3") < close / before < 3 for close, before in _moves(later))
    assert FxRate.objects.filter(on=later).count() == len(RATES)
    holder = Holding.objects.select_related("client").order_by("id").first().client
    assert portfolios.valued_holdings(holder, later).total is not None


def _moves(later):
    known = Price.objects.filter(on__lte=AS_OF).order_by("product", "on")
    before = dict(known.values_list("product", "close"))
    return [(price.close, before[price.product_id]) for price in Price.objects.filter(on=later)]


def test_the_demo_has_an_audit_under_way_that_can_be_drawn_again(bank):
    with transaction.atomic():
        command_line("make_demo_work")  # as at the first start: one file is behind a barrier by then
        command_line("make_demo_audit")
        command_line("make_demo_audit")  # again: nothing changes
        plan = SamplePlan.objects.get()
        items = SampleItem.objects.filter(plan=plan)
        with transaction_for(User.objects.get(login="cora").pk):  # who is outside the barrier, as who drew it
            assert redrawn(plan).agrees
        assert {"risk", "off_channel", "late", "random"} <= set(items.values_list("why", flat=True))
        assert {"drawn", "passed", "queried"} <= set(items.values_list("state", flat=True))
        assert Attestation.objects.filter(attested_at__isnull=True).exists()
        assert Attestation.objects.filter(attested_at__isnull=False).exists()
        transaction.set_rollback(True)


def test_the_demo_has_a_list_of_its_own_that_finds_who_was_planted(bank):
    with transaction.atomic():
        call_command("make_demo_list")
        call_command("make_demo_list")  # again: nothing changes
        call_command("screen", "--full")
        planted_names = len(truths.SANCTIONED_PERSONS + truths.SANCTIONED_FIRMS)
        assert ListVersion.objects.get().entities == planted_names + NAMESAKES
        found = set(ScreeningHit.objects.values_list("client_id", flat=True))
        assert planted(bank, "sanctioned_names") <= found
        obvious = ScreeningHit.objects.obvious(pack("hits", timezone.localdate()).body)
        assert obvious.count() >= NAMESAKES  # a demo has something to decide by the dozen
        transaction.set_rollback(True)


def test_the_demo_has_hits_in_every_state_decided_by_two_and_a_delisting_with_its_trace(bank):
    with transaction.atomic():
        call_command("make_demo_list")
        call_command("screen", "--full")
        command_line("make_demo_screening")
        states = set(ScreeningHit.objects.values_list("state", flat=True))
        assert states == {"open", "proposed", "escalated", "cleared", "confirmed", "delisted"}
        for hit in ScreeningHit.objects.filter(decided_by__isnull=False):
            assert hit.proposed_by_id != hit.decided_by_id
        match = ScreeningHit.objects.get(state="confirmed")
        assert (match.frozen, match.client.risk) == (True, "high")
        assert ScreeningHit.objects.get(reason="other_person").document is not None
        to_decide = ScreeningHit.objects.filter(state="open", client__documents__isnull=False)
        assert to_decide.exists(), "the picker of papers has something to pick"
        assert HitStep.objects.filter(said="delisted").exists()
        assert set(PepRole.objects.values_list("capacity", flat=True)) == {"family", "holder"}
        assert AdverseNote.objects.get().client.risk != "unrated"
        assert DeskSweep.objects.get().finished_at, "the desk counts from its first page on"
        transaction.set_rollback(True)


def test_the_demo_s_desks_have_work_that_was_made_by_the_same_verbs(bank):
    with transaction.atomic():
        waiting = RatingOverride.objects.waiting().count()
        command_line("make_demo_work")
        openings = Onboarding.objects.filter(state="in_review")
        assert openings.count() == 3
        for approval in Approval.objects.waiting():
            assert approval.asked_by_id == openings.get(client=approval.client_id).started_by_id
        (override,) = RatingOverride.objects.in_force()
        assert override.asked_by_id != override.decided_by_id
        assert override.client.risk == override.level
        assert RatingOverride.objects.waiting().count() == waiting - 1
        rita, otto = (User.objects.get(login=login) for login in ("rita", "otto"))
        assert GlassUse.objects.get().user == otto
        (loan,) = ClientGrant.objects.filter(purpose="advice", reason__startswith="Asks for a loan")
        assert (loan.user, loan.granted_by) == (otto, rita)
        (barrier,) = Barrier.objects.filter(lifted_at=None)
        assert [insider.user for insider in barrier.insiders.all()] == [rita]
        asked = barrier.proposals.get()
        assert asked.asked_by_id != asked.decided_by_id
        assert Ending.objects.get().asked_by == rita
        waits = Handover.objects.get()
        assert (waits.state, waits.owner, waits.asked_by.login) == ("waiting", rita, "theo")
        with transaction_for(User.objects.get(login="mira").pk):
            assert [case.state for case in Case.objects.order_by("pk")] == ["assessing", "received"]
        with transaction_for(User.objects.get(login="cora").pk):
            assert not Case.objects.exists()
        transaction.set_rollback(True)

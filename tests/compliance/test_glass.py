"""Break-glass: a file that is not one's own, opened in need, for an hour, and looked at afterwards."""

import re
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from alerts.actions import write_mails
from alerts.models import Alert, Delivery, Mail
from audit.models import AuditEvent
from clients.models import Client, ClientGrant
from compliance.models import GlassUse
from compliance.rules.glass import NO_FILE
from rulebook.models import RulePack
from staff.roles import Role
from tests.cast import make_cast, make_client, make_person, raise_barrier
from tests.house.stage import break_glass
from ui.carrying import transaction_for

WHY = "The owner is ill and the house sale closes today"
NEW = "/compliance/break-glass/new/"


def broken_by(browser, client, reason=WHY):
    return browser.post(NEW, {"number": client.number, "reason": reason})


def told(rule):
    """Who has an alert of this rule in the inbox."""
    found = Delivery.objects.filter(alert__rule=rule, channel="inbox").exclude(state="dropped")
    return set(found.values_list("recipient__login", flat=True))


def over(use_or_grant):
    """Let the hour be over."""
    now = timezone.now()
    ClientGrant.objects.filter(pk=use_or_grant.pk).update(
        starts_at=now - timedelta(hours=2), ends_at=now - timedelta(seconds=1)
    )


# --- done ------------------------------------------------------------------------------------------------


def test_otto_opens_ritas_file_in_need_and_reads_it_for_an_hour(cast, page_of):
    otto = page_of(cast.otto)
    assert otto.get(f"/clients/{cast.anna.pk}/").status_code == 404
    answer = broken_by(otto, cast.anna)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/clients/{cast.anna.pk}/")
    page = otto.get(f"/clients/{cast.anna.pk}/").content.decode()
    assert "Opened by break-glass: 60 minutes left. It closes by itself:" in page
    assert f"You opened it by break-glass: {WHY}" in page
    for name in ("clients:interactions", "clients:documents", "portfolios:client", "compliance:client"):
        assert "Give it back now" in otto.get(reverse(name, args=[cast.anna.pk])).content.decode(), name
    assert "Give it back now" not in otto.get(f"/clients/{cast.omar.pk}/").content.decode()
    use = GlassUse.objects.get()
    assert (use.user, use.client, use.grant.purpose) == (cast.otto, cast.anna, "break_glass")
    assert use.grant.ends_at - use.grant.starts_at == timedelta(minutes=60)


@pytest.mark.parametrize(
    ("on", "due_on"),
    [
        (date(2026, 11, 26), date(2026, 11, 30)),  # Thursday to Monday
        (date(2026, 11, 29), date(2026, 12, 1)),  # of a Sunday, Monday is the first
        (date(2026, 12, 24), date(2026, 12, 29)),  # over Christmas
    ],
)
def test_a_use_is_reviewed_within_two_working_days(cast, page_of, on, due_on):
    with time_machine.travel(f"{on}T10:00:00Z", tick=False):
        broken_by(page_of(cast.otto), cast.anna)
    assert GlassUse.objects.get().due_on == due_on


def test_rita_and_compliance_are_told_at_once_and_no_mail_names_the_client(cast, page_of):
    mlro = make_person("mira", Role.MLRO)
    broken_by(page_of(cast.otto), cast.anna)
    assert told("compliance.glass_broken") == {"rita"}
    assert told("compliance.glass_broken_in_team") == {"theo"}  # whose team the book is of
    assert told("compliance.glass_to_review") == {"cora", mlro.login}
    assert "Otto Muster opened this file by break-glass" in page_of(cast.rita).get("/inbox/").content.decode()
    assert write_mails(timezone.now()) == 4
    for mail in Mail.objects.all():
        assert "Keller" not in mail.subject + mail.body
        assert cast.anna.number not in mail.subject + mail.body


def test_each_step_is_in_the_audit(cast, page_of):
    otto = page_of(cast.otto)
    broken_by(otto, cast.anna)
    otto.get(f"/clients/{cast.anna.pk}/")
    otto.post(f"/compliance/clients/{cast.anna.pk}/break-glass/end/")
    events = list(AuditEvent.objects.filter(by_id=cast.otto.pk, client_id=cast.anna.pk).order_by("id"))
    assert [event.verb for event in events] == ["glass broken", "file opened", "glass given back"]
    assert events[1].path == f"break-glass, grant {ClientGrant.objects.get().pk}"
    assert WHY not in str([(event.why, event.payload) for event in events])  # a text may name a client


def test_nobody_silences_the_notice(cast, page_of):
    otto = page_of(cast.otto)
    broken_by(otto, cast.anna)
    made = Alert.objects.filter(client=cast.anna, rule__startswith="compliance.glass")
    notices = {alert.rule: alert for alert in made}
    for person, rule, status in (
        (cast.otto, "compliance.glass_broken", 409),
        (cast.otto, "compliance.glass_to_review", 404),  # he was not told: it is compliance's
        (cast.rita, "compliance.glass_broken", 409),
        (cast.cora, "compliance.glass_to_review", 409),
    ):
        url = reverse("alerts:dismissal", args=[notices[rule].pk])
        answer = page_of(person).post(url, {"reason": "handled"})
        assert answer.status_code == status, (person, rule)
        assert status == 404 or "closes by itself" in answer.content.decode()
    assert Alert.objects.open().filter(pk__in=[alert.pk for alert in notices.values()]).count() == 3


# --- refused ---------------------------------------------------------------------------------------------


def test_a_wrong_number_and_one_behind_a_barrier_answer_alike(cast, page_of):
    otto = page_of(cast.otto)
    wrong = otto.post(NEW, {"number": "C-7777777", "reason": WHY})
    raise_barrier([cast.anna], [cast.rita])
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value, is_called FROM clients_clientgrant_id_seq")
        before, called = cursor.fetchone()
    hidden = broken_by(otto, cast.anna)
    for answer in (wrong, hidden):
        assert answer.status_code == 409
        assert NO_FILE in answer.content.decode()
    assert len({len(answer.content) for answer in (wrong, hidden)}) == 1
    assert not ClientGrant.objects.exists()
    # Nor does the next number of a grant tell which of the two it was.
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value, is_called FROM clients_clientgrant_id_seq")
        assert cursor.fetchone() == (before, called)
    tried = AuditEvent.objects.filter(by_id=cast.otto.pk, verb="denied")
    assert [(event.why, event.payload) for event in tried] == [("refused", {"asked": "break-glass"})] * 2


def test_without_a_reason_nothing_opens_and_what_was_typed_stays(cast, page_of):
    answer = broken_by(page_of(cast.otto), cast.anna, "because")
    assert answer.status_code == 422
    assert "because" in answer.content.decode()
    assert not ClientGrant.objects.exists()


def test_the_number_may_be_typed_in_small_letters(cast, page_of):
    answer = page_of(cast.otto).post(NEW, {"number": f" {cast.anna.number.lower()} ", "reason": WHY})
    assert answer.headers["Location"] == f"/clients/{cast.anna.pk}/"
    small = page_of(cast.rita).post(NEW, {"number": cast.anna.number.lower(), "reason": WHY})
    assert "without break-glass" in small.content.decode()


def test_who_broke_the_glass_does_not_end_the_relationship(cast, page_of):
    otto = page_of(cast.otto)
    broken_by(otto, cast.anna)
    url = reverse("onboarding:ending", args=[cast.anna.pk])
    page = otto.get(url).content.decode()
    assert ("its owner does" in page, "Ask for the end" in page) == (True, False)
    assert otto.post(url, {"cause": "wish", "reason": "She moves to Lisbon"}).status_code == 409


def test_what_one_sees_anyway_needs_no_glass(cast, page_of):
    answer = broken_by(page_of(cast.rita), cast.anna)
    assert (answer.status_code, "without break-glass" in answer.content.decode()) == (409, True)


def test_whoever_finds_a_screen_unlocked_breaks_no_glass(cast, page_of):
    otto = page_of(cast.otto)
    session = otto.session
    session["confirmed"] -= 3600
    session.save()
    answer = broken_by(otto, cast.anna)
    assert answer.status_code == 403  # without password or factor: log in anew
    assert not ClientGrant.objects.exists()


def test_who_may_see_no_client_breaks_no_glass(cast, page_of):
    for person in (cast.ada, make_person("pia", Role.PRODUCT), cast.cora, make_person("udo", Role.AUDITOR)):
        assert broken_by(page_of(person), cast.anna).status_code == 403, person.login
    for person in (cast.ada, cast.cora, None):  # nor does PostgreSQL, whatever the code says
        with transaction_for(person.pk if person else None), connection.cursor() as cursor:
            cursor.execute(
                "SELECT break_glass(%s, 'x', now(), now() + interval '1 hour')", [cast.anna.number]
            )
            assert cursor.fetchone() == (None,)
    assert not ClientGrant.objects.exists()


def test_the_right_rests_while_a_review_is_overdue_and_comes_back_with_it(cast, page_of):
    yesterday = timezone.localdate() - timedelta(days=1)
    use = break_glass(cast.anna, cast.otto, hours_ago=100, due_on=yesterday)
    otto = page_of(cast.otto)
    assert "Your right to break-glass rests" in otto.get(NEW).content.decode()
    answer = broken_by(otto, cast.anna)
    assert (answer.status_code, "rests" in answer.content.decode()) == (409, True)
    page_of(cast.cora).post(
        f"/compliance/break-glass/{use.pk}/review/", {"verdict": "justified", "words": "He had to"}
    )
    assert broken_by(otto, cast.anna).status_code == 303


def test_no_more_uses_wait_than_the_figures_allow(cast, page_of):
    for at in range(3):
        break_glass(make_client(f"Client {at}", cast.rita_book), cast.otto, hours_ago=3)
    assert broken_by(page_of(cast.otto), cast.anna).status_code == 409
    assert broken_by(page_of(make_person("olga", Role.RM, cast.otto.team)), cast.anna).status_code == 303


def test_the_hour_is_a_figure_of_the_bank(cast, page_of):
    before = RulePack.objects.filter(name="access").latest("version")
    body = before.body | {"glass": before.body["glass"] | {"minutes": 15}}
    RulePack.objects.create(
        name="access",
        version=before.version + 1,
        valid_from=timezone.localdate(),
        body=body,
        activated_at=timezone.now(),
    )
    otto = page_of(cast.otto)
    broken_by(otto, cast.anna)
    assert "15 minutes left" in otto.get(f"/clients/{cast.anna.pk}/").content.decode()
    assert GlassUse.objects.get().pack_version == before.version + 1


# --- it ends ---------------------------------------------------------------------------------------------


def test_an_open_page_leads_nowhere_once_the_hour_is_over(cast, page_of):
    otto = page_of(cast.otto)
    broken_by(otto, cast.anna)
    use = GlassUse.objects.get()
    over(use.grant)
    for url in (f"/clients/{cast.anna.pk}/", f"/clients/{cast.anna.pk}/documents/"):
        answer = otto.get(url)
        assert answer.status_code == 404
        assert "Keller" not in answer.content.decode()
    call = {"channel": "call", "purpose": "service", "summary": "x", "at": "2026-01-05T10:00"}
    assert otto.post(f"/clients/{cast.anna.pk}/interactions/new/", call).status_code == 404
    assert otto.post(f"/compliance/clients/{cast.anna.pk}/break-glass/end/").status_code == 404
    assert "Keller" not in otto.get("/clients/").content.decode()


def test_otto_gives_it_back_and_cannot_give_it_back_twice(cast, page_of):
    otto = page_of(cast.otto)
    broken_by(otto, cast.anna)
    url = f"/compliance/clients/{cast.anna.pk}/break-glass/end/"
    assert page_of(cast.rita).post(url).status_code == 403  # she sees the file; it is not hers to give back
    assert otto.post(url).status_code == 303
    assert otto.get(f"/clients/{cast.anna.pk}/").status_code == 404
    assert otto.post(url).status_code == 404
    grant = ClientGrant.objects.get()
    assert (grant.ended_by, grant.ends_at <= timezone.now()) == (cast.otto, True)
    assert GlassUse.objects.waiting().count() == 1  # it is reviewed all the same


# --- the review ------------------------------------------------------------------------------------------


def test_cora_sees_what_was_done_in_the_hour_and_says_whether_it_was_right(cast, page_of):
    otto, cora = page_of(cast.otto), page_of(cast.cora)
    broken_by(otto, cast.anna)
    otto.get(f"/clients/{cast.anna.pk}/documents/")
    use = GlassUse.objects.get()
    listed = cora.get("/compliance/break-glass/").content.decode()
    assert "Anna Keller" in listed
    assert WHY in listed
    address = f"/compliance/break-glass/{use.pk}/"
    page = cora.get(address).content.decode()
    assert re.findall(r'data-label="Where">([^<]*)<', page) == ["Break-glass", "Documents"]
    assert "read the documents" in page
    url = f"{address}review/"
    # More may be opened while the hour runs: so it is looked at when it is over.
    assert "review the use when it has ended" in page
    assert cora.post(url, {"verdict": "justified", "words": "Fine"}).status_code == 409
    otto.post(f"/compliance/clients/{cast.anna.pk}/break-glass/end/")
    assert "Your review" in cora.get(address).content.decode()
    assert cora.post(url, {"verdict": "not_justified", "words": ""}).status_code == 422
    said = {"verdict": "not_justified", "words": "His own client was not concerned"}
    assert cora.post(url, said).status_code == 303
    assert cora.post(url, said | {"verdict": "justified"}).status_code == 409  # once
    use.refresh_from_db()
    assert (use.verdict, use.reviewed_by) == ("not_justified", cast.cora)
    assert told("compliance.glass_to_review") == set()
    assert "Anna Keller" not in cora.get("/compliance/break-glass/").content.decode()
    reviewed = cora.get("/compliance/break-glass/?state=not_justified").content.decode()
    assert "Anna Keller" in reviewed
    assert "No use of break-glass" in cora.get("/compliance/break-glass/?state=justified").content.decode()


def test_an_overdue_review_is_shown_as_such_and_counted_on_the_desk(cast, page_of):
    break_glass(cast.anna, cast.otto, hours_ago=100, due_on=timezone.localdate() - timedelta(days=1))
    break_glass(cast.omar, cast.rita, hours_ago=2)
    cora = page_of(cast.cora)
    late = cora.get("/compliance/break-glass/?state=overdue").content.decode()
    assert ("Anna Keller" in late, "Omar Trading" in late) == (True, False)
    assert "Uses of break-glass" in cora.get("/compliance/").content.decode()


def test_an_auditor_reads_it_and_decides_nothing(cast, page_of):
    use = break_glass(cast.anna, cast.otto, hours_ago=2)
    udo = page_of(make_person("udo", Role.AUDITOR))
    assert "Your review" not in udo.get(f"/compliance/break-glass/{use.pk}/").content.decode()
    said = {"verdict": "justified", "words": "Fine"}
    assert udo.post(f"/compliance/break-glass/{use.pk}/review/", said).status_code == 403


def test_nobody_reviews_the_glass_they_broke_also_not_in_a_new_role(cast, page_of):
    use = break_glass(cast.anna, cast.otto, hours_ago=2)
    cast.otto.role = Role.COMPLIANCE
    cast.otto.save()
    said = {"verdict": "justified", "words": "I had to"}
    answer = page_of(cast.otto).post(f"/compliance/break-glass/{use.pk}/review/", said)
    assert answer.status_code == 409
    assert GlassUse.objects.get().verdict == ""


def test_nor_under_a_second_login(cast, page_of):
    use = break_glass(cast.anna, cast.otto, hours_ago=2)
    again = make_person("otto2", Role.COMPLIANCE)
    again.email = cast.otto.email.upper()
    again.save()
    page = f"/compliance/break-glass/{use.pk}/"
    assert "Nobody reviews the glass they broke" in page_of(again).get(page).content.decode()
    said = {"verdict": "justified", "words": "I had to"}
    assert page_of(again).post(f"{page}review/", said).status_code == 409
    assert GlassUse.objects.get().verdict == ""


# --- twice, and two at once ------------------------------------------------------------------------------


def test_the_button_pressed_twice_opens_one_hour(cast, page_of):
    otto = page_of(cast.otto)
    form = {"number": cast.anna.number, "reason": WHY, "form_key": "one"}
    assert [otto.post(NEW, form).status_code for _ in range(2)] == [303, 303]
    assert GlassUse.objects.count() == 1


def test_two_windows_at_once_open_one_hour(transactional_db, page_of):
    cast = make_cast()
    browsers, answers, together = [page_of(cast.otto) for _ in range(2)], [], Barrier(2)

    def press(browser):
        together.wait()
        answers.append(broken_by(browser, cast.anna).status_code)
        connection.close()

    threads = [Thread(target=press, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409]
    assert GlassUse.objects.count() == 1


# --- what it costs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("url", "most"), [("/compliance/break-glass/", 9), (NEW, 9)])
def test_the_pages_ask_little(cast, page_of, url, most, django_assert_max_num_queries):
    for at in range(5):
        break_glass(make_client(f"Client {at}", cast.rita_book), cast.otto, hours_ago=3)
    browser = page_of(cast.otto if url == NEW else cast.cora)
    browser.get(url)
    with django_assert_max_num_queries(most):
        browser.get(url)


def test_postgresql_undoes_no_use_by_itself(cast):
    """A use whose grant is gone would be a file opened without a trace."""
    use = break_glass(cast.anna, cast.otto)
    with pytest.raises(Exception, match=r"protected"), transaction.atomic():
        use.grant.delete()
    assert Client.objects.filter(pk=cast.anna.pk).exists()

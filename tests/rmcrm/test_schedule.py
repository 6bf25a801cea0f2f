"""The night shift: every tick names a task there is, in plain intervals; every rule of attention works."""

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from alerts.registry import rules
from rmcrm.celery import app
from rmcrm.schedule import RULES, TICKS, ticks


def test_every_tick_names_a_task_without_arguments():
    app.loader.import_default_modules()
    for tick in TICKS:
        assert tick.task in app.tasks, tick.task
        assert tick.why
    assert set(ticks()) == {tick.task for tick in TICKS}
    assert all(set(entry) == {"task", "schedule", "options"} for entry in ticks().values())
    assert all(entry["options"]["expires"] == entry["schedule"] for entry in ticks().values())


def test_a_rule_has_one_name_and_belongs_to_its_room():
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert list(rules()) == names


def test_the_sql_of_every_rule_gives_what_an_alert_needs(db):
    today, now = timezone.localdate(), timezone.now()
    for rule in RULES:
        with connection.cursor() as cursor:
            given = {"today": today, "now": now, "first": 0, "last": 2**62}
            cursor.execute(rule.find, given | rule.figures(today))
            columns = {column.name for column in cursor.description}
        wanted = {"client_id", "subject_id", "occurrence", "urgency", "due_on", "facts"}
        assert wanted <= columns, rule.name


def test_what_to_do_about_an_alert_is_a_page_there_is():
    for rule in RULES:
        assert reverse(rule.act.url, args=[] if rule.act.of == "" else [7]), rule.name

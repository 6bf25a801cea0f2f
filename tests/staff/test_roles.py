"""The table of roles, said again as sentences that must not change by accident."""

import pytest

from staff.night import command_line, night_shift
from staff.roles import ROLES, May, Reach, Role, may


def test_every_role_has_a_label_and_a_sentence():
    assert set(ROLES) == set(Role)
    assert all(str(spec.sentence).endswith(".") for spec in ROLES.values())


def test_every_permission_is_held_by_some_role_or_by_who_works_without_one():
    held = frozenset().union(*(spec.may for spec in ROLES.values()))
    alone = {each for each in May if night_shift().may(each) or command_line().may(each)}
    assert set(May) == held | alone


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PRODUCT])
def test_who_keeps_the_system_sees_no_client(role):
    assert ROLES[role].reach == Reach.NONE
    assert not may(role, May.CLIENTS_SEE)


def test_the_auditor_changes_nothing_of_a_client():
    assert ROLES[Role.AUDITOR].may == {
        May.VIEWS_SAVE, May.CLIENTS_SEE, May.INTERACTIONS_AUDIT, May.ACCESS_AUDIT, May.SUSPICION_REPORT,
        May.RULES_SEE, May.ACCOUNT_KEEP, May.AUDIT_EXPORT,
    }  # fmt: skip


def test_only_second_line_decides_screening_hits():
    assert {role for role in Role if may(role, May.SCREENING_DECIDE)} == {Role.COMPLIANCE, Role.MLRO}


def test_everyone_may_report_a_suspicion_and_only_the_mlro_works_it():
    assert {role for role in Role if may(role, May.SUSPICION_REPORT)} == set(Role)
    assert {role for role in Role if may(role, May.SUSPICION_WORK)} == {Role.MLRO}
    assert not night_shift().may(May.SUSPICION_WORK)


def test_only_an_administrator_ends_a_colleagues_sessions():
    assert {role for role in Role if may(role, May.SESSIONS_END)} == {Role.ADMINISTRATOR}


def test_who_keeps_the_system_asks_for_a_role_and_confirms_none():
    asks = {role for role in Role if may(role, May.PEOPLE_CHANGE)}
    assert asks == {Role.COMPLIANCE, Role.MLRO, Role.ADMINISTRATOR}
    assert {role for role in Role if may(role, May.PEOPLE_CONFIRM)} == {Role.COMPLIANCE, Role.MLRO}
    assert {role for role in Role if may(role, May.EXPORTS_CONFIRM)} == {Role.COMPLIANCE, Role.MLRO}


def test_leads_and_compliance_hand_clients_over():
    hand_over = {role for role in Role if may(role, May.CLIENTS_HAND_OVER)}
    assert hand_over == {Role.TEAM_LEAD, Role.REGIONAL_HEAD, Role.COMPLIANCE, Role.MLRO}


def test_an_unknown_role_may_nothing():
    assert not may("superuser", May.CLIENTS_SEE)


def test_the_night_shift_has_a_short_list_of_its_own():
    night = night_shift()
    assert night.may(May.ALERTS_WORK)
    assert not night.may(May.CLIENTS_EDIT)

"""Both arithmetics of ownership, against examples of the law and solvers that share no line with them."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.rules.ownership import (
    NOBODY,
    Edge,
    Graph,
    Threshold,
    beneficial_owners,
    blocked,
    chains,
    over_whole,
    percent,
    stakes,
    threshold_of,
)

QUARTER = Threshold(Fraction(1, 4))
HALF, MORE_THAN_HALF = Threshold(Fraction(1, 2)), Threshold(Fraction(1, 2), or_more=False)


def graph(*lines, blocked=(), trusts=()) -> Graph:
    """Lines "ann 50 firm"; names that begin with a small letter are persons."""
    edges = []
    for line in lines:
        owner, share, owned = line.split()
        edges.append(Edge(owner, owned, Fraction(share) / 100))
    names = {name for edge in edges for name in (edge.owner, edge.owned)}
    kinds = {name: "person" if name[0].islower() else "company" for name in names}
    return Graph(tuple(edges), kinds | dict.fromkeys(trusts, "trust"), frozenset(blocked))


def owners_of(found: Graph, entity: str = "Firm") -> dict[str, Fraction]:
    return {owner: part * 100 for owner, part in beneficial_owners(found, QUARTER)[entity].owners.items()}


# --- beneficial owners --------------------------------------------------------------------------------------


def test_shares_multiply_along_a_chain_and_add_across_chains():
    found = graph("ann 50 Top", "Top 50 Firm", "bob 30 Top", "bob 20 Firm", "cleo 20 Top", "cleo 30 Firm")
    assert owners_of(found) == {"cleo": 40, "bob": 35, "ann": 25}


def test_a_quarter_counts_and_a_hair_less_does_not():
    assert owners_of(graph("ann 25 Firm", "bob 24.999999 Firm")) == {"ann": 25}
    more = Threshold(Fraction(1, 4), or_more=False)
    assert not beneficial_owners(graph("ann 25 Firm"), more)["Firm"].owners


def test_thirds_of_thirds_are_exact():
    third = Fraction(1, 3)
    edges = (Edge("ann", "Top", third), Edge("Top", "Mid", third), Edge("Mid", "Firm", third))
    assert stakes(Graph(edges, {"ann": "person"}))["Firm"].parts["ann"] == Fraction(1, 27)


def test_every_round_of_a_circle_counts():
    """As in the demo bank: the director holds 40 of the firm, the rest through a circle open to him."""
    found = graph("Top 60 Firm", "Firm 100 Below", "Below 51 Top", "dan 49 Top", "dan 40 Firm")
    assert owners_of(found) == {"dan": 100}
    ways, complete = chains(found, "dan", "Firm")
    assert complete
    assert [way.sum_shown for way in ways] == ["40 %", "49 % × 60 % = 29.4 %"]
    assert found.circles == [["Top", "Firm", "Below"]]
    assert beneficial_owners(found, QUARTER)["Firm"].circle == 0


def test_a_circle_that_nobody_owns_belongs_to_nobody_and_is_told():
    found = graph("A 100 B", "B 100 A", "A 60 Firm", "ann 40 Firm")
    answer = beneficial_owners(found, QUARTER)
    assert (answer["Firm"].owners, answer["Firm"].circle) == ({"ann": Fraction(2, 5)}, Fraction(3, 5))
    assert answer["Firm"].is_opaque(QUARTER)
    assert (answer["A"].nobody, answer["A"].circle) == (True, 1)


def test_what_no_line_tells_of_and_firms_nobody_stands_behind_are_told():
    found = beneficial_owners(graph("ann 30 Firm", "Letterbox 45 Firm"), QUARTER)["Firm"]
    assert (found.ends, found.untold) == ({"Letterbox": Fraction(45, 100)}, Fraction(25, 100))
    assert found.is_opaque(QUARTER)
    assert not beneficial_owners(graph("ann 80 Firm"), QUARTER)["Firm"].is_opaque(QUARTER)


def test_without_an_owner_the_officials_are_asked_for():
    assert beneficial_owners(graph("ann 20 Firm", "bob 20 Firm"), QUARTER)["Firm"].nobody


def test_everyone_behind_a_trust_counts_by_role_once_the_trust_reaches_the_threshold():
    roles = (
        Edge("sue", "Trust", Fraction(0), "settlor"),
        Edge("Trustee AG", "Trust", Fraction(0), "trustee"),
        Edge("tom", "Trustee AG", Fraction(1)),
        Edge("ben", "Trust", Fraction(0), "beneficiary"),
    )
    kinds = {"Trust": "trust", "sue": "person", "tom": "person", "ben": "person"}
    for share, named in ((Fraction(25), ["sue", "tom", "ben"]), (Fraction(24), [])):
        edges = (*roles, Edge("Trust", "Firm", share / 100))
        answer = beneficial_owners(Graph(edges, kinds), QUARTER)
        assert [each.owner for each in answer["Firm"].by_role] == named
        assert [each.role for each in answer["Trust"].by_role] == ["settlor", "trustee", "beneficiary"]
        assert not answer["Trust"].ends


def test_two_trusts_that_are_behind_each_other_end_somewhere():
    edges = (
        Edge("One", "Two", Fraction(0), "beneficiary"),
        Edge("Two", "One", Fraction(0), "beneficiary"),
        Edge("ann", "Two", Fraction(0), "settlor"),
    )
    found = beneficial_owners(Graph(edges, {"One": "trust", "Two": "trust", "ann": "person"}), QUARTER)
    assert {each.owner for each in found["One"].by_role} == {"ann"}


def test_the_stricter_of_default_and_country_judges():
    figures = {
        "threshold": {"percent": "25", "or_more": True},
        "countries": {"GB": {"percent": "25", "or_more": False}, "IN": {"percent": "10", "or_more": False}},
    }
    assert threshold_of(figures, ["GB"]).words == "25 % or more"
    assert threshold_of(figures, ["GB", "IN"]).words == "more than 10 %"
    assert threshold_of(figures, ["CH"]).country == ""


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(1, 4), "25 %"),
        (Fraction(1, 3), "33.3333 %"),
        (Fraction(2499999, 10000000), "24.99999 %"),
        (Fraction(294, 1000), "29.4 %"),
        (Fraction(1), "100 %"),
        (Fraction(0), "0 %"),
    ],
)
def test_a_percentage_is_never_shown_as_a_round_one_that_it_is_not(share, shown):
    assert percent(share) == shown


def test_a_chain_longer_than_pythons_stack_is_walked():
    edges = [Edge("ann", "F0", Fraction(1))] + [Edge(f"F{n}", f"F{n + 1}", Fraction(1)) for n in range(3_000)]
    assert stakes(Graph(tuple(edges), {"ann": "person"}))["F3000"].parts == {"ann": 1}


# --- the 50 percent rule: the examples of OFAC's FAQ 401 ------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "ofac", "eu"),
    [
        (["x 50 A", "A 50 B"], {"A", "B"}, set()),
        (["x 51 A", "A 51 B"], {"A", "B"}, {"A", "B"}),
        (["x 50 A", "x 50 B", "A 25 C", "B 25 C"], {"A", "B", "C"}, set()),
        (["x 50 A", "A 50 B", "x 25 C", "B 25 C"], {"A", "B", "C"}, set()),
        (["x 25 A", "x 25 B", "A 50 C", "B 50 C"], set(), set()),
        (["x 50 A", "x 10 B", "A 40 B"], {"A", "B"}, set()),
        (["x 25 A", "y 25 A"], {"A"}, set()),
        (["x 25 A", "y 26 A"], {"A"}, {"A"}),
        (["x 49 A"], set(), set()),
        (["A 100 B", "B 100 A"], set(), set()),  # a circle blocks nobody by itself
        (["x 50 A", "B 50 A", "A 50 B"], {"A", "B"}, set()),
    ],
)
def test_who_is_blocked_by_ownership(lines, ofac, eu):
    found = graph(*lines, blocked=["x", "y"])
    listed = {"x", "y"} & set(found.nodes)
    assert set(blocked(found, HALF)) == ofac | listed
    assert set(blocked(found, MORE_THAN_HALF)) == eu | listed


def test_why_one_is_blocked_is_told():
    why = blocked(graph("x 30 A", "y 20 A", "z 50 A", blocked=["x", "y"]), HALF)["A"]
    assert why.because == {"x": Fraction(3, 10), "y": Fraction(1, 5)}
    assert why.sentence(HALF) == (
        "x (30 %) and y (20 %) are blocked and own together 50 % of it: owned to 50 % or more by blocked"
        " persons, it counts as blocked too."
    )
    circle = blocked(graph("x 60 A", "A 100 B", "B 40 A", blocked=["x"]), HALF)
    assert circle["A"].because == {"x": Fraction(3, 5)}, "B is blocked only by A"
    assert circle["B"].because == {"A": Fraction(1)}
    beside = blocked(graph("x 50 A", "x 50 C", "C 40 A", blocked=["x"]), HALF)
    assert beside["A"].because == {"x": Fraction(1, 2), "C": Fraction(2, 5)}
    alone = blocked(graph("x 60 A", blocked=["x"]), HALF)
    assert alone["A"].sentence(HALF).startswith("x (60 %) is blocked and owns that much of it")
    assert alone["x"].sentence(HALF) == "On the list itself."


def test_what_leads_to_the_client_no_more_is_not_around_it():
    """Eve holds Sub with Firm: drawn. Dan still holds Old, which holds nothing of Firm any more: not."""
    whole = graph("Dan 60 Firm", "Dan 100 Old", "Bob 40 Old", "Firm 51 Sub", "Eve 49 Sub", "Kin 100 Kith")
    around = whole.around("Firm")
    assert {(edge.owner, edge.owned) for edge in around.edges} == {
        ("Dan", "Firm"), ("Firm", "Sub"), ("Eve", "Sub"),
    }  # fmt: skip
    assert set(around.nodes) == {"Dan", "Firm", "Sub", "Eve"}


# --- against brute force ------------------------------------------------------------------------------------

NAMES = ["ann", "bob", "A", "B", "C", "D", "E"]


@st.composite
def graphs(draw) -> Graph:
    """Any shape on seven nodes, often with circles, sometimes closed ones."""
    edges = []
    for owned in NAMES[2:]:
        left = 100
        for owner in draw(st.permutations(NAMES)):
            if owner != owned and left and draw(st.booleans()):
                share = draw(st.sampled_from([s for s in (5, 10, 25, 30, 50, 51, 100, left) if s <= left]))
                left -= share
                edges.append(Edge(owner, owned, Fraction(share, 100)))
    kinds = {name: "person" if name.islower() else "company" for name in NAMES}
    return Graph(tuple(edges), kinds, frozenset(draw(st.sets(st.sampled_from(NAMES), max_size=3))))


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_stakes_are_what_an_endless_walk_up_the_chains_finds(found):
    """A walk from an entity to an owner by its share, 2^17 steps long: where it stands is who owns."""
    step = [[0.0] * (len(NAMES) + 1) for _ in range(len(NAMES) + 1)]  # the last column: nobody named
    for edge in found.edges:
        step[NAMES.index(edge.owned)][NAMES.index(edge.owner)] += float(edge.share)
    for at, row in enumerate(step):
        owned = at < len(NAMES) and any(row)
        row[len(NAMES)] += 1 - sum(row) if owned else 0
        if not owned:
            row[at] = 1
    for _ in range(17):  # more only adds what floats round
        step = [
            [sum(row[k] * step[k][j] for k in range(len(step))) for j in range(len(step))] for row in step
        ]
    answer = stakes(found)
    assert set(answer) == {edge.owned for edge in found.edges}
    for entity, stake in answer.items():
        walked = dict(zip([*NAMES, NOBODY], step[NAMES.index(entity)], strict=True))
        for owner, part in walked.items():
            if owner not in answer:  # who is owned is passed through; in a closed circle the walk never ends
                assert float(stake.parts.get(owner, 0)) == pytest.approx(part, abs=1e-6)
        assert sum(stake.parts.values()) + stake.circle == 1
        assert float(stake.circle) == pytest.approx(
            sum(part for owner, part in walked.items() if owner in answer), abs=1e-6
        )


@given(graphs())
@settings(max_examples=40, deadline=None)
def test_chains_add_up_to_the_stake_where_nothing_goes_round(found):
    for entity, stake in stakes(found).items():
        for owner in ("ann", "bob"):
            ways, complete = chains(found, owner, entity)
            total = sum((way.product for way in ways), Fraction(0))
            part = stake.parts.get(owner, Fraction(0))
            assert complete
            assert total <= part
            assert total == part or found.circles


@given(graphs(), st.sampled_from([HALF, MORE_THAN_HALF]))
@settings(max_examples=60, deadline=None)
def test_blocked_is_the_smallest_set_that_keeps_the_rule(found, rule):
    """Of all sets that hold the listed ones and whoever they make blocked, what is common to all."""
    smallest = set(NAMES)
    for size in range(len(NAMES) + 1):
        for chosen in map(set, combinations(NAMES, size)):
            keeps = found.blocked <= chosen and all(
                name in chosen
                or not rule.is_reached(
                    sum(
                        (edge.share for edge in found.edges if edge.owned == name and edge.owner in chosen),
                        Fraction(0),
                    )
                )
                for name in NAMES[2:]
            )
            if keeps:
                smallest &= chosen
    assert set(blocked(found, rule)) & set(found.nodes) == smallest & set(found.nodes)


def test_more_than_the_whole_is_named():
    found = graph("ann 60 Firm", "bob 41 Firm", "ann 100 Top")
    assert over_whole(found.edges) == {"Firm": Fraction(101, 100)}


def test_trusts_that_all_stand_behind_each_other_are_asked_once_each():
    """Fourteen of them have more ways through each other than a day has seconds."""
    trusts = [f"Trust{place}" for place in range(14)]
    pairs = [(one, other) for one in trusts for other in trusts if one != other]
    edges = [Edge(one, other, Fraction(0), "trustee") for one, other in pairs]
    edges.append(Edge("ann", "Trust0", Fraction(0), "settlor"))
    found = Graph(tuple(edges), dict.fromkeys(trusts, "trust") | {"ann": "person"}, frozenset())
    roles = beneficial_owners(found, QUARTER)["Trust1"].by_role
    assert {(each.owner, each.role) for each in roles if each.trust == "Trust1"} == {("ann", "trustee")}

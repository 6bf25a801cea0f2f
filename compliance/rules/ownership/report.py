"""Both results of a graph as plain data and as text, for who recomputes a case."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from compliance.rules.ownership.blocking import SAID_IN, Blocked, blocked
from compliance.rules.ownership.graph import Graph, Node, percent
from compliance.rules.ownership.shares import Owners, Threshold, beneficial_owners, chains

MOST_CHAINS = 50


def report(graph: Graph, threshold: Threshold, sanctions: Mapping[str, Threshold]) -> dict[str, Any]:
    return {
        "threshold": {
            "percent": _figure(threshold.share),
            "or_more": threshold.or_more,
            "country": threshold.country,
        },
        "entities": [
            _entity(graph, each, threshold) for each in beneficial_owners(graph, threshold).values()
        ],
        "blocked": {
            name: [_blocked(each, rule) for each in blocked(graph, rule).values()]
            for name, rule in sanctions.items()
        },
        "circles": graph.circles,
    }


def _entity(graph: Graph, found: Owners, threshold: Threshold) -> dict[str, Any]:
    return {
        "entity": found.entity,
        "kind": graph.kind(found.entity),
        "beneficial_owners": [
            _owner(graph, owner, part, found.entity) for owner, part in found.owners.items()
        ],
        "by_trust_role": [
            {
                "owner": each.owner,
                "role": each.role,
                "trust": each.trust,
                "trust_percent": _figure(each.share),
            }
            for each in found.by_role
        ],
        "below_threshold": [
            {"owner": owner, "percent": _figure(part), "fraction": str(part)}
            for owner, part in found.others.items()
        ],
        "ends": [
            {"owner": owner, "kind": graph.kind(owner), "percent": _figure(part)}
            for owner, part in found.ends.items()
        ],
        "untold_percent": _figure(found.untold),
        "circle_percent": _figure(found.circle),
        "opaque": found.is_opaque(threshold),
        "sentence": sentence_of(found, threshold),
    }


def _owner(graph: Graph, owner: Node, part: Fraction, entity: Node) -> dict[str, Any]:
    ways, all_of_them = chains(graph, owner, entity, MOST_CHAINS)
    rest = part - sum((way.product for way in ways), Fraction(0))
    return {
        "owner": owner,
        "percent": _figure(part),
        "fraction": str(part),
        "circle_percent": _figure(rest) if all_of_them else None,
        "all_chains": all_of_them,
        "chains": [
            {
                "nodes": list(way.nodes),
                "shares": [_figure(share) for share in way.shares],
                "percent": _figure(way.product),
                "shown": way.sum_shown,
            }
            for way in ways
        ],
    }


def sentence_of(found: Owners, threshold: Threshold) -> str:
    """What the law makes of it, in a sentence."""
    if not found.nobody:
        count = len({*found.owners, *(each.owner for each in found.by_role)})
        return f"{count} beneficial owner{'' if count == 1 else 's'}."
    why = f"No person holds {threshold.words}"
    if found.circle:
        why += f"; {percent(found.circle)} are owned by nobody but the circle itself"
    return f"{why}: the senior managing officials are named as beneficial owners (AMLR Art. 22(2), 63(4))."


def missing_owners(named: bool, over: bool, owners: int, officials: int) -> list[str]:
    """What stands in the way of opening a company or trust (EU AMLR Art. 20(1)(b), 22(2))."""
    if over:
        return ["Owners hold more than 100 percent together: mend the shares."]
    if not named:
        return ["No owner is recorded: no beneficial owner is identified."]
    if not owners and not officials:
        return ["No beneficial owner is identified, and no director stands on the file in their place."]
    return []


def warnings_of(found: Owners, threshold: Threshold) -> list[str]:
    """What an officer weighs: where a beneficial owner could hide, and circles."""
    warnings = []
    if found.circle:
        warnings.append(f"{percent(found.circle)} are owned by nobody: their owners own each other.")
    if found.is_opaque(threshold):
        warnings.append(f"{percent(found.unknown)} lead to no person: a beneficial owner could stand behind.")
    return warnings


def _blocked(each: Blocked, rule: Threshold) -> dict[str, Any]:
    if each.is_listed:
        return {
            "entity": each.node,
            "listed": True,
            "percent": None,
            "because": [],
            "sentence": each.sentence(rule),
        }
    return {
        "entity": each.node,
        "listed": False,
        "percent": _figure(each.share),
        "because": [{"owner": owner, "percent": _figure(share)} for owner, share in each.because.items()],
        "sentence": each.sentence(rule),
    }


def _figure(share: Fraction) -> float:
    return round(float(share * 100), 10)


def report_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """The same as text. Blanks at the beginning show what belongs to what."""
    threshold = told["threshold"]
    bound = f"{threshold['percent']:g} %"
    yield (
        f"Beneficial owners: {bound + ' or more' if threshold['or_more'] else 'more than ' + bound}"
        f" (rule pack ownership, version {told['pack_version']}, on {told['on']})"
    )
    for entity in told["entities"]:
        yield ""
        yield f"{entity['entity']} ({entity['kind']}): {entity['sentence']}"
        for owner in entity["beneficial_owners"]:
            yield f"  {owner['owner']}  {owner['percent']:.10g} %"
            yield from (f"    {' > '.join(way['nodes'])}: {way['shown']}" for way in owner["chains"])
            if owner["circle_percent"]:
                yield f"    and round the circle again: {owner['circle_percent']:.10g} %"
            if not owner["all_chains"]:
                yield "    and more chains"
        for each in entity["by_trust_role"]:
            held = f"which holds {each['trust_percent']:.10g} %"
            yield f"  {each['owner']}  {each['role']} of {each['trust']}, {held}"
        for each in entity["below_threshold"]:
            yield f"  below: {each['owner']}  {each['percent']:.10g} %"
        for each in entity["ends"]:
            yield f"  nobody behind: {each['owner']} ({each['kind']})  {each['percent']:.10g} %"
        if entity["untold_percent"]:
            yield f"  held by nobody named: {entity['untold_percent']:.10g} %"
        if entity["circle_percent"]:
            yield f"  owned by nobody but the circle: {entity['circle_percent']:.10g} %"
    for name, rows in told["blocked"].items():
        yield ""
        yield f"Blocked by {SAID_IN.get(name, name.upper())}:{'' if rows else ' nobody'}"
        for row in rows:
            yield f"  {row['entity']}: {row['sentence']}"
            yield from (f"    {each['owner']} holds {each['percent']:.10g} %" for each in row["because"])
    for circle in told["circles"]:
        yield ""
        yield f"They own each other: {', '.join(circle)}"

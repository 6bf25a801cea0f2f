"""manage.py calibrate_screening PAIRS.csv: how well the scorer judges labelled pairs of names."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from compliance.management.reading import rows_of
from compliance.rules import screening as rules
from rulebook.selectors import pack

JUDGED = {
    **dict.fromkeys(("match", "yes", "true", "1"), True),
    **dict.fromkeys(("nomatch", "no match", "no_match", "no", "false", "0"), False),
}


class Command(BaseCommand):
    help = "Judge pairs of names (columns query, candidate, expected, source) and say how often rightly."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pairs", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, pairs: Path, as_json: bool, **_: object) -> None:
        figures = pack("kyc", timezone.localdate())
        threshold = int(figures["screening_threshold"])
        counts: dict[str, dict[str, int]] = defaultdict(lambda: {"tp": 0, "fp": 0, "fn": 0, "tn": 0})
        wrong, bad, skipped = [], [], 0
        for line, row, why in rows_of(pairs, ("query", "candidate", "expected")):
            if why:
                bad.append({"line": line, "why": why})
                continue
            expected = row["expected"].lower()
            if expected.startswith("score"):  # what another engine gives says nothing about right or wrong
                skipped += 1
                continue
            if expected not in JUDGED or not row["query"] or not row["candidate"]:
                bad.append({"line": line, "why": _why(row)})
                continue
            score = rules.points_between(row["query"], row["candidate"])
            found, right = score >= threshold, JUDGED[expected]
            cell = ("t" if found == right else "f") + ("p" if found else "n")
            for which in ("", row.get("source") or "(none)"):
                counts[which][cell] += 1
            if found != right:
                names = {key: row[key] for key in ("query", "candidate", "expected")}
                wrong.append({"line": line, **names, "score": score})
        if "" not in counts:
            raise CommandError(f"{pairs} holds no pair that says match or nomatch.")
        told = {
            "threshold": threshold,
            "pack_version": figures.version,
            "scorer": rules.SCORER,
            **_quality(counts.pop("")),
            "reference_scores": skipped,
            "bad_rows": bad,
            "sources": {source: _quality(each) for source, each in sorted(counts.items())},
            "wrong": wrong,
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False) if as_json else _as_text(told))


def _why(row: dict[str, str]) -> str:
    if not row["query"] or not row["candidate"]:
        return "a name is missing"
    return f"expected is “{row['expected'][:40]}”, not match or nomatch"


def _quality(cells: dict[str, int]) -> dict[str, Any]:
    hit, false, missed = cells["tp"], cells["fp"], cells["fn"]
    return {
        "pairs": sum(cells.values()),
        **cells,
        "precision": round(hit / (hit + false), 4) if hit + false else 0.0,
        "recall": round(hit / (hit + missed), 4) if hit + missed else 0.0,
        "f1": round(2 * hit / (2 * hit + false + missed), 4) if hit + false + missed else 0.0,
    }


def _as_text(told: dict[str, Any]) -> str:
    head = f"{'source':34} {'pairs':>6} {'precision':>10} {'recall':>7} {'f1':>7}"
    rows = [("all", told), *told["sources"].items()]
    lines = [
        f"Scorer {told['scorer']}, threshold {told['threshold']} (kyc pack {told['pack_version']})",
        head,
    ]
    lines += [
        f"{name[:34]:34} {each['pairs']:6} {each['precision']:10.3f} {each['recall']:7.3f} {each['f1']:7.3f}"
        for name, each in rows
    ]
    lines += [f"{told['reference_scores']} rows with a reference score were not judged."]
    lines += [f"Line {each['line']}: {each['why']}." for each in told["bad_rows"]]
    for each in told["wrong"]:
        pair = f"{each['query']} | {each['candidate']}"
        lines.append(f"Line {each['line']}: {each['score']}, expected {each['expected']}: {pair}")
    return "\n".join(lines)

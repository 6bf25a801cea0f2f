"""Hits that were found before countries were told by name are told so too: "RU" is "Russia" wherever it reads.

What was decided stays as it was read then: the snapshots of steps are sealed.
"""

import re

from django.db import migrations

from rulebook.rules.figures import country_name

CODES = re.compile(r"(the country (?:agrees|differs): )([A-Z]{2}(?:(?:, | / )[A-Z]{2})*)(?=[;.])")


def in_words(sentence):
    """As the scorer writes it today; what is told by name already stays."""

    def told(found):
        sides = [sorted(map(country_name, side.split(", "))) for side in found[2].split(" / ")]
        return found[1] + " / ".join(", ".join(side) for side in sides)

    return CODES.sub(told, sentence)[:500]


def tell(apps, schema_editor):
    hits = apps.get_model("compliance", "ScreeningHit").objects
    coded = hits.filter(sentence__regex="the country (agrees|differs): [A-Z]{2}[,;. ]").only("sentence")
    for hit in coded.iterator(1000):
        hits.filter(pk=hit.pk).update(sentence=in_words(hit.sentence))


class Migration(migrations.Migration):
    dependencies = [("compliance", "0025_a_decision_names_its_paper")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]

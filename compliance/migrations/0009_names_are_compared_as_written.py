"""The folded form of a listed name and its trigram index: nothing has read them since names are compared word by word."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("compliance", "0008_a_party_waits_once_for_its_first_comparison")]

    operations = [
        migrations.RemoveIndex(model_name="listedname", name="listed_name_trigrams"),
        migrations.RemoveField(model_name="listedname", name="folded"),
    ]

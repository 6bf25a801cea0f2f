"""The folded form of a listed name and its trigram index: nothing has read them since names are compared word by word."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("compliance", "0009_the_officers_desk")]

    operations = [
        migrations.RemoveIndex(model_name="listedname", name="listed_name_trigrams"),
        migrations.RemoveField(model_name="listedname", name="folded"),
    ]

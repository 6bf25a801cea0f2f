"""What is agreed with a client and what joint holders said of an office are facts: a rating finds them years later."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from audit.history import with_field_history


class Migration(migrations.Migration):
    dependencies = [("compliance", "0021_the_most_alike_hits_are_found_in_order")]
    operations = [
        migrations.AddField(
            "kycfile", "products", ArrayField(models.CharField(max_length=20), default=list, db_default=[])
        ),
        migrations.AddField(
            "kycfile", "pep_holders", ArrayField(models.BigIntegerField(), default=list, db_default=[])
        ),
        with_field_history("compliance_kycfile", without=("screened_at",)),
    ]

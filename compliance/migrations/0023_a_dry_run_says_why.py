from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0022_products_and_joint_holders_are_rated")]
    operations = [
        migrations.AddField("dryrunrow", "of_screening", models.BooleanField(default=False)),
        migrations.AddField(
            "dryrunrow", "points_before", models.DecimalField(max_digits=8, decimal_places=2, null=True)
        ),
        migrations.AddField("dryrunrow", "why", models.JSONField(default=list)),
    ]

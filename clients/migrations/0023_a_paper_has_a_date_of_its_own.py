"""A paper has a date of its own: some count from the day on which they were issued."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0022_contacts_are_counted_by_book")]
    operations = [
        migrations.AddField(
            model_name="document",
            name="issued_on",
            field=models.DateField(blank=True, null=True, verbose_name="issued on"),
        ),
    ]

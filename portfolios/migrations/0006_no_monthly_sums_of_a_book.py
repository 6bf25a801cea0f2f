from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0005_mandates_are_kept_as_they_stood")]
    operations = [migrations.DeleteModel(name="BookFigure")]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0019_a_file_has_one_main_party_again")]

    operations = [
        migrations.RemoveIndex("client", "client_segment_value"),
        migrations.AddIndex(
            "client",
            models.Index(
                fields=["segment", "value", "id"], include=["book", "barrier"], name="client_segment_value"
            ),
        ),
    ]

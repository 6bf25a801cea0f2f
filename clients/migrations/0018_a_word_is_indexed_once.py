from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("clients", "0017_how_much_a_person_sends_in_a_day")]

    # Django gives a text that is a primary key the same index by itself (clients_searchword_word_…_like).
    operations = [migrations.RemoveIndex("searchword", "search_word_prefix")]

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name='FieldKey',
            fields=[
                ('name', models.CharField(max_length=16, primary_key=True, serialize=False)),
                ('fingerprint', models.CharField(max_length=32)),
                ('known_since', models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]

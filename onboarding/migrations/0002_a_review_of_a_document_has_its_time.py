from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('onboarding', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='requireddocument',
            name='reviewed_at',
            field=models.DateTimeField(null=True),
        ),
    ]

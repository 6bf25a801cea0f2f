from django.db import migrations

from clients.wall import behind_the_wall, of_the_whole_bank


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0006_how_long_papers_may_be_missing"),
        ("clients", "0010_the_second_wall"),
    ]
    operations = [
        behind_the_wall(
            "onboarding_holderfacts",
            "onboarding_importedclient",
            "onboarding_onboarding",
            "onboarding_plannedaccount",
            "onboarding_possibleduplicate",
            "onboarding_requireddocument",
            "onboarding_selfcertification",
        ),
        # A file of clients who are not clients yet: for who may import it, who sees every book.
        behind_the_wall(
            "onboarding_clientimport",
            "onboarding_importproblem",
            "onboarding_stagedclient",
            seen=of_the_whole_bank,
        ),
    ]

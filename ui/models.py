"""What is remembered about answering requests: nothing but which form was already answered."""

from django.db import models


class Answer(models.Model):
    """The answer to one form or API call that carried a key, so that sending it twice does it once."""

    person_id = models.BigIntegerField()
    key = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)  # API only; a page is shown anew instead
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "key"], name="a_key_is_answered_once_per_person")
        ]

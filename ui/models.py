"""What is remembered about answering requests: nothing but which form was already answered."""

from django.db import connection, models


class AnswerManager(models.Manager["Remembered"]):
    def begin(self, person_id: int, key: str, body_hash: str) -> "Remembered | None":
        """A fresh row to fill; None when this key is answered. Waits for one under way. 1 query."""
        with connection.cursor() as cursor:
            cursor.execute(self._into(_BEGIN), [person_id, key, body_hash])
            row = cursor.fetchone()
        return self.model(pk=row[0], person_id=person_id, key=key, body_hash=body_hash) if row else None

    def finish(self, answer: "Remembered") -> None:
        """Keep what was answered. 1 query."""
        with connection.cursor() as cursor:
            cursor.execute(self._into(_FINISH), [answer.status, answer.location, answer.body, answer.pk])

    def _into(self, statement: str) -> str:
        return statement.format(table=self.model._meta.db_table)


_BEGIN = """
INSERT INTO {table} (person_id, key, body_hash, status, location, body, at)
VALUES (%s, %s, %s, 0, '', '', now()) ON CONFLICT (person_id, key) DO NOTHING RETURNING id
"""
_FINISH = "UPDATE {table} SET status = %s, location = %s, body = %s WHERE id = %s"


class Remembered(models.Model):
    """The answer to one form or API call that carried a key, so that sending it twice does it once."""

    person_id = models.BigIntegerField()
    key = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)  # API only; a page is shown anew instead
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = AnswerManager()

    class Meta:
        abstract = True


class Answer(Remembered):
    """Where all rooms keep them, but for the one that keeps its own."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "key"], name="a_key_is_answered_once_per_person")
        ]

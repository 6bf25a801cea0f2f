"""Which keys the database knows: their names and fingerprints, never the keys."""

from django.db import models


class FieldKey(models.Model):
    """A key by which values here were written. A process with another key of this name does not start.

    `bin/manage rotate_keys` takes a key from here when no value hangs on it any more: then it may go.
    """

    name = models.CharField(max_length=16, primary_key=True)
    fingerprint = models.CharField(max_length=32)
    known_since = models.DateTimeField(auto_now_add=True)

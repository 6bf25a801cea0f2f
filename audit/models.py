"""What happened: append-only, a row hash each, a partition a month. No foreign key into live data."""

from django.db import models


class AuditEvent(models.Model):
    """One thing a person (or the night shift) did, saw or was denied.

    The table is made by SQL in the first migration: partitioned by `at`, UPDATE, DELETE and TRUNCATE blocked,
    `row_hash` and `xid` set by a trigger. Payloads hold ids, codes and counts, never a client's name.
    """

    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    by_id = models.BigIntegerField(null=True)
    by_login = models.CharField(max_length=150, blank=True)
    by_role = models.CharField(max_length=30, blank=True)
    path = models.CharField(max_length=200, blank=True)  # by which right: "owner of book 7", "compliance"
    why = models.CharField(max_length=500, blank=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    client_id = models.BigIntegerField(null=True)
    source = models.CharField(
        max_length=200, blank=True
    )  # "GET clients:file", "job 12", "manage import_bank"
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=36, blank=True)
    payload = models.JSONField(default=dict)
    row_hash = models.BinaryField(editable=False)

    class Meta:
        managed = False
        db_table = "audit_event"

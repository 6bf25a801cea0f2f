"""The compartment's own audit: who wrote, saw and decided what, where nobody else looks."""

from functools import partial

from audit.record import record as _record

# Called like audit.record.record; of what happens here nothing is written there.
record = partial(_record, into="suspicion_event")

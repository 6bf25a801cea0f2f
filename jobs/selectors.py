"""What is known about a job."""

from jobs.models import Job, State


def job_of(person_id: int, job_id: int) -> Job | None:
    """A job this person asked for. 1 query."""
    return Job.objects.filter(pk=job_id, person_id=person_id).first()


def is_uncertain(key: str) -> bool:
    """Did this job end in doubt? 1 query."""
    return Job.objects.filter(key=key, state=State.UNCERTAIN).exists()

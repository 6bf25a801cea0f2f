"""The ways to say no; rmcrm.middleware.Answers turns each into its page."""

from collections.abc import Iterable


class NotVisible(Exception):
    """Missing or foreign, nobody learns which: 404. `subject` ("clients.Client 7") is for the audit alone."""

    def __init__(self, subject: str = "") -> None:
        super().__init__(subject)
        self.subject = subject


class NotPermitted(Exception):
    """Seen, but not this person's to do: 403."""

    def __init__(self, permission: str, sentence: str = "") -> None:
        super().__init__(permission)
        self.permission = permission
        self.sentence = sentence


class Unconfirmed(Exception):
    """Permitted, but the session must first show anew who sits before it: to the page that asks, and back."""


class Refused(Exception):
    """Permitted, but a rule of the business forbids it now: 409 with the sentences.

    `noted`: what was tried, for the audit, where trying it is worth an event of its own.
    `onward`: the URL name of the page where one may do something about it.
    """

    def __init__(self, sentences: Iterable[str], noted: str = "", onward: str = "") -> None:
        self.sentences, self.noted, self.onward = list(sentences), noted, onward
        super().__init__(" ".join(self.sentences))


def refuse_if(sentences: Iterable[str], noted: str = "", onward: str = "") -> None:
    """Raise Refused with these sentences, unless there are none."""
    if sentences := list(sentences):
        raise Refused(sentences, noted, onward)

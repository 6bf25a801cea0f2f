"""What a search asks for and how near a name comes to it. Pure: no Django, no database."""

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from clients.words import fold, key_of

MOST_WORDS = 6  # nobody searches for more, and each costs a look into the dictionary
SHORTEST_KEY = 3
LEAST_SIGNS = 5  # no paper has a shorter number
# A phone typed as at home: 044 … is 41 44 … in Zurich, 49 44 … in Germany. The bank's neighbours and London.
CALLING_CODES = ("41", "423", "49", "43", "33", "39", "44", "352", "377", "420", "34", "31", "32")


def asked_words(text: str) -> list[str]:
    """The folded words of a query in their order: the last one may be half typed."""
    return list(dict.fromkeys(fold(text).split()))[:MOST_WORDS]


def asked_keys(text: str) -> list[str]:
    """The beginnings of phone numbers, account numbers or addresses that were meant, [] if it is a name."""
    key = key_of(text)
    if "@" in key:
        return [key] if len(key) > SHORTEST_KEY else []
    if len(key) < SHORTEST_KEY or sum(sign.isdigit() for sign in key) < SHORTEST_KEY:
        return []
    if not key.isdigit() or not key.startswith("0"):
        return [key]
    if key.startswith("00"):
        return [key[2:]] if len(key) - 2 >= SHORTEST_KEY else []
    return [key, *(code + key[1:] for code in CALLING_CODES)]


def may_be_a_whole_number(text: str) -> bool:
    """Of an account, a paper, a taxpayer: what is encrypted is found by nothing less than the whole of it."""
    return (
        "@" not in text and sum(map(str.isdigit, text)) >= SHORTEST_KEY and len(key_of(text)) >= LEAST_SIGNS
    )


def typos_allowed(word: str) -> int:
    """How many letters of a word may be wrong: none in a short word or a number."""
    if len(word) < 4 or word.isdigit():
        return 0
    return 1 if len(word) < 6 else 2


def least_similarity(words: Iterable[str]) -> float:
    """The lowest trigram similarity at which a word with its typos can still stand in the dictionary.

    One wrong letter inside a word of n leaves n-2 of n+4 trigrams, two swapped letters n-3 of n+5.
    """
    return min((0.2 if len(word) < 6 else 0.25 for word in words), default=1.0)


def near_words(asked: str, words: Iterable[str], limit: int = 12) -> list[str]:
    """The nearest of `words` within the typos allowed, nearest first."""
    allowed = typos_allowed(asked)
    far = ((OSA.distance(asked, word, score_cutoff=allowed), word) for word in words)
    return [word for distance, word in sorted(far) if distance <= allowed][:limit]


def word_score(asked: str, word: str) -> float:
    """100 for the same word, 80 to 99 for its beginning, below 80 for a typo, 0 for another word."""
    if asked == word:
        return 100
    if word.startswith(asked):
        return 80 + 19 * len(asked) / len(word)
    distance = OSA.distance(asked, word, score_cutoff=typos_allowed(asked))
    return 0 if distance > typos_allowed(asked) else 75 - 20 * distance + len(asked) / 10


def name_score(asked: Sequence[str], words: Sequence[str]) -> float:
    """How well the words of a name answer all words asked: 0 when one of them is not there at all."""
    best = _best_scores(asked, words)
    if not best or min(best) == 0:
        return 0
    return sum(best) / len(best) - 0.1 * abs(len(words) - len(asked))


def is_misspelt(asked: Sequence[str], words: Sequence[str]) -> bool:
    """Was this name found only because typos are forgiven?"""
    return min(_best_scores(asked, words), default=0) < 80


def _best_scores(asked: Sequence[str], words: Sequence[str]) -> list[float]:
    return [max((word_score(each, word) for word in words), default=0) for each in asked]

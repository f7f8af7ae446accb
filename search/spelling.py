"""Words that are nearly like one that nobody wrote: "did you mean".

Two words that differ in a letter or two share most of their grams, which are runs of
neighbouring letters; a plain table of them finds the few words worth comparing letter by
letter, alike on every database. Korean syllables are taken apart first: there a typing error
is a wrong letter within one.
"""

import unicodedata
from collections.abc import Collection

from django.db.models import Count

from search.models.index import Gram, Word

# Words of up to so many letters are known by runs of two as well, others by three only.
SHORT = 5
# The words that share most with what was written, which are then compared.
MOST_COMPARED = 60
AT_ONCE = 2_000


def learn(locale: int, words: Collection[str]) -> None:
    """Know these words from now on. A few queries, whatever their number."""
    new = [word for word in sorted(words) if word]
    for start in range(0, len(new), AT_ONCE):
        _learn(locale, new[start : start + AT_ONCE])


def _learn(locale: int, words: list[str]) -> None:
    known = set(Word.objects.filter(locale=locale, word__in=words).values_list("word", flat=True))
    new = [word for word in words if word not in known]
    if not new:
        return
    Word.objects.bulk_create(
        [Word(locale_id=locale, word=word) for word in new], ignore_conflicts=True
    )
    # With conflicts ignored, no database says which keys it gave. A rival that learnt the
    # same word at the same moment may have written its grams too: then they count double.
    rows = Word.objects.filter(locale=locale, word__in=new)
    Gram.objects.bulk_create(
        [Gram(gram=gram, word=row) for row in rows for gram in sorted(_grams(row.word))],
        batch_size=AT_ONCE,
    )


def similar(word: str, locale: int) -> list[str]:
    """Known words that ``word`` may have meant, the most likely first."""
    letters = _letters(word)
    allowed = _most_errors(letters)
    if not allowed:
        return []
    grams = _runs(letters, 2 if len(letters) < SHORT else 3)
    shared = Gram.objects.filter(gram__in=grams, word__locale=locale).order_by()
    rows = shared.values_list("word__word").annotate(shared=Count("pk"))
    rows = rows.order_by("-shared", "word__word")[:MOST_COMPARED]
    found = []
    for other, number in rows:
        errors = distance(letters, _letters(other), allowed)
        if 0 < errors <= allowed:
            found.append((errors, other[0] != word[0], -number, other))
    return [other for *_reasons, other in sorted(found)]


def _most_errors(letters: str) -> int:
    if len(letters) < 3:
        return 0
    return 1 if len(letters) < 6 else 2


def distance(one: str, other: str, most: int) -> int:
    """How many letters to add, drop, change or swap with their neighbour; ``most`` + 1 if more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before_that, before, row = before, row, [i]
        for j, its in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            is_swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its
            row.append(min(cost, before_that[j - 2] + 1) if is_swapped else cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _letters(word: str) -> str:
    return word if word.isascii() else unicodedata.normalize("NFD", word)


def _grams(word: str) -> set[str]:
    letters = _letters(word)
    grams = _runs(letters, 3)
    return grams | _runs(letters, 2) if len(letters) <= SHORT else grams


def _runs(letters: str, length: int) -> set[str]:
    marked = f"^{letters}$"
    return {marked[place : place + length] for place in range(len(marked) - length + 1)}

"""Write what Wagtail notes of every row once, at the end, rather than at each of its savings.

A page of the demo is saved three times with some twenty rows below it, and its references and
the words by which editors find it would be worked out anew each time.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db.models.signals import post_save
from modelsearch.backends import get_search_backends_with_name
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update


@contextmanager
def written_once() -> Iterator[None]:
    """Within this nothing is indexed; all there is, is at its end. Within a transaction only."""
    with disable_reference_index_auto_update(), _words_left():
        yield
    _write_references()
    _write_words()


@contextmanager
def _words_left() -> Iterator[None]:
    listening = [
        model
        for model in get_indexed_models()
        if post_save.disconnect(post_save_signal_handler, sender=model)
    ]
    try:
        yield
    finally:
        for model in listening:
            post_save.connect(post_save_signal_handler, sender=model)


def _write_references() -> None:
    for model in apps.get_models():
        if ReferenceIndex.is_indexed(model):
            for row in model._default_manager.all():
                ReferenceIndex.create_or_update_for_object(row)


def _write_words() -> None:
    backends = [backend for _name, backend in get_search_backends_with_name(with_auto_update=True)]
    for model in get_indexed_models():
        rows = list(model.get_indexed_objects())
        for backend in backends if rows else ():
            backend.add_bulk(model, rows)

"""Make the ``site/`` folder importable under the name ``storefront``.

Python's own ``site`` module is loaded before any project code, so a package
called ``site`` can never be imported. A module that has a ``__path__`` is a
package, so pointing ours at ``site/`` gives that folder a usable name
(docs/decisions/0001).
"""

from pathlib import Path

__path__ = [str(Path(__file__).resolve().parent / "site")]

from storefront.celery import app as celery_app

__all__ = ["celery_app"]

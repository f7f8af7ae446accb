"""The worker of the bench: ``celery -A bench.newsletter.worker worker``.

``BENCH_WITHOUT=claim`` is the control (``social.tests.newsletter_worker``).
"""

import os
from typing import Any

from celery.signals import worker_process_init

from storefront import celery_app

app = celery_app
TASKS = ("social.tasks.begin_newsletters", "social.tasks.send_newsletter")


@worker_process_init.connect
def prepare(**_signal: Any) -> None:
    from social.tests import newsletter_worker

    newsletter_worker.prepare(unguarded=os.environ.get("BENCH_WITHOUT") == "claim")

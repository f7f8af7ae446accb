"""Celery's workers and broker: figures and reasons in docs/decisions/0004."""

import os

import environ
from kombu import Exchange, Queue

_env = environ.Env()
# Values from outside must not be read as references to other variables ("$" in a password).
_env.interpolate = False

CELERY_BROKER_URL = _env.str("CELERY_BROKER_URL", default="redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# On one core Celery starts one process, and an import of an hour would hold up all mails.
CELERY_WORKER_CONCURRENCY = _env.int(
    "CELERY_WORKER_CONCURRENCY", default=max(2, os.cpu_count() or 1)
)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000  # KiB
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = _env.int("CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT", default=20)
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# A worker without --queues takes both; one with them can leave pictures to another.
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("celery", "media")]
CELERY_TASK_ROUTES = {"catalog.tasks.make_renditions": {"queue": "media"}}
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_TASK_TIME_LIMIT = 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 0.5
CELERY_TASK_PUBLISH_RETRY = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
if CELERY_BROKER_URL.startswith("amqp"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "confirm_publish": True,
        "connect_timeout": 0.3,
        "read_timeout": 0.5,
        "write_timeout": 0.5,
        "max_retries": 0,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 0.3,
        "socket_timeout": 0.5,
        "socket_keepalive": True,
        "visibility_timeout": 300,
        "health_check_interval": 25,
        # By their names: pictures of a new shop take minutes, and no mail waits for all of them.
        "queue_order_strategy": "sorted",
    }

"""What the beat asks the workers for, and how often (seconds). Each may run twice, or late."""

CELERY_BEAT_SCHEDULE = {
    "ring for the outbox": {
        "task": "orders.tasks.drain_outbox",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "begin newsletters whose moment has come": {
        "task": "social.tasks.begin_newsletters",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "send the newsletter": {
        "task": "social.tasks.send_newsletter",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "forget who never confirmed the newsletter": {
        "task": "social.tasks.forget_unconfirmed",
        "schedule": 86_400.0,
        "options": {"expires": 3_600},
    },
    "forget accounts whose address was never proven": {
        "task": "social.tasks.forget_unproven_accounts",
        "schedule": 86_400.0,
        "options": {"expires": 3_600},
    },
    "copy view counts to the database": {
        "task": "social.tasks.save_view_counts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "write down what was searched for": {
        "task": "search.tasks.save_terms",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget what was searched for long ago": {
        "task": "search.tasks.forget_old_terms",
        "schedule": 86_400.0,
        "options": {"expires": 3_600},
    },
    "fill Redis from the database": {
        "task": "social.tasks.rebuild_counters",
        "schedule": 86_400.0,
        "options": {"expires": 3_600},
    },
    "publish what is scheduled": {
        "task": "home.tasks.publish_scheduled",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "refresh listed prices whose moment has come": {
        "task": "catalog.tasks.refresh_due_products",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "carry out launches whose moment has come": {
        "task": "catalog.tasks.run_due_launches",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "ask about payments of which nobody was heard": {
        "task": "orders.tasks.check_payments",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "let unpaid orders expire": {
        "task": "orders.tasks.expire_orders",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "tell who waits what came back": {
        "task": "orders.tasks.tell_of_stock",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "forget mails of long ago": {
        "task": "orders.tasks.forget_old_mails",
        "schedule": 86_400.0,
        "options": {"expires": 3_600},
    },
    "erase members who left from orders that have ended": {
        "task": "orders.tasks.erase_who_left",
        "schedule": 86_400.0,
        "options": {"expires": 3_600},
    },
    "look for work that waits or was lost": {
        "task": "catalog.tasks.run_jobs",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "ring for pictures whose sizes are owed": {
        "task": "catalog.tasks.make_renditions",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "look for pictures that lack sizes": {
        "task": "catalog.tasks.find_missing_renditions",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "count what was sold": {
        "task": "orders.tasks.refresh_sales",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "write the words of pages that changed": {
        "task": "search.tasks.index_pending",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "look for pages whose words were never written": {
        "task": "search.tasks.repair_search",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "put the index of the search in order": {
        "task": "search.tasks.tidy_search",
        "schedule": 86_400.0,
        "options": {"expires": 3_600},
    },
    "forget jobs of long ago": {
        "task": "catalog.tasks.forget_old_jobs",
        "schedule": 86_400.0,
        "options": {"expires": 3_600},
    },
    "forget ended sessions": {
        "task": "home.tasks.clear_sessions",
        "schedule": 86_400.0,
        "options": {"expires": 3_600},
    },
}

"""What a finished workflow does: it publishes, but a price batch of a launch waits for that.

Wagtail's models read the name of ``finish`` while they are loaded themselves, so none of
ours may be imported before it is called.
"""

from typing import Any

from wagtail.workflows import publish_workflow_state


def finish(workflow_state: Any, user: Any = None) -> None:
    from catalog.price_batches import approval

    if not approval.keep_for_launch(workflow_state):
        publish_workflow_state(workflow_state, user=user)

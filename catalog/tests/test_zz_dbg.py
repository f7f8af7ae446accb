import pytest
from catalog.tests.test_admin_price_batches import *
@pytest.mark.django_db
def test_q(client, editor):
    from django.test.utils import CaptureQueriesContext
    from django.db import connection
    batch = make_batch(by_hand={make_sku(price="10.00"): "9.00" for _ in range(5)})
    client.get(address("prices", batch.pk))
    with CaptureQueriesContext(connection) as c:
        client.get(address("prices", batch.pk))
    for q in c: print(q["sql"][:180])

"""Whether the checkout keeps its word under load: nothing oversold, nothing twice, nothing lost.

    python -m bench.checkout                        # everything, on SQLite
    python -m bench.checkout --only kills --quick   # one case with small numbers
    DATABASE_URL=postgres://... python -m bench.checkout

Shoppers buy over HTTP, each with a session of their own, from the shop's real processes: two
gunicorn processes with eight threads each, a Celery worker and beat, Redis, an SMTP server that
takes its time. Database and files are made for this and thrown away after it; the shop that the
settings name is not touched. Each case is followed by its control: the same with the guard off
(``bench.checkout.unguarded``, ``bench.checkout.plain_mail``), which must show the failure, or
else the case would prove nothing.
"""

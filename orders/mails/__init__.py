"""The shop's mails: what each kind says, in whose words, and how it looks.

``kinds`` lists them with the shop's own words, ``texts`` finds the merchant's, ``letters``
and its neighbours gather what a mail is about, ``rendering`` makes text and HTML of it, and
``sending`` is where the outbox comes in.
"""

"""The second factor of an account: codes of an authenticator app, and recovery codes."""

from allauth.mfa.adapter import DefaultMFAAdapter


class Adapter(DefaultMFAAdapter):
    pass

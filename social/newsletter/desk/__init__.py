"""The newsletter in the Wagtail admin: who gets it, what is being sent, and how far it is."""

"""The newsletter: who gets it, what an issue looks like as a mail, and sending it once to each."""

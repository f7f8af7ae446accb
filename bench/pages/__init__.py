"""What pages cost: see ``bench.pages.__main__``."""

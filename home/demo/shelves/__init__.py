"""The articles of the demo shop, one module for each shelf."""

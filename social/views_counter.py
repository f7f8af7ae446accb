"""Count views of products: in Redis at once, copied to the database by beat."""

"""Understanding files that were made for something else: what they hold, as one SELECT a table over the untouched file."""

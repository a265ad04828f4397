"""Pure functions that answer a question each: frame in, frame out."""

"""``python -m salesnb`` is ``salesnb``."""

from salesnb.cli import run

if __name__ == "__main__":
    run()

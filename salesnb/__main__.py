"""``python -m salesnb`` is ``salesnb``."""

from salesnb.start import run

if __name__ == "__main__":
    run()

"""``python -m salesnb`` is ``salesnb``."""

from salesnb.cli import main

if __name__ == "__main__":
    main()

"""salesnb: the workbook with which a sales organisation runs its year."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("salesnb")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0"

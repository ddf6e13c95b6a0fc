"""What several files of tests share: small runs, lived once for each worker. Read only."""

from tests.lived_run import small

__all__ = ["small"]

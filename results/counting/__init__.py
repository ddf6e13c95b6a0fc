"""Counting: compiled walks over a journal, in which each stay and each happening goes into its counters."""

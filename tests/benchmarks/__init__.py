"""Benchmarks: how long things take on this machine. They are measured, and never tested."""

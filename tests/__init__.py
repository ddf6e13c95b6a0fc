"""Tests: one file a noun, and lives/*.yaml, worked cases as data."""

"""Chromium: the one that is already there, which pictures are drawn with. None is ever downloaded."""

from pathlib import Path


def chromium() -> str | None:
    """Return the path of a Chromium or Chrome, or None if there is none; BROWSER_PATH, where it is set, says which."""
    from choreographer.browsers.chromium import Chromium

    found = Chromium.find_browser(skip_local=True)
    return str(found) if found and Path(found).is_file() else None

"""Chromium: the one that is already there, which pictures are drawn with. None is ever downloaded."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

PATIENCE = 60  # seconds
DRAWING = 10_000  # milliseconds of a page's own time, in which its scripts end
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", f"--virtual-time-budget={DRAWING}",
)  # fmt: skip


def chromium() -> str | None:
    """Return the path of a Chromium or Chrome, or None if there is none; BROWSER_PATH, where it is set, says which."""
    from choreographer.browsers.chromium import Chromium

    found = Chromium.find_browser(skip_local=True)
    return str(found) if found and Path(found).is_file() else None


def photographed(page: Path, width: int, height: int, sharp: int = 1) -> bytes | None:
    """Return a page as PNG, so many pixels of the page wide and high from its top; None if there is no Chromium.

    `sharp` is how many pixels of the picture one of the page's makes. None also where the browser fails.
    """
    program = chromium()
    if program is None:
        return None
    with TemporaryDirectory() as place:
        found = Path(place) / "page.png"
        asked = (
            f"--window-size={width},{height}", f"--force-device-scale-factor={sharp}",
            f"--user-data-dir={place}/profile", f"--screenshot={found}", page.resolve().as_uri(),
        )  # fmt: skip
        try:
            subprocess.run([program, *QUIET, *asked], check=True, capture_output=True, timeout=PATIENCE)
            return found.read_bytes()
        except (subprocess.SubprocessError, OSError):
            return None

"""Pages: what a page that needs nothing else is made of. Templates, scripts that may run, data that cannot escape."""

import hashlib
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import jinja2

from results.style import Chart

HERE = Path(__file__).parent


def template(name: str) -> jinja2.Template:
    """Return a template of this folder; whatever is put into it is escaped, and a name it lacks is an error."""
    loader = jinja2.FileSystemLoader(HERE)
    world = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return world.get_template(name)


def script_hash(script: str) -> str:
    """Return a script's hash as a Content-Security-Policy names it, so that no other script may run."""
    return f"sha256-{b64encode(hashlib.sha256(script.encode('utf-8')).digest()).decode('ascii')}"


def safe_json(value: Any) -> str:
    """Return JSON (of a value, or JSON text as it is) that cannot end the script element it stands in."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def picture(chart: Chart) -> str:
    """Return a chart's figure as JSON that a page's script draws.

    Days that an earlier line has too are said once: `x` is then that line's place, which the script puts them back for.
    """
    figure = json.loads(chart.figure.to_json())
    places: dict[str, int] = {}
    for place, line in enumerate(figure["data"]):
        if isinstance(line.get("x"), list):
            first = places.setdefault(json.dumps(line["x"]), place)
            line["x"] = line["x"] if first == place else first
    return safe_json(json.dumps(figure, ensure_ascii=False, separators=(",", ":")))

"""The Python half of the interoperability checks: `check.py files LIST`, `check.py recordings LIST` or `check.py live CONFIG`."""

from __future__ import annotations

import json
import logging
import sys
import warnings
from pathlib import Path

import file_checks
import recording_checks
import session_checks
import stream_checks
from peer import Place


def main() -> None:
    part, path = sys.argv[1:3]
    # Expected errors are checks here, and the library's own deprecations are not ours.
    logging.getLogger("databento").setLevel(logging.CRITICAL + 1)
    warnings.simplefilter("ignore")
    if part == "files":
        file_checks.run(path)
    elif part == "recordings":
        recording_checks.run(path)
    else:
        config = json.loads(Path(path).read_text())
        places = {name: Place(place) for name, place in config["gateways"].items()}
        for version in (1, 2, 3):
            stream_checks.run(version, places[f"endless-{version}"], Path(config["folder"]))
        session_checks.run(places["endless-1"], places["fast"], places["real-time"])
    print("= done", flush=True)


main()

"""`python -P -m deploy.local.chaos.service sales`: the real service, with what only the harness adds around it."""

import os
import runpy
import sys
from pathlib import Path

from deploy.local.chaos.inside import FOLDER, NAME, SWITCH, sightings
from deploy.local.chaos.inside.notes import Notes
from deploy.local.chaos.inside.points import Points
from deploy.local.chaos.inside.switches import SWITCHES


def main(service: str) -> None:
    """Until it is told to end, or dies at a moment that the harness has named."""
    folder = Path(os.environ[FOLDER])
    notes = Notes(folder, os.environ[NAME])
    sightings.install(notes)
    Points(folder, service, notes).install()
    switch = os.environ.get(SWITCH)
    if switch:
        SWITCHES[switch]()
    sys.argv = [f"services.{service}"]
    runpy.run_module(f"services.{service}", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1])

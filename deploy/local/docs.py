"""What stands in docs/ and is written from the code: interfaces, reasons. A test holds the files equal to it."""

import json
from pathlib import Path
from typing import Any

import yaml

from deploy.local import asyncapi, runbook
from deploy.local.state import REPOSITORY
from services.gateway import openapi

DOCS = REPOSITORY / "docs"


class _Plain(yaml.SafeDumper):
    """No anchors: a reader should not have to look for what `*id001` was."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def texts() -> dict[Path, str]:
    """Every generated file and what stands in it."""
    events = yaml.dump(asyncapi.build(), Dumper=_Plain, sort_keys=False, width=110, allow_unicode=True)
    paths = json.dumps(openapi.build(), indent=1, ensure_ascii=False) + "\n"
    return {DOCS / "asyncapi.yaml": events, DOCS / "openapi.json": paths, runbook.PAGE: runbook.text()}


def write() -> None:
    """Writes them all."""
    for path, text in texts().items():
        path.write_text(text, encoding="utf-8")

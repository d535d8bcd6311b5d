"""`docs`: the interface descriptions, written from the code."""

import typer

from deploy.local import docs as written


def register(app: typer.Typer) -> None:
    """Put the command into the table."""
    app.command("docs")(docs)


def docs() -> None:
    """Write docs/asyncapi.yaml and docs/openapi.json."""
    written.write()

"""`chaos`: faults against invariants."""

import typer

from deploy.local.chaos import command


def register(app: typer.Typer) -> None:
    """Put the command into the table."""
    app.command("chaos")(command.chaos)

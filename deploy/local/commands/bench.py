"""`bench`: how quick the running services are on this machine."""

import typer

from deploy.local.bench import command


def register(app: typer.Typer) -> None:
    """Put the command into the table."""
    app.command("bench")(command.bench)

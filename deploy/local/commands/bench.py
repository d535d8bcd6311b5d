"""`bench`: how quick the running services are on this machine. `figures`: what it measured before."""

import typer

from deploy.local.bench import command


def register(app: typer.Typer) -> None:
    """Put the commands into the table."""
    app.command()(command.bench)
    app.command()(command.figures)

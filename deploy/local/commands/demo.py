"""`demo`: the whole programme played on real till data."""

import typer

from deploy.local.demo import play


def register(app: typer.Typer) -> None:
    """Put the command into the table."""
    app.command("demo")(play.command)

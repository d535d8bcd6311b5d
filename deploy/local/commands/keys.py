"""`key create` and `key revoke`: who may use the gateway."""

import asyncio
from typing import Annotated

import typer

from deploy.local.state import SetupError
from deploy.local.system import System
from services.gateway import keys
from services.gateway.auth import Role


def register(app: typer.Typer) -> None:
    """Put the commands into the table."""
    group = typer.Typer(help="Who may use the gateway.", no_args_is_help=True)
    group.command()(create)
    group.command()(revoke)
    app.add_typer(group, name="key")


def create(
    role: Annotated[str, typer.Option(help=f"One of {', '.join(Role)}.")],
    name: Annotated[str, typer.Option(help="Whose key it is; needed to revoke it.")],
    outlet: Annotated[str | None, typer.Option(help="With role outlet: its code.")] = None,
) -> None:
    """Make a key and print it, once: only its hash is kept."""
    typer.echo(asyncio.run(keys.create(_gateway_database(), role, name, outlet)))


def revoke(name: Annotated[str, typer.Option(help="The name it was created with.")]) -> None:
    """Make every key of that name worthless."""
    if not asyncio.run(keys.revoke(_gateway_database(), name)):
        raise SetupError(f"no key of the name {name!r}")
    typer.echo(f"The keys of {name} are worthless now.")


def _gateway_database() -> str:
    return System().endpoints().database_url("gateway")

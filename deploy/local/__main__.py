"""The `karya` command: which module brings which command. Only the module that is called for is loaded."""

import logging
import sys
from importlib import import_module

import structlog
import typer
from rich.console import Console

from deploy.local.state import SetupError
from shared.errors import KaryaError

MODULES = {
    "demo": "demo",
    "bench": "bench",
    "figures": "bench",
    "chaos": "chaos",
    "up": "running",
    "down": "running",
    "status": "running",
    "restart": "running",
    "logs": "logs",
    "test": "testing",
    "check": "testing",
    "key": "keys",
    "parked": "parked",
    "replay": "replay",
    "ledger": "ledger",
    "topology": "topology",
    "docs": "docs",
    "lock": "lock",
}


def build(arguments: list[str]) -> typer.Typer:
    """The application, with the command that the arguments name, or with all of them for the help."""
    app = typer.Typer(
        name="karya",
        help="Karya Rusun on this machine.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_show_locals=False,  # among them are passwords
    )
    app.callback()(lambda: None)
    named = next((MODULES[word] for word in arguments if word in MODULES), None)
    for module in [named] if named else dict.fromkeys(MODULES.values()):
        import_module(f"deploy.local.commands.{module}").register(app)
    return app


def main() -> None:
    """Run a command; what is lacking or refused is said without a traceback."""
    # Standard output is for answers; what the services' own code logs on the way is not one.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        build(sys.argv[1:2])(prog_name="karya")
    except (SetupError, KaryaError) as error:
        Console(stderr=True).print(f"karya: {error}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

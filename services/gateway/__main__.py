"""`python -m services.gateway`, `... migrate`, `... key create|revoke`."""

import argparse
import asyncio
import sys
from pathlib import Path

from services.gateway import keys
from services.gateway.auth import Role
from shared import logs, telemetry
from shared.errors import Invalid
from shared.settings import read_settings

MIGRATIONS = Path(__file__).with_name("migrations")


def main(arguments: list[str]) -> int:
    """The exit code."""
    asked = _parser().parse_args(arguments)
    if asked.what == "key":
        return _key(asked)
    settings = read_settings()
    logs.configure("gateway", settings.log_level)
    telemetry.configure("gateway")
    if asked.what == "migrate":
        from shared.runtime.migrate import migrate  # noqa: PLC0415 - a process loads what it does

        asyncio.run(migrate(settings.database_url, "gateway", MIGRATIONS))
    else:
        from services.gateway.serving import serve  # noqa: PLC0415

        serve(settings)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.gateway", description="The only HTTP of the house.")
    what = parser.add_subparsers(dest="what")
    what.add_parser("migrate", help="apply what is new of the database's schema, and end")
    key = what.add_parser("key", help="who may use the gateway").add_subparsers(dest="do", required=True)
    create = key.add_parser("create", help="make a key and print it, once: only its hash is kept")
    create.add_argument("--role", required=True, choices=[role.value for role in Role])
    create.add_argument("--name", required=True, help="whose key it is")
    create.add_argument("--outlet", help="with role outlet: its code")
    revoke = key.add_parser("revoke", help="end every key of a name, within seconds")
    revoke.add_argument("--name", required=True)
    return parser


def _key(asked: argparse.Namespace) -> int:
    # The keys are in the gateway's own database: no broker is needed, or asked for.
    database_url = read_settings(amqp_url="").database_url
    try:
        if asked.do == "create":
            sys.stdout.write(asyncio.run(keys.create(database_url, asked.role, asked.name, asked.outlet)) + "\n")
            return 0
    except Invalid as error:
        sys.stderr.write(f"{error.detail}\n")
        return 1
    ended = asyncio.run(keys.revoke(database_url, asked.name))
    sys.stderr.write(f"{asked.name}: {'no key works any more' if ended else 'no such key'}\n")
    return 0 if ended else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The operator's door into a compose installation: `docker compose run --rm operator ...`."""

import os
import sys
from pathlib import Path
from typing import NoReturn

SECRETS = Path("/run/secrets")
USAGE = """usage: docker compose run --rm operator ...
  key ...           the gateway's keys, as in: key create --role coordinator --name NAME
  parked ...        what could not be done and waits, as in: parked list
  topology check    whether the broker has what the contracts say
  password NAME     the password of outlet-citos, outlet-pim, outlet-alun-alun or grafana
"""


def password(name: str) -> str:
    """The password of an outlet's broker user or of Grafana's administrator."""
    file = SECRETS / f"{name}.password"
    if not file.is_file():
        sys.exit(f"no password of {name!r} is kept here\n{USAGE}")
    return file.read_text()


def become(module: str, arguments: list[str]) -> NoReturn:
    """Goes on as another of the image's programs."""
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606


def main(arguments: list[str]) -> None:
    """Answers, or becomes the program that does."""
    match arguments:
        case ["key", *_]:
            become("services.gateway", arguments)
        case ["parked" | "topology", *_]:
            os.environ["KARYA_AMQP_URL"] = (SECRETS / "karya_amqp_url").read_text()
            become("deploy.local", arguments)
        case ["password", name]:
            sys.stdout.write(password(name) + "\n")
        case _:
            sys.exit(USAGE)


if __name__ == "__main__":
    main(sys.argv[1:])

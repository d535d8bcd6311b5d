"""The operator's door into a compose installation: `docker compose run --rm operator ...`."""

import os
import sys
from pathlib import Path

SECRETS = Path("/run/secrets")
USAGE = """usage: docker compose run --rm operator ...
  key ...           the gateway's keys, as in: key create --role coordinator --name NAME
  password NAME     the password of outlet-citos, outlet-pim, outlet-alun-alun or grafana
"""


def password(name: str) -> str:
    """The password of an outlet's broker user or of Grafana's administrator."""
    file = SECRETS / f"{name}.password"
    if not file.is_file():
        sys.exit(f"no password of {name!r} is kept here\n{USAGE}")
    return file.read_text()


def main(arguments: list[str]) -> None:
    """Answers, or becomes the program that does."""
    match arguments:
        case ["key", *_]:
            os.execv(sys.executable, [sys.executable, "-m", "services.gateway", *arguments])  # noqa: S606
        case ["password", name]:
            sys.stdout.write(password(name) + "\n")
        case _:
            sys.exit(USAGE)


if __name__ == "__main__":
    main(sys.argv[1:])

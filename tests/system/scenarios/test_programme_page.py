"""Who has only docs/programme.md and docs/settlement.md runs the programme: their commands work as they stand."""

import asyncio
import os
import re
from pathlib import Path

from services.gateway import keys
from tests.system.scenarios.world import World

DOCS = Path(__file__).parents[3] / "docs"
PAGES = "\n".join([(DOCS / name).read_text(encoding="utf-8") for name in ("programme.md", "settlement.md")])
CREATED = re.compile(
    r"^export (\w+)=\$\(\./karya key create --role (\w+) --name (\w+)(?: --outlet ([\w-]+))?\)$", re.MULTILINE
)
EXPECTED = re.compile(r"  +# => (.+)$", re.MULTILINE)
MARK = "@@@ "


def blocks() -> list[str]:
    """The pages' commands, block by block."""
    return re.findall(r"^```bash\n(.*?)^```$", PAGES, re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[str]:
    """Command by command: a line that leaves a quote open or ends in a backslash goes on in the next one."""
    found, held = [], ""
    for line in filter(str.strip, block.splitlines()):
        held = f"{held}\n{line}" if held else line
        bare = EXPECTED.sub("", held).replace("\\'", "")
        if not bare.endswith("\\") and bare.count("'") % 2 == 0:
            found.append(held)
            held = ""
    assert not held, held
    return found


def script() -> tuple[str, list[str]]:
    """All of it for one shell, each command behind a mark with its number; and the commands."""
    told = [command for block in blocks() for command in commands(block)]
    marked = [f"echo; echo '{MARK}{number}'\n{command}" for number, command in enumerate(told)]
    return "set -euo pipefail\n" + "\n".join(marked) + "\n", told


async def run(text: str, folder: Path) -> str:
    environment = {"PATH": os.environ["PATH"], "no_proxy": "*", "HOME": str(folder)}
    running = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        text,
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await running.communicate()
    assert running.returncode == 0, said.decode()[-3000:]
    return said.decode()


async def test_the_pages_commands_work_and_answer_what_it_says(world: World, tmp_path: Path) -> None:
    text, told = script()
    database = world.endpoints.database_url("gateway")
    for name, role, who, outlet in CREATED.findall(text):
        text = CREATED.sub(f"export {name}={await keys.create(database, role, who, outlet or None)}", text, count=1)
    text = text.replace("API=http://127.0.0.1:8080", f"API={world.endpoints.gateway_url.rstrip('/')}")

    said = await run(text, tmp_path)

    parts = re.split(rf"^{MARK}(\d+)$", said, flags=re.MULTILINE)
    answers = dict(zip(map(int, parts[1::2]), parts[2::2], strict=True))
    missed = [
        (told[number], expected, answers[number])
        for number in answers
        for expected in EXPECTED.findall(told[number])
        if expected not in answers[number]
    ]
    assert missed == []
    assert len(answers) == len(told) > 130
    files = {
        b"%PDF": ("certificate", "labels", "statement", "outlet"),
        b"\xef\xbb\xbf": ("products", "bank", "cooperative"),
    }
    for kind, names in files.items():
        for name in names:
            assert (tmp_path / f"{name}.{'pdf' if kind == b'%PDF' else 'csv'}").read_bytes().startswith(kind)

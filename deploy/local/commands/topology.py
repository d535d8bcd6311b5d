"""`topology check|digests`: whether the broker has what the contracts say, and whether what was sent has arrived."""

import asyncio

import aio_pika
import typer
from aiormq.exceptions import ChannelNotFoundEntity
from rich.console import Console
from rich.table import Table

from deploy.local.operator import admin_amqp_url
from deploy.local.parked import ACTOR, asked
from shared.contracts.operations import Comparison, ListComparisons
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.runtime import topology
from shared.runtime.broker import Broker
from shared.runtime.digests.comparer import producers
from shared.runtime.envelope import now
from shared.runtime.requests import Requests

console = Console(highlight=False)


def register(app: typer.Typer) -> None:
    """Put the command into the table."""
    group = typer.Typer(help="The broker's exchanges and queues.", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command()(check)
    group.command()(digests)
    app.add_typer(group, name="topology")


def check() -> None:
    """Compare the broker with the contracts; what is missing is named, and made. Exit code 1 if anything was."""
    url = admin_amqp_url()
    depths, faults = asyncio.run(_look(url))
    table = Table("queue", "messages", "consumers")
    for name, messages, consumers in depths:
        table.add_row(name, str(messages), str(consumers))
    console.print(table)
    for fault in faults:
        console.print(f"[red]{fault}[/red]")
    console.print(f"{len(faults)} faults." if faults else "As the contracts say.")
    if faults:
        raise typer.Exit(1)


def digests() -> None:
    """Show the last comparison of each service with its producers. Exit code 1 if something is missing."""
    found = asyncio.run(asked(_comparisons))
    table = Table("service", "producer", "seconds ago", "events compared", "missing", "arrived since", "still missing")
    for service, one in found:
        age = f"{(now() - one.at).total_seconds():.0f}"
        figures = [str(number) for number in (one.events, one.missing, one.arrived, one.waiting)]
        table.add_row(service, one.producer, age, *figures)
    console.print(table if found else "Nothing has been compared yet; ask again in a minute.")
    for service, unknown in sorted({(service, one.unknown) for service, one in found if one.unknown}):
        console.print(f"[red]{service} has taken {unknown} events that no producer has in its log[/red]")
    if any(one.waiting or one.unknown for _, one in found):
        raise typer.Exit(1)


async def _comparisons(requests: Requests) -> list[tuple[str, Comparison]]:
    listeners = [service for service, events in SUBSCRIPTIONS.items() if producers(events)]
    answers = [(name, await requests.ask(ListComparisons(), actor=ACTOR, to=name)) for name in listeners]
    return [(name, one) for name, answer in answers for one in answer.items]


async def _look(url: str) -> tuple[list[tuple[str, int, int]], list[str]]:
    faults: list[str] = []
    for service in SUBSCRIPTIONS:
        broker = Broker(url, service, topology.feeds(service, SUBSCRIPTIONS[service]))
        faults += await broker.faults()
        await broker.close()
    depths = await _depths(url)
    faults += [
        f"{name}: {messages} messages that nobody could read"
        for name, messages, _ in depths
        if messages and name.endswith(".dead")
    ]
    return depths, faults


async def _depths(url: str) -> list[tuple[str, int, int]]:
    """Every queue of every service, how many messages wait in it and how many consumers it has."""
    found = []
    connection = await aio_pika.connect(url)
    async with connection:
        for name in [name for service in SUBSCRIPTIONS for name in _queues(service)]:
            channel = await connection.channel()
            try:
                declared = (await channel.declare_queue(name, passive=True)).declaration_result
                found.append((name, declared.message_count or 0, declared.consumer_count or 0))
                await channel.close()
            except ChannelNotFoundEntity:
                found.append((name, 0, 0))
    return found


def _queues(service: str) -> list[str]:
    feeds = topology.feeds(service, SUBSCRIPTIONS[service])
    own = [topology.requests(service), *[feed.queue for feed in feeds], topology.dead(service)]
    return [queue.name for queue in own]

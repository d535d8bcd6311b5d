"""Notes what a reliable system has to survive now and then: redeliveries, duplicates, confirms that were lost."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiormq.exceptions import PublishError

from deploy.local.chaos.inside.notes import LOOP_ENDED, Notes
from deploy.local.chaos.inside.wrapping import wrap
from shared.runtime import coalescer, inbox
from shared.runtime.broker import Broker
from shared.runtime.coalescer import Coalescer
from shared.runtime.delivery import Delivery
from shared.runtime.inbox import Sorted
from shared.runtime.loops import Loops
from shared.runtime.relay import Relay

Method = Callable[..., Awaitable[Any]]


def install(notes: Notes) -> None:
    """Looks on; changes nothing."""
    sightings = Sightings(notes)
    wrap(Coalescer, "add", sightings.deliveries)
    wrap(inbox, "keep_new", sightings.duplicates)
    wrap(Broker, "publish", sightings.confirms)
    wrap(coalescer, "persistently", sightings.retries)
    wrap(Relay, "round", sightings.rounds)
    wrap(Loops, "miss", sightings.loops)


class Sightings:
    """Wrappers, each around one thing that the runtime does."""

    def __init__(self, notes: Notes) -> None:
        self._note = notes.note

    def deliveries(self, add: Method) -> Method:
        async def call(self_: Coalescer, delivery: Delivery) -> None:
            if delivery.redelivered:
                self._note("redelivered")
            await add(self_, delivery)

        return call

    def duplicates(self, keep_new: Method) -> Method:
        async def call(tx: Any, messages: Any) -> Sorted:
            found: Sorted = await keep_new(tx, messages)
            if found.repeated:
                self._note("duplicate caught by the inbox", len(found.repeated))
            return found

        return call

    def confirms(self, publish: Method) -> Method:
        async def call(*args: Any) -> None:
            try:
                await publish(*args)
            except PublishError:
                self._note("returned by the broker")
                raise
            except BaseException:
                self._note("confirm lost")
                raise

        return call

    def retries(self, persistently: Method) -> Method:
        async def call(work: Callable[[], Awaitable[Any]], service: str, what: str) -> Any:
            async def watched() -> Any:
                try:
                    return await work()
                except Exception:
                    self._note("transaction tried again")
                    raise

            return await persistently(watched, service, what)

        return call

    def loops(self, miss: Callable[..., None]) -> Callable[..., None]:
        def call(self_: Loops, name: str, error: BaseException | None) -> None:
            self._note(LOOP_ENDED)
            miss(self_, name, error)

        return call

    def rounds(self, one_round: Method) -> Method:
        async def call(self_: Relay) -> int:
            sent: int = await one_round(self_)
            if sent:
                self._note("relayed", sent)
            return sent

        return call

"""The feed keeps a little, forgets the rest, and lets nobody hold it up."""

import json

import pytest

from services.gateway import feed
from services.gateway.feed import Feed, Listener
from shared.errors import Unavailable


def body(*names: str, kind: str = "sales.ItemSold.v1") -> bytes:
    return json.dumps([{"id": name, "type": kind, "data": {"note": "a\nb"}} for name in names]).encode()


async def heard(listener: Listener) -> list[str]:
    """The ids of all that waits for this listener, once it is closed."""
    listener.close()
    text = b"".join([chunk async for chunk in listener.chunks()]).decode()
    return [line.removeprefix("id: ") for line in text.splitlines() if line.startswith("id: ")]


async def test_a_new_listener_hears_what_comes_from_now_on() -> None:
    live = Feed()
    live.take(body("before"))
    listener = live.join("", None)
    live.take(body("a", "b"))
    assert await heard(listener) == ["a", "b"]


async def test_one_that_comes_back_hears_what_it_missed_first() -> None:
    live = Feed()
    live.take(body("a", "b"))
    live.take(body("c"))
    listener = live.join("", "a")
    live.take(body("d"))
    assert await heard(listener) == ["b", "c", "d"]


async def test_one_that_was_away_too_long_hears_all_that_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "KEPT_EVENTS", 3)
    live = Feed()
    for name in "abcdef":
        live.take(body(name))
    assert await heard(live.join("", "a")) == ["d", "e", "f"]


async def test_what_is_kept_is_bounded_in_bytes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "KEPT_BYTES", 3 * len(body("a")))
    live = Feed()
    for name in "abcdef":
        live.take(body(name))
    assert await heard(live.join("", "long ago")) == ["d", "e", "f"]


async def test_a_listener_hears_the_types_it_wants() -> None:
    live = Feed()
    live.take(body("kept", kind="notify.NoticeSent.v1"))
    live.take(body("other"))
    listener = live.join("notify.", "unknown")
    live.take(body("x"))
    live.take(body("y", kind="notify.NoticeFailed.v1"))
    assert await heard(listener) == ["kept", "y"]


async def test_a_slow_listener_loses_its_connection_and_the_others_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MOST_WAITING", 2)
    live = Feed()
    slow, quick = live.join("", None), live.join("nothing.", None)
    live.take(body("a", "b", "c"))
    assert slow.closed
    assert not quick.closed
    assert await heard(slow) == []


def test_there_is_room_for_so_many_and_none_after_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MOST_LISTENERS", 1)
    live = Feed()
    only = live.join("", None)
    with pytest.raises(Unavailable):
        live.join("", None)
    live.leave(only)
    again = live.join("", None)
    live.close()
    assert again.closed
    live.leave(again)
    with pytest.raises(Unavailable):
        live.join("", None)


async def test_an_event_is_one_line_whatever_it_holds() -> None:
    (frame,) = feed.read_frames(body("a"))
    assert frame.text.decode().count("\n") == 4
    assert json.loads(frame.text.decode().split("data: ")[1])["data"] == {"note": "a\nb"}


@pytest.mark.parametrize("broken", [b"", b"7", b"[7]", b'[{"id": "a"}]', b"\xff"])
def test_what_cannot_be_read_is_passed_over(broken: bytes) -> None:
    live = Feed()
    live.join("", None)
    live.take(broken)
    assert feed.read_frames(broken) == []

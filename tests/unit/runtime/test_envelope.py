"""The envelope: what an event says of its cause."""

import json
from datetime import UTC, datetime
from uuid import RFC_4122

from shared.contracts.notify import NoticeSent
from shared.runtime.digests.spans import minted_at
from shared.runtime.envelope import Arrival, following_id, named_id, new_id, seal
from tests.unit.runtime.test_decode import DECODER, NOW, a_report, encoded

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
NOTICE = NoticeSent(notice_id=new_id(), maker_id=new_id(), template="item-sold", channel="log")


def test_an_event_names_what_caused_it_and_goes_on_with_its_story_and_trace() -> None:
    cause = DECODER.decode(encoded(a_report() | {"correlationid": "story", "traceparent": TRACE}), NOW).readable[0]

    sent = json.loads(seal(NOTICE, "notify", NOW, cause).envelope)

    assert (sent["correlationid"], sent["causationid"], sent["traceparent"]) == ("story", str(cause.id), TRACE)
    assert sent["subject"] == str(NOTICE.notice_id)


def test_a_report_without_a_trace_goes_on_with_that_of_its_arrival() -> None:
    cause = DECODER.decode(encoded(a_report()), NOW, Arrival(1, traceparent=TRACE)).readable[0]

    assert json.loads(seal(NOTICE, "notify", NOW, cause).envelope)["traceparent"] == TRACE


def test_an_event_without_a_cause_begins_a_story() -> None:
    sent = json.loads(seal(NOTICE, "notify", NOW).envelope)

    assert sent["correlationid"] == sent["id"]
    assert "causationid" not in sent


def test_a_name_gives_the_same_id_everywhere() -> None:
    assert named_id("sale", "citos", 1) == named_id("sale", "citos", 1)
    assert named_id("sale", "citos", 1) != named_id("sale", "citos", 11)


def test_an_event_belongs_to_the_day_of_its_own_time_in_utc() -> None:
    assert seal(NOTICE, "notify", datetime(2026, 11, 21, 23, 59, tzinfo=UTC)).day.isoformat() == "2026-11-21"


def test_a_senders_odd_characters_are_quoted() -> None:
    odd = 'sto"ry\\\n\u2028'
    cause = DECODER.decode(encoded(a_report() | {"correlationid": odd}), NOW).readable[0]

    assert json.loads(seal(NOTICE, "notify", NOW, cause).envelope)["correlationid"] == odd


def test_what_follows_from_an_event_has_one_id_beside_those_of_its_moment() -> None:
    causes = [new_id() for _ in range(100)]
    ids = [following_id(cause, maker) for cause in causes for maker in ("ani", "wati")]

    assert ids == [following_id(cause, maker) for cause in causes for maker in ("ani", "wati")]
    assert len(set(ids)) == 200
    assert [minted_at(key) for key in ids[::2]] == [minted_at(cause) for cause in causes]
    assert {(key.version, str(key.variant)) for key in ids} == {(8, RFC_4122)}

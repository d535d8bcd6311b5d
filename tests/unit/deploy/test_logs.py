"""`./karya logs`: JSON made readable."""

from deploy.local.commands.logs import readable


def test_a_line_of_json_shows_time_level_event_and_the_rest() -> None:
    line = '{"timestamp": "2026-11-21T03:02:11.123456Z", "level": "warning", "event": "parked", "code": "unknown_sku"}'
    assert readable("sales", line).plain == "sales     03:02:11.123 warning parked code=unknown_sku"


def test_a_trace_comes_after_its_line() -> None:
    shown = readable("sales", '{"event": "boom", "exception": "Traceback ...", "level": "error"}').plain
    assert shown.endswith("boom\nTraceback ...")


def test_what_is_no_json_is_shown_as_it_is() -> None:
    assert readable("postgres", "LOG: ready [1]").plain == "postgres  LOG: ready [1]"
    assert readable("postgres", "42").plain == "postgres  42"

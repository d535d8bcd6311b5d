"""The bank file that has come back: read as spreadsheets save it, every fault by its line."""

import pytest

from services.sales.domain.paying import attempt_key
from services.sales.domain.results import read_results
from shared.contracts.sales.paying import RowResult
from shared.errors import Invalid

ONE, TWO = attempt_key("b", "1", 1), attempt_key("b", "2", 1)  # type: ignore[arg-type]


def faults(text: str) -> list[str]:
    with pytest.raises(Invalid) as fault:
        read_results(text.encode())
    return [f"{one['field']}: {one['reason']}" for one in fault.value.errors]


def test_the_file_that_was_handed_out_comes_back_with_outcomes() -> None:
    text = (
        "\ufeffbatch,attempt_key,payee_kind,amount,reference,outcome,reason\r\n"
        f"b,{ONE},maker,364000,{ONE} x,paid,\r\n"
        f"b,{TWO},maker,10,{TWO} x,Failed,REKENING TUTUP\r\n"
        "\r\n"
        "TOTAL,2,,364010,,,\r\n"
    )
    lines = read_results(text.encode())
    assert [line.number for line in lines] == [2, 3]
    assert [line.result for line in lines] == [
        RowResult(attempt_key=ONE, outcome="paid", amount=364_000),
        RowResult(attempt_key=TWO, outcome="failed", amount=10, reason="REKENING TUTUP"),
    ]


def test_a_key_and_an_outcome_are_enough_in_whatever_order_with_semicolons() -> None:
    [line] = read_results(f"Outcome;Attempt_Key\nunknown;{ONE}\n".encode())
    assert line.result == RowResult(attempt_key=ONE, outcome="unknown")


def test_a_total_needs_no_column_for_its_name() -> None:
    assert len(read_results(f"attempt_key,amount,outcome\n{ONE},10,paid\nTOTAL,10,\n".encode())) == 1


def test_a_text_that_was_kept_from_being_a_formula_is_read_as_it_was() -> None:
    [line] = read_results(f"attempt_key,outcome,reason\n{ONE},failed,'=closed\n".encode())
    assert line.result.reason == "=closed"


def test_every_fault_is_named_by_its_line() -> None:
    text = f"attempt_key,outcome,amount\n{ONE},lost,1\nKR1,paid,1\n{TWO},paid,1.000\n"
    assert faults(text) == [
        "line 2: outcome is none of paid, failed, unknown",
        "line 3: attempt_key cannot be read",
        "line 4: amount is not in whole rupiah, without dots",
    ]


@pytest.mark.parametrize(
    ("total", "reason"),
    [("TOTAL,paid,10", "attempt_key says paid, the rows say 1"), ("TOTAL,1,11", "amount says 11, the rows say 10")],
)
def test_a_total_that_does_not_tie_out_is_refused(total: str, reason: str) -> None:
    assert faults(f"batch,attempt_key,amount,outcome\nb,{ONE},10,paid\n{total},\n") == [f"line 3: TOTAL: {reason}"]


@pytest.mark.parametrize(
    "text", ["", "attempt_key\n", "attempt_key,outcome\n", "outcome,reason\npaid,x\n", "attempt_key,outcome\nTOTAL,0\n"]
)
def test_what_holds_no_result_is_refused(text: str) -> None:
    [fault] = faults(text)
    assert fault.startswith("content: ")


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(Invalid, match="UTF-8"):
        read_results(b"\xff\xfe\x00")

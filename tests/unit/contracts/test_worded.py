"""What is wrong with a value is said in words that somebody at a desk understands, and never with the value."""

import pytest
from pydantic import ValidationError

from shared.contracts.catalog.selection import SetCriteria
from shared.contracts.message import Part
from shared.contracts.training import RegisterMaker
from shared.contracts.training.planning import Recurrence
from shared.runtime.decode import faults

HOME = {"rusun": "marunda", "block": "A", "unit": "1"}
ANI = {"name": "Ani", "phone": "081234567890"} | HOME


@pytest.mark.parametrize(
    ("kind", "given", "field", "reason"),
    [
        (RegisterMaker, ANI | {"nik": "3175 0745"}, "nik", "a NIK has 16 digits, without spaces"),
        (RegisterMaker, ANI | {"email": "ani"}, "email", "an e-mail address, such as siti@example.org"),
        (
            Recurrence,
            {"weekdays": ["monday"], "start": "9", "from": "2027-01-01"},
            "start",
            "a time of day, such as 09:00",
        ),
        (
            SetCriteria,
            {"valid_from": "2027-01-01T00:00:00Z", "pass_mark": 700, "quorum": 1, "weights": {"finish": 90}},
            "weights",
            "the weights must be 100 together, they are 90",
        ),
    ],
)
def test_a_fault_is_named_in_plain_words(kind: type[Part], given: object, field: str, reason: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        kind.model_validate(given)

    assert faults(wrong.value) == [{"field": field, "reason": reason}]

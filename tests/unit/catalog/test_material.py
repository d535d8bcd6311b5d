"""What may be called batik."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain import material
from shared.contracts.training import Craft
from shared.errors import Invalid, Rejected

OTHERS = [craft for craft in Craft if craft is not Craft.BATIK]


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("tulis", "tulis"),
        ("Batik Tulis", "tulis"),
        ("canting tulis", "tulis"),
        ("cap", "cap"),
        ("batik cap", "cap"),
        ("KOMBINASI", "kombinasi"),
        ("tulis dan cap", "kombinasi"),
        ("cap + tulis", "kombinasi"),
        ("kombinasi cap dan tulis", "kombinasi"),
    ],
)
def test_a_technique_of_batik_is_known_however_it_is_written(said: str, known: str) -> None:
    assert material.technique_of(Craft.BATIK, said) == known


@pytest.mark.parametrize("said", ["colet", "batik", "tulis dan colet", "sulam", "tulisan", "kombinasi colet"])
def test_another_technique_is_none_of_batik(said: str) -> None:
    with pytest.raises(Invalid) as refused:
        material.technique_of(Craft.BATIK, said)

    assert (refused.value.code, refused.value.errors[0]["field"]) == ("technique_unknown", "technique")


@given(st.sampled_from(OTHERS), st.text(min_size=1))
def test_other_crafts_name_their_techniques_as_they_like(craft: Craft, said: str) -> None:
    assert material.technique_of(craft, said) == said


@pytest.mark.parametrize(
    ("craft", "title", "technique", "cloth"),
    [
        (Craft.BATIK, "Kain", "printing", "katun"),
        (Craft.BATIK, "Kain", "tulis", "katun cetak"),
        (Craft.SEWING, "Tas Batik", "jahit", "kain sablon"),
        (Craft.SEWING, "Tas", "jahit", "batik print"),
        (Craft.SEWING, "Dompet", "digital printing", "katun motif batik"),
    ],
)
def test_printed_cloth_is_not_called_batik(craft: Craft, title: str, technique: str, cloth: str) -> None:
    with pytest.raises(Rejected, match="printed_is_no_batik"):
        material.check_authentic(craft, title, technique, cloth)


@pytest.mark.parametrize(
    ("craft", "title", "technique", "cloth"),
    [
        (Craft.BATIK, "Kain batik", "tulis", "katun primisima"),
        (Craft.SEWING, "Tas bunga", "jahit", "kain printing"),
        (Craft.SEWING, "Tas batik", "jahit", "batik cap"),
        (Craft.NEWSPAPER_MINIATURES, "Becak", "pilin kertas", "koran bekas"),
    ],
)
def test_what_is_called_by_its_name_is_welcome(craft: Craft, title: str, technique: str, cloth: str) -> None:
    material.check_authentic(craft, title, technique, cloth)

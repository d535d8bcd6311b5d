"""JSON merge patch, by the examples of RFC 7396 and for any documents."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.parked.merge import merge

EXAMPLES: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]
"""Appendix A: the document, the patch, the result."""

names = st.sampled_from(["a", "b", "c", "data"])
leaves = st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)
documents = st.recursive(leaves, lambda inner: st.dictionaries(names, inner, max_size=4), max_leaves=10)
patches = st.recursive(leaves | st.none(), lambda inner: st.dictionaries(names, inner, max_size=4), max_leaves=10)


@pytest.mark.parametrize(("document", "patch", "result"), EXAMPLES)
def test_the_examples_of_the_standard(document: Any, patch: Any, result: Any) -> None:
    assert merge(document, patch) == result


def difference(old: Any, new: Any) -> Any:
    """The smallest patch that makes the new out of the old."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return new
    gone = dict.fromkeys(old.keys() - new.keys())
    return gone | {name: difference(old.get(name), new[name]) for name in new if old.get(name) != new[name]}


@given(documents, documents)
def test_any_document_without_null_can_be_made_of_any_other(old: Any, new: Any) -> None:
    assert merge(old, difference(old, new)) == new


@given(documents, patches)
def test_a_patch_that_is_applied_again_changes_nothing_more(document: Any, patch: Any) -> None:
    once = merge(document, patch)

    assert merge(once, patch) == once


@given(st.dictionaries(names, documents), patches)
def test_neither_the_document_nor_the_patch_is_changed(document: dict[str, Any], patch: Any) -> None:
    before = repr(document), repr(patch)
    merge(document, patch)

    assert (repr(document), repr(patch)) == before


@given(st.dictionaries(names, documents))
def test_an_empty_patch_changes_nothing(document: dict[str, Any]) -> None:
    assert merge(document, {}) == document

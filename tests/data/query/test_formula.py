"""Formulas: what they read, and what they give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northing.data.query.formula import FormulaError, evaluate, letters_of, parse_formula


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A/B*100", 50),
        ("a + b", 6),
        ("(A+B)*2", 12),
        ("-A - -B", 2),
        ("A/0", 0),
        ("1.5*B", 6),
        ("A-B-C", -3),
        ("8/B/2", 1),
        (".5", 0.5),
    ],
)
def test_values(text: str, value: float) -> None:
    assert evaluate(parse_formula(text, "ABC"), {"A": 2, "B": 4, "C": 1}) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A+",
        "(A",
        "A)",
        "A B",
        "D",
        "A**B",
        "sum(A)",
        "A;B",
        "__import__",
        "1e5",
        "A" * 600,
        "(" * 90 + "A" + ")" * 90,
    ],
)
def test_faults(text: str) -> None:
    with pytest.raises(FormulaError):
        parse_formula(text, "ABC")


def test_letters() -> None:
    assert letters_of(parse_formula("A/(B+1)", "ABC")) == {"A", "B"}


def test_overflow_is_nought() -> None:
    huge = parse_formula("A*A", "A")
    assert evaluate(huge, {"A": 1e200}) == 0


_leaves = st.sampled_from(["A", "B", "2", "0.5"])
_formulas = st.recursive(
    _leaves,
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
    max_leaves=8,
)


@given(_formulas)
def test_agrees_with_python(text: str) -> None:
    expected = eval(text, {"A": 3.0, "B": -2.0})
    assert evaluate(parse_formula(text, "AB"), {"A": 3.0, "B": -2.0}) == pytest.approx(expected)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        evaluate(parse_formula(text, "ABC"), {"A": 1, "B": 2, "C": 0})
    except FormulaError:
        return

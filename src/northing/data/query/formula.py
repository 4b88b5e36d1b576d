"""Formulas over series: `A/B*100`, with letters in the order of the series; a division by zero is 0."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

MAX_FORMULA = 500
MAX_DEPTH = 40
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d*)?|\.\d+)|([A-Za-z])(?![A-Za-z0-9])|([-+*/()]))")


class FormulaError(ValueError):
    """The formula's text cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Letter:
    """The value of one series."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Two values joined by a sign."""

    sign: str
    left: Formula
    right: Formula


Formula = Number | Letter | Operation


def parse_formula(text: str, letters: str) -> Formula:
    """The formula as a tree; `letters` are those that name a series. Raises `FormulaError`."""
    if len(text) > MAX_FORMULA:
        raise FormulaError(f"is too long (at most {MAX_FORMULA} characters)")
    parser = _Parser(_tokens(text), letters)
    tree = parser.sum(0)
    if parser.peek():
        raise FormulaError(f"has an unexpected {parser.peek()!r}")
    return tree


def evaluate(formula: Formula, values: Mapping[str, float]) -> float:
    """The formula's value; division by zero, and any result that is no finite number, is 0."""
    match formula:
        case Number(value):
            return value
        case Letter(name):
            return values.get(name, 0)
        case Operation(sign, left, right):
            return _apply(sign, evaluate(left, values), evaluate(right, values))


def letters_of(formula: Formula) -> frozenset[str]:
    """The letters a formula reads."""
    match formula:
        case Letter(name):
            return frozenset(name)
        case Operation(_, left, right):
            return letters_of(left) | letters_of(right)
    return frozenset()


def _apply(sign: str, left: float, right: float) -> float:
    if sign == "/":
        result = left / right if right else 0.0
    elif sign == "*":
        result = left * right
    else:
        result = left + right if sign == "+" else left - right
    return result if isfinite(result) else 0.0


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise FormulaError(
                f"cannot be read at {text[at:].strip()[:20]!r}; use letters, numbers, + - * / and parentheses"
            )
        tokens.append(match[0].strip().upper())
        at = match.end()
    return tokens


class _Parser:
    """Recursive descent: sum of products of factors."""

    def __init__(self, tokens: list[str], letters: str) -> None:
        self._tokens = tokens
        self._letters = letters
        self._at = 0

    def peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self.peek()
        self._at += 1
        return token

    def sum(self, depth: int) -> Formula:
        tree = self._product(depth)
        while self.peek() in ("+", "-"):
            tree = Operation(self._take(), tree, self._product(depth))
        return tree

    def _product(self, depth: int) -> Formula:
        tree = self._factor(depth)
        while self.peek() in ("*", "/"):
            tree = Operation(self._take(), tree, self._factor(depth))
        return tree

    def _factor(self, depth: int) -> Formula:
        if depth > MAX_DEPTH:
            raise FormulaError("is nested too deeply")
        token = self._take()
        if token == "-":
            return Operation("-", Number(0), self._factor(depth + 1))
        if token == "(":
            tree = self.sum(depth + 1)
            if self._take() != ")":
                raise FormulaError("lacks a closing parenthesis")
            return tree
        return self._leaf(token)

    def _leaf(self, token: str) -> Formula:
        if not token:
            raise FormulaError("ends too early")
        if token in self._letters:
            return Letter(token)
        if token.isalpha():
            raise FormulaError(f"names series {token}, but there are only {', '.join(self._letters) or 'none'}")
        if token[0].isdigit() or token[0] == ".":
            return Number(float(token))
        raise FormulaError(f"has an unexpected {token!r}")

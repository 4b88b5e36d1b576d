"""What a query kind is made of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from northing.data.query.people import People
from northing.data.query.ranges import Range
from northing.data.query.reader import Reader
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.suspects import Suspect

Q = TypeVar("Q")


def _nobody(query: Any, result: Any) -> Iterator[Suspect]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Kind(Generic[Q]):
    """One kind of question.

    `read` parses its own fields, `answer` works it out. `people` plans who is behind one number of the answer: the
    reader holds the `point`, whose fields the kind defines. `suspects` are the names to look up where an answer is
    empty. A kind that is not `dated` gets a span all the same, which it ignores.
    """

    name: str
    read: Callable[[Reader, Scope], Q]
    answer: Callable[[Q, Range, Scope, Ask], Awaitable[Answer]]
    people: Callable[[Q, Range, Scope, Reader], People]
    suspects: Callable[[Q, Any], Iterator[Suspect]] = _nobody
    is_dated: bool = True

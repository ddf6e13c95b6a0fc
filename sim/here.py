"""The world as the compiled story sees it: on one day it answers, moves and records as `world.World` does.

numba compiles a function twice that takes any number of arguments, and for each rule anew. So `asks` is no function
here: where the story asks a rule, the call of the rule is written.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from numba import types
from numba.core.typing.templates import AttributeTemplate, bound_function, signature
from numba.extending import infer_getattr, lower_builtin, overload_method

from sim.compiling import WITHIN
from sim.journal import Authority, State
from sim.law import Numbers

GIVEN = ("numbers", "people", "day")  # what of the world every rule is given


class Here(NamedTuple):
    """The world as the compiled story sees it on one day; `count` holds how many lines of the journal are written."""

    numbers: Numbers
    people: Any
    rooms: Any
    lines: Any
    count: Any
    day: int


@infer_getattr
class Answers(AttributeTemplate):  # type: ignore[misc]
    """The type of `world.asks(rule, person, *more)`: of what the rule says of the person under the law of today."""

    key = types.NamedTuple

    @bound_function("asks")  # type: ignore[untyped-decorator]
    def resolve_asks(self, world: Any, asked: Sequence[Any], named: Any) -> Any:
        """Return the signature of the method for the types of a rule, a person and what more; None if any is named."""
        return None if named else signature(call_of(self.context, world, *asked).return_type, *asked)


@lower_builtin("asks", types.NamedTuple, types.VarArg(types.Any))  # type: ignore[untyped-decorator]
def asks(context: Any, builder: Any, signed: Any, values: Sequence[Any]) -> Any:
    """Write `rule(world.numbers, world.people, person.number, world.day, *more)`, and return what stands for it."""
    (world, rule, person, *_), (here, _, record, *more) = signed.args, values

    def part(of: Any, name: str, value: Any) -> Any:
        return context.get_getattr(of, name)(context, builder, of, value, name)

    numbers, people, day = (part(world, name, here) for name in GIVEN)
    called = context.get_function(rule, call_of(context.typing_context, *signed.args))
    context.add_linking_libs(getattr(called, "libs", ()))
    return called(builder, [numbers, people, part(person, "number", record), day, *more])


def call_of(typing: Any, world: Any, rule: Any, person: Any, *more: Any) -> Any:
    """Return the signature of the call of a rule, for numba's types of a world, a rule, a person and what more."""
    numbers, people, day = (world.types[world.fields.index(name)] for name in GIVEN)
    return rule.get_call_type(typing, (numbers, people, person.typeof("number"), day, *more), {})


@overload_method(types.NamedTuple, "moves", jit_options=WITHIN)  # type: ignore[untyped-decorator]
def moves(world: Here, person: Any, state: State) -> Callable[..., None]:
    """Put a person in a state from today."""

    def here(world: Here, person: Any, state: State) -> None:
        person.state, person.since = state, world.day

    return here


@overload_method(types.NamedTuple, "records", jit_options=WITHIN)  # type: ignore[untyped-decorator]
def records(
    world: Here, person: Any, event: Any, because: Any = Authority.CHANCE, detail: Any = 0
) -> Callable[..., None]:
    """Write in the journal what has just happened to a person, and the state it left them in."""

    def here(world: Here, person: Any, event: Any, because: Any = Authority.CHANCE, detail: Any = 0) -> None:
        line = world.lines[world.count[0]]
        line.day, line.person, line.event, line.state = world.day, person.number, event, person.state
        line.because, line.detail = because, detail
        world.count[0] += 1

    return here

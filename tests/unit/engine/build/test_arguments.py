"""How the build arguments of a Dockerfile are read, and declared once more after a cut."""

import pytest

from factorlab.engine.build.arguments import declared
from factorlab.engine.build.dockerfile import argument_names, is_name


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("ARG REVISION", ["REVISION"]),
        ("arg A=1 B C=", ["A", "B", "C"]),
        ("ARG A='b c' D=\"e f=g\" H=i\\ j", ["A", "D", "H"]),
        ("ARG A='it\"s' B=\"it's\" C=x'y z'w", ["A", "B", "C"]),
        (r'ARG A="\" B=1" C', ["A", "C"]),
        ("ARG A=${B:-c}", ["A"]),
        ("ARG", []),
    ],
)
def test_an_arg_line_is_split_as_the_builder_splits_it(line, names):
    assert argument_names(line) == names


@pytest.mark.parametrize("name", ["", "1A", "a-b", "$A", "A.B", '"A"', "\u00c4", "A\n"])
def test_what_names_no_variable_of_a_shell(name):
    assert not is_name(name)


def test_a_value_is_declared_once_more_as_what_it_is():
    lines = declared({"A": "1", "B": 'a "b" \\ $C \'', "D": "a line\nand another"})
    assert lines == ['ARG A="1"', r'''ARG B="a \"b\" \\ \$C '"''', "ARG D"]

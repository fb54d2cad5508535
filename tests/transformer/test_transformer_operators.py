"""What is refused of einsums and numbers of inputs, in words; results that need no gradient."""

import pytest

from simastra.transformer.graph import TableError, backward_graph, parse_table
from simastra.transformer.graph.operators import Einsum

HEADINGS = "id,require_grads,x1,x2,x3,x4,op_type,op_attr,x1_shape,y_shape"
GIVEN = f'{HEADINGS}\nx,N,,,,,T,,"A, B",\nw,Y,,,,,T,,"B, C",\n'


def problem(row: str) -> str:
    with pytest.raises(TableError) as caught:
        parse_table(GIVEN + row + "\n", "t.csv")
    return caught.value.problem


@pytest.mark.parametrize(
    "text",
    ["ab", "ab->", "->", "ab,bc", "aa->a", "ab->aa", "a1->a", "ab,->a", "ab->c", "a,b,c->a", ""],
)
def test_what_is_no_einsum_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="isn't an einsum of one or two inputs"):
        Einsum.parse(text)


def test_an_einsum_is_its_labels() -> None:
    assert Einsum.parse("ab -> ba") == Einsum(("ab",), "ba")
    einsum = Einsum.parse("abc,cdb->ad")
    assert (einsum.inputs, einsum.output, einsum.contracted) == (("abc", "cdb"), "ad", ("b", "c"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("y,N,x,,,,A,,,", "A has 1 inputs; 2 to 9 are wanted"),
        ("y,N,,,,,E,1,,", "E has 0 inputs; 1 to 9 are wanted"),
        ("y,N,x,x,,,I,,,", "I has 2 inputs; 1 are wanted"),
        ("y,N,x,,,,L,,,", "L has 1 inputs; 2 are wanted"),
        ("y,N,x,w,,,L,,,", ""),
        ('y,N,x,x,,,R,,,"B, A"', "R has 2 inputs; 1 are wanted"),
        ('y,N,x,w,w,w,M,"ab,bc->ac",,', "M has 4 inputs; 1 to 3 are wanted"),
        ("y,N,x,,,,R,,,", "y_shape is empty; the output's shape is wanted"),
        ("y,N,x,,,,CUSTOM,,,", "op_attr is empty; a number of operations is wanted"),
    ],
)
def test_an_operator_has_as_many_inputs_as_it_takes(row: str, words: str) -> None:
    if words:
        assert problem(row) == words
    else:
        assert str(parse_table(GIVEN + row, "t.csv").tensors["y"].layout) == "[A, B, C]"


def test_a_result_that_stops_gradients_has_no_backward_pass() -> None:
    flows = parse_table(GIVEN + 'y,N,x,w,,,M,"ab,bc->ac",,\n', "t.csv")
    assert [tensor.id for tensor in backward_graph(flows).inputs] == ["d_y"]
    assert {use.tensor.of for use in backward_graph(flows).results} == {"x", "w"}
    stops = parse_table(GIVEN + 'y,stop,x,w,,,M,"ab,bc->ac",,\n', "t.csv")
    backward = backward_graph(stops)
    assert (backward.inputs, backward.operators, backward.results) == ((), (), ())

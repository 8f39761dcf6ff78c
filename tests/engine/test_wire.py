"""What may cross between the rooms, and what may not."""

import subprocess
import sys
from collections import OrderedDict, namedtuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.engine import wire
from autograder.engine.wire import NotPlain, decode, encode


def same(left, right):
    """Equal in type and value all the way down; nan equals nan."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return same(list(left.items()), list(right.items()))
    if isinstance(left, float):
        return left == right or (left != left and right != right)
    return left == right


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.just(...)
)
plain = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner), st.lists(inner).map(tuple), st.dictionaries(st.text(), inner)
    ),
    max_leaves=20,
)


@given(plain)
@settings(max_examples=150, deadline=None)
def test_plain_data_cross_unchanged(value):
    assert same(decode(encode(value)), value)


@given(st.binary(max_size=200))
@settings(max_examples=400, deadline=None)
def test_any_bytes_decode_or_are_not_plain(data):
    try:
        decode(data)
    except NotPlain:
        return


@given(plain, st.data())
@settings(max_examples=200, deadline=None)
def test_a_changed_byte_never_raises_anything_but_not_plain(value, data):
    message = bytearray(encode([value, np.arange(6.0).reshape(2, 3), torch.ones(2, dtype=bool)]))
    where = data.draw(st.integers(0, len(message) - 1))
    message[where] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(message))
    except NotPlain:
        return


@pytest.mark.parametrize(
    "value", [slice(1, None, 2), {1, 2}, frozenset("ab"), range(3, 9, 2), 2**400]
)
def test_slices_sets_ranges_and_long_integers_cross(value):
    assert same(decode(encode(value)), value)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12).astype(dtype).reshape(3, 4)
        for dtype in ("i1", "u2", "<i4", ">i4", "i8", "f2", "f4", ">f8", "c8", "c16", "U4", "S3")
    ]
    + [
        np.array(3.5),
        np.zeros((0, 3)),
        np.array([True, False]),
        np.arange(24.0).reshape(2, 3, 4).transpose(2, 0, 1),
        np.arange(10)[::-2],
        np.array(["apfel", "äpfel", ""]),
        np.array([np.nan, np.inf, -0.0]),
    ],
    ids=str,
)
def test_arrays_keep_type_shape_and_bytes(array):
    arrived = decode(encode(array))
    assert arrived.dtype == array.dtype and arrived.shape == array.shape
    assert arrived.tobytes() == array.tobytes()
    assert arrived.flags.writeable


def test_a_transposed_array_stays_transposed_and_a_read_only_one_read_only():
    array = np.arange(6.0).reshape(2, 3).T
    array.flags.writeable = False
    arrived = decode(encode(array))
    assert arrived.strides == array.strides and not arrived.flags.writeable


@pytest.mark.parametrize("name", sorted(wire._TORCH_DTYPES))
def test_tensors_keep_type_shape_and_bits(name):
    tensor = torch.arange(6).reshape(2, 3).to(getattr(torch, name)).T
    arrived = decode(encode(tensor))
    assert arrived.dtype == tensor.dtype and arrived.shape == tensor.shape
    assert arrived.stride() == tensor.stride() and torch.equal(arrived, tensor)


def test_conjugated_empty_and_nought_dimensional_tensors_cross():
    for tensor in (torch.tensor([1 + 2j]).conj(), torch.zeros(0, 3), torch.tensor(2.5)):
        assert torch.equal(decode(encode(tensor)), tensor.resolve_conj())


def test_the_gradient_flag_crosses_and_the_graph_does_not():
    x = torch.ones(3, requires_grad=True)
    arrived = decode(encode(2 * x))
    assert arrived.requires_grad and arrived.is_leaf


def test_numpy_scalars_keep_their_type():
    for value in (np.float32(1.5), np.int8(-3), np.bool_(True), np.str_("ab"), np.float64(2)):
        arrived = decode(encode(value))
        assert type(arrived) is type(value) and arrived == value


def test_subclasses_become_their_built_in_base():
    class Sly(int):
        def __eq__(self, other):
            return True

        __hash__ = int.__hash__

    class SlyArray(np.ndarray):
        def __eq__(self, other):
            return True

    point = namedtuple("point", "x y")(1, 2)
    sly_array = np.arange(3.0).view(SlyArray)
    arrived = decode(encode([Sly(3), point, OrderedDict(a=1), sly_array]))
    assert [type(part) for part in arrived] == [int, tuple, dict, np.ndarray]
    assert arrived[0] != 4 and not (arrived[3] == 7.0).any()


@pytest.mark.parametrize(
    "value",
    [
        object(),
        len,
        np.array([object()]),
        np.array([1, None]),
        np.ma.array([1], mask=[1]),
        np.zeros(2, dtype=[("a", int)]),
        np.longdouble(1),
        torch.eye(2).to_sparse(),
        lambda: 1,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_plain_is_refused(value):
    with pytest.raises(NotPlain):
        encode([value])


def test_a_list_inside_itself_and_a_huge_array_are_refused():
    knot = []
    knot.append(knot)
    with pytest.raises(NotPlain, match="deep"):
        encode(knot)
    with pytest.raises(NotPlain, match="bytes"):
        encode(np.broadcast_to(np.zeros(1), (10**9,)))


def test_booleans_that_numpy_never_makes_are_refused():
    for value in (np.array([True]), torch.tensor([True])):
        forged = encode(value)[:-1] + b"\x02"
        with pytest.raises(NotPlain, match="booleans"):
            decode(forged)


def test_code_points_beyond_unicode_are_refused():
    forged = encode(np.array(["a"]))[:-4] + b"\xff\xff\xff\x7f"
    with pytest.raises(NotPlain, match="Unicode"):
        decode(forged)


def test_a_shape_that_does_not_fit_its_bytes_is_refused():
    message = encode(np.zeros(3))
    forged = message.replace((3).to_bytes(8, "little"), (2**61 + 3).to_bytes(8, "little"), 2)
    assert forged != message
    with pytest.raises(NotPlain):
        decode(forged)


def test_handles_need_someone_who_knows_them():
    message = encode([len], to_handle=lambda obj: (7, "function") if obj is len else None)
    assert decode(message, from_handle=lambda number, name: f"{name} {number}") == ["function 7"]
    with pytest.raises(NotPlain, match="handle"):
        decode(message)


def test_importing_the_codec_does_not_import_torch():
    code = "import sys, autograder.engine.wire; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

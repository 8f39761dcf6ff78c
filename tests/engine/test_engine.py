"""Honest notebooks: scores, outputs, proxies, limits."""

import json
import os
import signal

import nbformat
import pytest

from autograder.engine import Engine, Limits
from autograder.engine.host import watch
from autograder.errors import EngineFault
from engine.building import (
    EXPORTS,
    RIGHT,
    WRONG,
    answer,
    check,
    exercise,
    notebook,
    run_all,
    setup,
    story,
)


def status(run):
    return {name: result.status for name, result in run.cells.items()}


def run_test(engine, answer_source, test_source, names=("f",), before="import numpy as np"):
    """Run one answer and one test; returns the test's result."""
    made = notebook(setup(before), answer(answer_source, "f"), check(test_source, "f_test"))
    return engine.run(made, {"f": list(names)}).cells["f_test"]


def test_a_right_answer_passes_and_a_wrong_one_fails_its_own_test_alone(engine):
    right = engine.run(exercise(RIGHT), EXPORTS)
    assert set(status(right).values()) == {"ok"}
    wrong = engine.run(exercise(WRONG), EXPORTS)
    assert status(wrong)["softmax_value"] == "error"
    assert wrong.cells["softmax_value"].error == "AssertionError: not the softmax of the scores"
    assert status(wrong)["double_value"] == "ok"


def test_the_notebook_that_comes_back_is_a_valid_one_with_its_outputs(engine):
    given = notebook(
        setup("import numpy as np\nimport matplotlib.pyplot as plt"),
        story("print('a')\nnp.arange(3)", "text"),
        story("plt.plot([0, 1]);", "figure"),
        story("1 / 0", "mistake"),
    )
    before = nbformat.writes(given)
    run = engine.run(given, {})
    assert nbformat.writes(given) == before, "the notebook that was given is left alone"
    nbformat.validate(run.notebook)
    _, text, figure, mistake = run.notebook.cells
    assert text.outputs[0] == {"output_type": "stream", "name": "stdout", "text": "a\n"}
    assert text.outputs[1].data == {"text/plain": "array([0, 1, 2])"}
    assert text.outputs[1].execution_count == text.execution_count == 2
    assert figure.outputs[0].data["image/png"].startswith("iVBOR")
    assert mistake.outputs[0].ename == "ZeroDivisionError"
    assert any("1 / 0" in line for line in mistake.outputs[0].traceback)


def test_cells_run_in_the_room_that_their_role_says(engine):
    run = engine.run(
        notebook(
            setup("place = 'both'"),
            answer("def f():\n    return place\nplace = 'learner'", "f"),
            story("extra = 1", "extra"),
            check("assert f() == 'learner'\nassert place == 'both'", "own_names"),
            check("extra", "not_exported"),
            story("raise ValueError", "shown", tags=["demo"]),
            story("  ", "empty"),
        ),
        {"f": ["f"]},
    )
    assert run.cells["own_names"].status == "ok"
    assert run.cells["not_exported"].error == "NameError: name 'extra' is not defined"
    assert run.cells["shown"].status == run.cells["empty"].status == "skipped"


def test_a_demo_cell_runs_when_asked_for(engine):
    made = notebook(story("shown = 7\nshown", "shown", tags=["demo"]))
    run = engine.run(made, {}, demo=True)
    assert run.notebook.cells[0].outputs[0].data == {"text/plain": "7"}


def test_a_set_up_cell_may_use_an_earlier_answer(engine):
    run = engine.run(
        notebook(
            answer("def f(x):\n    return x + 1", "f"),
            setup("made = f(1)", "later"),
            check("assert made == 2", "used"),
        ),
        {"f": ["f"]},
    )
    assert set(status(run).values()) == {"ok"}


CREDIT = {"0.5": 0.5, "1": 1.0, "np.float32(0.25)": 0.25, "-1": -1.0}
NO_CREDIT = dict.fromkeys(["True", "np.nan", "np.inf", "'1'", "np.array(1.0)", "1.0;", "x = 1.0"])


@pytest.mark.parametrize(("last_line", "value"), (CREDIT | NO_CREDIT).items())
def test_partial_credit_is_a_plain_finite_number_or_none(engine, last_line, value):
    result = run_test(engine, "def f(): pass", last_line)
    assert (result.status, result.value) == ("ok", value)


def test_a_value_in_a_learners_cell_is_no_partial_credit(engine):
    run = engine.run(notebook(answer("1.0", "f")), {})
    assert run.cells["f"].value is None


@pytest.mark.parametrize(
    "kind", ["NotImplementedError", "ValueError", "KeyError", "RecursionError"]
)
def test_a_built_in_exception_arrives_as_itself(engine, kind):
    test = f"try:\n    f()\nexcept {kind} as e:\n    assert 'why' in str(e)\nelse:\n    assert 0"
    assert run_test(engine, f"def f():\n    raise {kind}('why')", test).status == "ok"


def test_an_exception_of_the_learners_own_arrives_under_its_name_and_base(engine):
    answer_source = "class Odd(LookupError): pass\ndef f():\n    raise Odd('here')"
    result = run_test(engine, answer_source, "f()")
    assert result.error == "Odd: here"
    caught = run_test(engine, answer_source, "try:\n    f()\nexcept LookupError:\n    pass")
    assert caught.status == "ok"


@pytest.mark.parametrize(
    ("body", "what_a_learner_reads"),
    [
        (
            "np.ones((2, 2)).swapaxes(1, 2)",
            "AxisError: axis2: axis 2 is out of bounds for array of dimension 2",
        ),
        ("np.ones(2).sum(axis=3)", "AxisError: axis 3 is out of bounds for array of dimension 1"),
        ("raise KeyError('k')", "KeyError: 'k'"),
        ("{}[3]", "KeyError: 3"),
        ("open('no.txt')", "FileNotFoundError: [Errno 2] No such file or directory: 'no.txt'"),
        (
            "b'\\xff'.decode()",
            "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: "
            "invalid start byte",
        ),
        (
            "raise ExceptionGroup('both', [ValueError(1), KeyError(2)])",
            "ExceptionGroup: both (2 sub-exceptions)",
        ),
        ("assert False", "AssertionError"),
    ],
)
def test_a_learner_reads_of_an_exception_what_python_says_of_it(engine, body, what_a_learner_reads):
    result = run_test(engine, f"def f():\n    {body}", "f()")
    assert result.error == what_a_learner_reads


def test_an_error_with_a_text_of_its_own_is_still_of_its_built_in_types(engine):
    answer_source = "def f():\n    np.ones(2).swapaxes(0, 1)"
    caught = "try:\n    f()\nexcept ValueError as e:\n    assert 'out of bounds' in str(e)"
    assert run_test(engine, answer_source, f"{caught}\nelse:\n    assert 0").status == "ok"


def test_a_missing_name_is_a_name_error_and_a_plain_value_arrives_as_itself(engine):
    assert run_test(engine, "pass", "f").error == "NameError: name 'f' is not defined"
    assert run_test(engine, "f = [1, 2.5]", "assert f == [1, 2.5]").status == "ok"


def test_a_name_that_the_learner_redefines_later_counts_as_it_is_at_the_test(engine):
    run = engine.run(
        notebook(
            answer("def f(): return 1", "f"),
            check("assert f() == 1", "before"),
            story("def f(): return 2", "redefined"),
            check("assert f() == 2", "after"),
        ),
        {"f": ["f"]},
    )
    assert set(status(run).values()) == {"ok"}


def test_arguments_changed_in_place_are_changed_for_the_test_as_well(engine):
    answer_source = """
def f(array, numbers, table, tensor):
    array[0, 1] = 7.0
    numbers.append(3)
    table["a"][0] = 5
    tensor.mul_(2)
"""
    test = """
whole = np.zeros((2, 3))
view, numbers, inner, tensor = whole[:, ::2], [1], [0], torch.ones(2)
table = {"a": inner}
f(view, numbers, table, tensor)
assert whole[0, 2] == 7.0 and numbers == [1, 3] and inner == [5] and tensor.tolist() == [2, 2]
"""
    before = "import numpy as np\nimport torch"
    result = run_test(engine, answer_source, test, before=before)
    assert result.error is None


def test_one_array_given_twice_is_one_array_over_there(engine):
    answer_source = "def f(a, b):\n    a[0] = 9\n    return b[0], a is b"
    test = "x = np.zeros(2)\nassert f(x, x) == (9.0, True)\nassert x[0] == 9.0"
    assert run_test(engine, answer_source, test).error is None


def test_a_read_only_argument_cannot_be_written_to(engine):
    test = (
        "x = np.zeros(2)\nx.flags.writeable = False\ntry:\n    f(x)\nexcept ValueError:\n    pass"
    )
    assert run_test(engine, "def f(x):\n    x[0] = 1", test + "\nelse:\n    assert 0").error is None


def test_what_a_function_prints_during_a_test_stands_in_the_tests_output_in_order(engine):
    made = notebook(
        answer("def f():\n    print('from f')", "f"),
        check("print('before')\nf()\nprint('after')", "order"),
    )
    output = engine.run(made, {"f": ["f"]}).notebook.cells[1].outputs[0]
    assert output.text == "before\nfrom f\nafter\n"


def test_a_warning_of_the_learners_is_no_failure(engine):
    result = run_test(engine, "def f():\n    return np.zeros(1) / 0", "assert np.isnan(f()).all()")
    assert result.status == "ok"


def test_no_grad_and_errstate_hold_in_the_learners_function_too(engine):
    answer_source = "def f(x):\n    return torch.is_grad_enabled(), np.geterr()['over']"
    test = "with torch.no_grad(), np.errstate(over='raise'):\n    assert f(1) == (False, 'raise')"
    before = "import numpy as np\nimport torch"
    assert run_test(engine, answer_source, test, before=before).error is None


def test_objects_stay_with_the_learner_and_answer_by_handle(engine):
    answer_source = """
import torch
def f(n):
    return torch.nn.Linear(n, 2)
"""
    test = """
layer = f(3)
assert layer(torch.zeros(4, 3)).shape == (4, 2)
assert layer.weight.shape == (2, 3) and layer.weight.requires_grad
layer.eval()
assert layer.training is False
assert len(layer.state_dict()) == 2
"""
    assert run_test(engine, answer_source, test, before="import torch").error is None


def test_generators_and_inner_functions_answer_by_handle(engine):
    answer_source = "def f(n):\n    yield from range(n)\ndef g(a):\n    return lambda b: a + b"
    test = "assert list(f(3)) == [0, 1, 2]\nassert g(1)(2) == 3\nassert next(f(2)) == 0"
    assert run_test(engine, answer_source, test, names=("f", "g")).error is None


def test_an_async_function_gives_its_value(engine):
    assert run_test(engine, "async def f():\n    return 5", "assert f() == 5").error is None


def test_top_level_await_and_magics_work(engine):
    made = notebook(
        story("import asyncio\nawait asyncio.sleep(0)\n5", "waits"),
        story("%timeit -n1 -r1 1", "magic"),
        story("!echo from a shell", "shell"),
    )
    run = engine.run(made, {})
    assert set(status(run).values()) == {"ok"}
    assert "from a shell" in run.notebook.cells[2].outputs[0].text


def test_training_a_small_net_works_with_workers_and_threads(engine):
    source = """
import threading, torch
from torch.utils.data import DataLoader, TensorDataset
layer = torch.nn.Linear(3, 1)
optimiser = torch.optim.Adam(layer.parameters())
rows = TensorDataset(torch.ones(8, 3))
for (x,) in DataLoader(rows, batch_size=4, num_workers=2):
    layer(x).sum().backward()
    optimiser.step()
thread = threading.Thread(target=print, args=("in a thread",))
thread.start(); thread.join()
"""
    run = engine.run(notebook(story(source, "training")), {})
    assert run.cells["training"].error is None
    assert "in a thread" in run.notebook.cells[0].outputs[0].text


def test_random_numbers_are_the_same_in_every_run(engine):
    source = "import random, numpy as np, torch\n(random.random(), np.random.rand(), torch.rand(1))"
    made = notebook(answer(source, "draws"))
    texts = {engine.run(made, {}).notebook.cells[0].outputs[0].data["text/plain"] for _ in "ab"}
    assert len(texts) == 1


def test_the_examiner_knows_the_classs_seed_and_the_learner_does_not(engine):
    test = "import os\nassert os.environ['AUTOGRADER_SEED'] == '20261121'\nassert f() is None"
    answer_source = "import os\ndef f():\n    return os.environ.get('AUTOGRADER_SEED')"
    assert run_test(engine, answer_source, test).error is None


def test_a_hang_in_a_test_costs_that_test_alone(engine):
    made = exercise(RIGHT.replace("def softmax(x, axis=-1):", "def softmax(x):\n    while 1: pass"))
    run = engine.run(made, EXPORTS)
    assert run.cells["softmax_value"].status == "timeout"
    assert run.cells["softmax_value"].error == "stopped after 3 s"
    assert run.cells["double_value"].status == "ok"


def test_a_crash_in_an_answer_leaves_the_other_answers(engine):
    run = engine.run(exercise("import os\nos._exit(0)"), EXPORTS)
    assert status(run) == {
        "setup": "ok", "softmax": "killed", "softmax_value": "error",
        "double": "ok", "double_value": "ok",
    }  # fmt: skip


def test_after_a_crash_the_earlier_answers_still_count(engine):
    made = notebook(
        answer("def f(): return 1", "f"),
        answer("import os\ndef g(): os._exit(1)", "g"),
        check("g()", "crash"),
        check("assert f() == 1", "earlier"),
    )
    run = engine.run(made, {"f": ["f"], "g": ["g"]})
    assert status(run) == {"f": "ok", "g": "ok", "crash": "killed", "earlier": "ok"}


def test_the_whole_submission_has_a_time_limit(engine):
    hangs = [story("while True: pass", f"hang{i}") for i in range(4)]
    made = notebook(*hangs, story("1", "late"))
    run = engine.run(made, {}, limits=Limits(seconds=0.5, total_seconds=1))
    assert run.seconds < 6
    assert set(status(run).values()) == {"timeout"}
    assert run.cells["late"].error == "the time for the whole submission is used up"


def test_notebooks_that_run_side_by_side_do_not_mix(engine):
    jobs = [(i, exercise(RIGHT if i % 2 else WRONG), EXPORTS) for i in range(8)]
    runs = run_all(engine, jobs)
    assert {i: run.cells["softmax_value"].status == "ok" for i, run in runs.items()} == {
        i: bool(i % 2) for i in range(8)
    }


def test_a_run_says_what_it_used_and_how_it_was_sealed(engine):
    run = engine.run(exercise(RIGHT), EXPORTS)
    assert 0 < run.learner_cpu_seconds < run.cpu_seconds < 5 and 0 < run.seconds < 10
    assert run.isolation.startswith("bubblewrap")


def test_our_own_notebook_runs_in_one_room_with_demos_and_hidden_tests(engine):
    made = notebook(
        setup("import autograder.engine.wire as wire\nimport matplotlib.pyplot as plt"),
        answer("def f(): return 1", "f"),
        check("assert f() == 1 and f.__module__ == '__main__'", "f_test"),
        story("plt.plot([0, 1]);", "shown", tags=["demo"]),
    )
    run = engine.run_trusted(made)
    assert set(status(run).values()) == {"ok"}
    assert "image/png" in run.notebook.cells[3].outputs[0].data


def test_an_engine_can_have_files_for_the_rooms_and_leave_figures_undrawn(tmp_path):
    (tmp_path / "words.json").write_text(json.dumps(["apple"]))
    reads = "import json\nassert json.load(open('words.json')) == ['apple']\n"
    made = notebook(
        setup(reads),
        story(reads + "open('words.json', 'w')", "writes"),
        story("import matplotlib.pyplot as plt\nplt.plot([0, 1]);", "figure"),
    )
    with Engine(workers=1, files=tmp_path, figures=False) as stocked:
        run = stocked.run(made, {})
    assert run.cells["setup"].status == "ok"
    assert run.cells["writes"].error.startswith("OSError: [Errno 30]")
    assert [set(output.data) for output in run.notebook.cells[2].outputs] == [{"text/plain"}]


def test_an_engine_that_is_not_running_says_so():
    with pytest.raises(EngineFault, match="with"):
        Engine().run(notebook(), {})


@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_a_limit_that_limits_nothing_is_refused(value):
    with pytest.raises(ValueError, match="above 0"):
        Limits(seconds=value)


def test_large_arrays_cross_and_too_large_ones_are_an_ordinary_error(engine):
    test = "assert f(10**6).shape == (10**6,)\ntry:\n    f(10**7)\nexcept ValueError as error:\n"
    test += "    assert 'cannot be graded' in str(error)\nelse:\n    assert 0"
    assert run_test(engine, "import numpy as np\ndef f(n): return np.zeros(n)", test).error is None


def test_a_template_that_dies_is_replaced_for_the_next_run(engine):
    before = engine._running_keeper()
    for pid in watch.family(before.templates[0]._process.pid):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(EngineFault):
        engine.run(exercise(RIGHT), EXPORTS)
    run = engine.run(exercise(RIGHT), EXPORTS)
    assert set(status(run).values()) == {"ok"}
    assert engine._running_keeper() is not before


def test_text_arrays_scalars_and_nested_tuples_cross(engine):
    test = "a, (b, c) = f()\nassert a.tolist() == ['x'] and b == 1.5 and c == {'k': (1,)}\n"
    test += "assert type(b) is np.float32"
    answer_source = "def f():\n    return np.array(['x']), (np.float32(1.5), {'k': (1,)})"
    assert run_test(engine, answer_source, test).error is None


def test_arrays_that_share_memory_share_it_over_there(engine):
    source = "def f(part, whole):\n    part += 10\n    return whole.copy()"
    test = "whole = np.arange(6.0).reshape(3, 2)\nseen = f(whole[1:2].T, whole)\n"
    test += "assert seen.tolist() == whole.tolist() == [[0, 1], [12, 13], [4, 5]]"
    assert run_test(engine, source, test).error is None


def test_a_change_inside_a_tuple_comes_back(engine):
    source = "def f(pair):\n    pair[1][0] = 7.0"
    test = "pair = (np.zeros(2), np.zeros(2))\nf(pair)\nassert pair[1].tolist() == [7, 0]"
    assert run_test(engine, source, test).error is None


def test_an_array_that_was_resized_over_there_is_seen_to_have_changed(engine):
    source = "def f(a, n):\n    for x in (a, n):\n        x.resize(5, refcheck=False)"
    test = "a, n = np.zeros(3), np.zeros(3, dtype=int)\nf(a, n)\n"
    test += "assert np.isnan(a).all() and (n != 0).all()"
    assert run_test(engine, source, test).error is None


def test_a_view_cannot_be_resized_over_there_either(engine):
    source = "def f(a):\n    a.resize(9, refcheck=False)"
    error = run_test(engine, source, "f(np.zeros(6).reshape(2, 3)[:1])").error
    assert "does not own its data" in error

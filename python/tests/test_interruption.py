"""A long search can be stopped, and leaves other threads room."""

import os
import signal
import threading
import time

import numpy as np
import pytest

import closedform as cf


@pytest.fixture
def noisy():
    random = np.random.default_rng(0)
    X = random.uniform(-2, 2, (400, 4))
    y = np.sin(X[:, 0] * X[:, 1]) + X[:, 2] / (1 + X[:, 3] ** 2) + random.normal(0, 0.3, 400)
    return X, y


def test_ctrl_c_keeps_what_was_found(noisy):
    timer = threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    begin = time.monotonic()
    with pytest.warns(UserWarning, match="interrupted"):
        fitted = cf.SymbolicRegressor(time_limit=120).fit(*noisy)
    assert time.monotonic() - begin < 60
    assert fitted.report_["stop_reason"] == "interrupted"
    assert fitted.score(*noisy) > 0.1


def test_other_threads_run_during_a_search(noisy):
    n_steps = 0
    is_over = threading.Event()

    def count():
        nonlocal n_steps
        while not is_over.wait(0.01):
            n_steps += 1

    thread = threading.Thread(target=count)
    thread.start()
    begin = time.monotonic()
    cf.SymbolicRegressor(n_generations=3).fit(*noisy)
    seconds = time.monotonic() - begin
    is_over.set()
    thread.join()
    # A tenth of the steps that an idle machine would make.
    assert n_steps > 10 * seconds


def test_an_exception_of_a_listener_ends_the_search(noisy):
    from closedform import _core

    def refuse(generation, n_generations, loss):
        raise RuntimeError("enough")

    X, y = noisy
    names = ["a", "b", "c", "d"]
    with pytest.raises(RuntimeError, match="enough"):
        _core.search_values(X, names, y.tolist(), None, None, "squared", {}, refuse)


def test_a_progress_bar_is_shown_where_somebody_looks_on(noisy, monkeypatch, capsys):
    from closedform import _progress

    cf.SymbolicRegressor(n_generations=1, progress=True).fit(*noisy)
    assert "searching" not in capsys.readouterr().err
    monkeypatch.setattr(_progress, "is_notebook", lambda: True)
    cf.SymbolicRegressor(n_generations=1, progress=True).fit(*noisy)
    assert "searching" in capsys.readouterr().err

"""The line before the answering."""

from __future__ import annotations

import threading

import pytest

from ui.waiting import BusyError, WaitingLine


def test_work_is_done_and_its_result_comes_back():
    line = WaitingLine(at_once=2)

    with line.place():
        assert line.submit(lambda: 6 * 7).result() == 42


def test_an_error_comes_back_and_frees_the_place():
    line = WaitingLine(at_once=1, waiting=0)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError), line.place():
            line.submit(lambda: 1 // 0).result()

    assert line.n_inside == 0


def test_so_many_may_wait_and_the_next_is_turned_away_at_once():
    line = WaitingLine(at_once=1, waiting=2)

    with line.place(), line.place(), line.place():
        with pytest.raises(BusyError) as raised, line.place():
            raise AssertionError("there was a fourth place")
    with line.place():
        assert line.n_inside == 1

    assert str(raised.value) == ("3 questions are being answered or waiting, and 3 is the most; ask again in 5 seconds")


def test_no_more_work_runs_at_once_than_allowed():
    line = WaitingLine(at_once=2, waiting=8)
    running, most, lock, both = [], [], threading.Lock(), threading.Barrier(2)

    def work():
        with lock:
            running.append(1)
            most.append(len(running))
        both.wait(timeout=30)  # passes only when two are at it
        with lock:
            running.pop()

    futures = [line.submit(work) for _ in range(8)]
    for future in futures:
        future.result(timeout=60)

    assert max(most) == 2

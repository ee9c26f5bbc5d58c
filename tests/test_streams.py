"""The streams of open pages, which end with the server."""

from __future__ import annotations

import asyncio

import pytest

from ui.streams import STREAMS, EndStreams, OpenStreams

BEGIN = {"type": "http.response.start", "status": 200, "headers": []}
END = {"type": "http.response.body", "body": b"", "more_body": False}


async def endless(scope, receive, send):
    await send(BEGIN)
    while True:
        await send({"type": "http.response.body", "body": b"tick", "more_body": True})
        await asyncio.sleep(0.001)


async def short(scope, receive, send):
    await send(BEGIN)
    await send({"type": "http.response.body", "body": b"all", "more_body": False})


async def broken(scope, receive, send):
    raise RuntimeError("broken")


def run(app, path, *, end=True):
    """Return what was sent, by the time all streams were ended."""
    sent = []

    async def send(message):
        sent.append(message)

    async def main():
        streams = OpenStreams()
        request = asyncio.ensure_future(EndStreams(app, streams=streams)({"type": "http", "path": path}, None, send))
        await asyncio.sleep(0.01)
        n_open = len(streams)
        if end:
            streams.end()
        try:
            await asyncio.wait_for(request, 5)
        finally:
            assert len(streams) == 0
        return n_open

    return asyncio.run(main()), sent


@pytest.mark.parametrize("path", STREAMS)
def test_an_endless_stream_ends_whole_when_the_server_does(path):
    n_open, sent = run(endless, f"{path}/abc")

    assert n_open == 1
    assert (sent[0], sent[-1]) == (BEGIN, END)


def test_a_stream_that_ended_by_itself_is_not_ended_twice():
    n_open, sent = run(short, STREAMS[0])

    assert n_open == 0
    assert [message.get("body") for message in sent] == [None, b"all"]


def test_an_error_in_a_stream_is_raised_as_it_would_be_without():
    with pytest.raises(RuntimeError, match="broken"):
        run(broken, STREAMS[0], end=False)


def test_a_request_that_is_cancelled_takes_its_stream_along():
    async def main():
        streams = OpenStreams()
        sent = []

        async def send(message):
            sent.append(message)

        request = asyncio.ensure_future(
            EndStreams(endless, streams=streams)({"type": "http", "path": STREAMS[0]}, None, send)
        )
        await asyncio.sleep(0.01)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        assert len(streams) == 0
        n_sent = len(sent)
        await asyncio.sleep(0.02)
        assert len(sent) == n_sent

    asyncio.run(main())


def test_other_requests_are_passed_on_and_never_ended():
    n_open, sent = run(short, "/documents")

    assert n_open == 0
    assert len(sent) == 2

"""Where the server listens, and what is said when it cannot."""

from __future__ import annotations

import pytest

from ui.serving import ServeError, address_of, listen

pytestmark = pytest.mark.enable_socket


def test_port_zero_takes_a_free_one_and_the_address_names_it():
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]

        assert port > 0
        assert address_of(listening) == f"http://127.0.0.1:{port}/"


def test_a_taken_port_is_told_with_what_to_do():
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(ServeError) as caught:
            listen("127.0.0.1", port)

    assert str(caught.value) == (
        f"port = {port}: something listens on it already; name another with --port, or 0 for any free one"
    )


def test_an_address_of_another_machine_is_told():
    with pytest.raises(ServeError, match=r"^192\.0\.2\.1:0 cannot be listened on: "):
        listen("192.0.2.1", 0)


def test_what_is_no_address_is_told():
    with pytest.raises(ServeError) as caught:
        listen("256.256.256.256", 8000)

    assert (
        str(caught.value) == "host = '256.256.256.256': is no address of this machine; 127.0.0.1 or 0.0.0.0 are usual"
    )


def test_an_address_for_all_is_shown_as_one_that_can_be_typed():
    with listen("0.0.0.0", 0) as listening:
        assert address_of(listening) == f"http://localhost:{listening.getsockname()[1]}/"

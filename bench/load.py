"""A closed-loop load: each connection sends, waits, sends again. Loopback only, bounded in time and count."""

import http.client
import itertools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"
MOST_REQUESTS = 5000


@dataclass(frozen=True)
class Request:
    path: str
    cookie: str
    method: str = "GET"
    body: Callable[[], bytes] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    expect: int = 200


@dataclass(frozen=True)
class Measured:
    """Milliseconds of each request, and how many came back per second."""

    milliseconds: list[float]
    per_second: float
    sizes: list[int]

    @property
    def bytes(self) -> int:
        return sorted(self.sizes)[len(self.sizes) // 2]

    def every_second(self, first: int) -> "Measured":
        """One of two kinds of request that were sent in turn over one connection."""
        return Measured(self.milliseconds[first::2], self.per_second / 2, self.sizes[first::2])

    def percentile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Failed(Exception):
    """The page did not answer as expected: a figure of an error page is no figure."""


def run(port: int, requests: Sequence[Request], connections: int, seconds: float) -> Measured:
    """Send `requests` round and round over `connections` kept connections for `seconds`."""
    turn = itertools.count()
    times: list[float] = []
    sizes: list[int] = []
    errors: list[str] = []
    end = time.perf_counter() + seconds

    def loop() -> None:
        link = http.client.HTTPConnection(HOST, port, timeout=60)
        try:
            while time.perf_counter() < end and len(times) < MOST_REQUESTS and not errors:
                request = requests[next(turn) % len(requests)]
                begun = time.perf_counter()
                link.request(
                    request.method,
                    request.path,
                    request.body() if request.body else None,
                    {"Cookie": request.cookie, "Host": f"localhost:{port}", **request.headers},
                )
                answer = link.getresponse()
                content = answer.read()
                times.append((time.perf_counter() - begun) * 1000)
                sizes.append(len(content))
                if answer.status != request.expect:
                    errors.append(
                        f"{request.method} {request.path} answered {answer.status}, not {request.expect}"
                    )
        finally:
            link.close()

    begun = time.perf_counter()
    threads = [threading.Thread(target=loop) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise Failed(errors[0])
    return Measured(times, len(times) / (time.perf_counter() - begun), sizes)

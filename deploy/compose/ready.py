"""Exits 0 when the service on this port says it is ready: the container's health check."""

import http.client
import sys


def is_ready(port: int) -> bool:
    """One question to the process next door, answered within three seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_ready(int(sys.argv[1])))

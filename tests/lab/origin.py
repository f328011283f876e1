"""What stands behind the lab's web servers: GET /ticks tells the time every few milliseconds, PUT /sink/ID counts.

A program: origin.py SOCKET SINKS. Times are CLOCK_MONOTONIC, one clock for every namespace of the machine.
"""

import http.server
import os
import pathlib
import socketserver
import sys
import time

_TICK_SECONDS = 0.005
_LONGEST_SECONDS = 600


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802 (the name is http.server's)
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Connection", "close")
        self.end_headers()
        end = time.monotonic() + _LONGEST_SECONDS
        try:
            while time.monotonic() < end:
                self.wfile.write(b"%d\n" % time.monotonic_ns())
                time.sleep(_TICK_SECONDS)
        except OSError:
            pass
        self.close_connection = True

    def do_PUT(self):  # noqa: N802
        """Takes a chunked body as it comes; the sink's file says when its last byte came, and how many."""
        self.connection.settimeout(_LONGEST_SECONDS)
        sink = os.open(pathlib.Path(self.server.sinks, pathlib.Path(self.path).name), os.O_WRONLY | os.O_CREAT, 0o600)
        total, tail = 0, b""
        try:
            while not tail.endswith(b"0\r\n\r\n"):
                piece = self.rfile.read1(65536)
                if not piece:
                    break
                total += len(piece)
                tail = (tail + piece)[-5:]
                os.pwrite(sink, b"%20d %20d\n" % (time.monotonic_ns(), total), 0)
            self.send_response(204)
            self.send_header("Connection", "close")
            self.end_headers()
        except OSError:
            pass
        finally:
            os.close(sink)
        self.close_connection = True

    def log_message(self, *_):
        pass


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    sinks = ""

    def get_request(self):
        connection, _ = super().get_request()
        return connection, ("unix", 0)


if __name__ == "__main__":
    with _Server(sys.argv[1], _Handler) as server:
        server.sinks = sys.argv[2]
        server.serve_forever()

"""Starts a program again whenever it ends, as its unit would (Restart=always, RestartSec=1). keeper.py PROGRAM ..."""

import signal
import subprocess
import sys
import time


def main():
    child = None

    def leave(*_):
        if child is not None and child.poll() is None:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        sys.exit(0)

    signal.signal(signal.SIGTERM, leave)
    while True:
        child = subprocess.Popen(sys.argv[1:])
        child.wait()
        time.sleep(1)


if __name__ == "__main__":
    main()

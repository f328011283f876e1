"""The lab's care for its child processes."""

import pathlib
import signal
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from lab.execute import Processes  # noqa: E402

# Its first thread is over and a zombie; the second one has a file open until somebody ends it.
SECOND_THREAD_GOES_ON = """
import ctypes, fcntl, sys, threading, time
held = open(sys.argv[1], "w")
fcntl.flock(held, fcntl.LOCK_EX)
def go_on():
    while not open("/proc/self/stat").read().rpartition(")")[2].startswith(" Z"):
        time.sleep(0.001)
    open(sys.argv[1] + ".ready", "w").close()
    time.sleep(60)
threading.Thread(target=go_on).start()
ctypes.CDLL(None).pthread_exit(None)
"""


class ProcessTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.processes = Processes(self.folder / "register")

    def spawn(self, program, *words):
        process = self.processes.spawn("child", [sys.executable, "-c", program, *words], log=self.folder / "log")
        self.addCleanup(process.end)
        return process

    def test_a_process_whose_first_thread_is_over_is_not_gone_while_another_runs(self):
        ready = self.folder / "lock.ready"
        process = self.spawn(SECOND_THREAD_GOES_ON, str(self.folder / "lock"))
        while not ready.exists():
            self.assertTrue(process.alive(), (self.folder / "log").read_text())
        self.assertTrue(process.alive())
        self.assertFalse(process.wait_gone(0.05))
        process.signal(signal.SIGKILL)
        self.assertTrue(process.wait_gone(10))
        self.assertFalse(process.alive())

    def test_a_process_that_ended_is_gone_and_gives_its_exit_code(self):
        process = self.spawn("raise SystemExit(3)")
        self.assertTrue(process.wait_gone(10))
        self.assertEqual(process.exit_code(), 3)

    def test_a_zombie_of_one_thread_is_not_alive(self):
        process = self.spawn("pass")
        while process.alive():
            pass
        self.assertTrue(process.wait_gone(10))


if __name__ == "__main__":
    unittest.main()

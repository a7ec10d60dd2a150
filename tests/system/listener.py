"""A socket that takes connections in a thread of its own."""

import socket
import threading

from processes import DEADLINE_S


class Listener:
    """serve(connection) for each that comes, one after the other, until it is closed."""

    def __init__(self, listening, serve):
        self._socket = listening
        self._serve = serve
        self._connection = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while True:
            try:
                self._connection, _ = self._socket.accept()
            except OSError:
                return
            self._serve(self._connection)

    def close(self):
        """The thread goes before the descriptor does: accept() of a descriptor that is another
        socket's meanwhile would take the other's connections."""
        for each in filter(None, (self._socket, self._connection)):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it has ended already
        self._thread.join(DEADLINE_S)
        self._socket.close()

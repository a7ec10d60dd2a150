"""The network between the modems and the broker: it takes its time, so that there is always
something on its way; every connection can be cut, or held for a while."""

import asyncio
import contextlib
import socket
import struct

DELAY_S = (0, 0.15)  # of a connection, each way
RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: closing sends RST


class Wire:
    """One connection."""

    def __init__(self, delay_s, *writers):
        self._delay_s = delay_s
        self._writers = writers
        self._passes = asyncio.Event()
        self._passes.set()

    def hold(self):
        """From now on both directions are silent."""
        self._passes.clear()

    def release(self):
        self._passes.set()

    def cut(self):
        """Both sides see a reset; what was held is lost."""
        for writer in self._writers:
            if writer.transport.is_closing():
                continue  # it has ended already
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()
        self.release()

    async def pump(self, reader, writer):
        while data := await reader.read(65536):
            await asyncio.sleep(self._delay_s)
            await self._passes.wait()
            writer.write(data)
            await writer.drain()


class Wires:
    """A port that leads to another one."""

    host = "127.0.0.1"

    def __init__(self, target_port, random):
        self._target_port, self._random = target_port, random
        self.live = []

    async def open(self):
        self._server = await asyncio.start_server(self._connect, self.host, 0, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _connect(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection(self.host, self._target_port)
        except OSError:
            Wire(0, writer).cut()
            return
        wire = Wire(self._random.uniform(*DELAY_S), writer, far_writer)
        self.live.append(wire)
        try:
            await self._carry(wire, (reader, far_writer), (far_reader, writer))
        finally:
            self.live.remove(wire)
            writer.close()
            far_writer.close()

    async def _carry(self, wire, *ways):
        """Until one side ends; what the other side had said before is still handed on."""
        pumps = [asyncio.create_task(wire.pump(*way)) for way in ways]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await pump

    def close(self):
        self._server.close()

"""One TLS connection on the side of a server, by libssl itself: what Python's ssl cannot be told to do."""

import ctypes
import ctypes.util

PEM = 1
SET_MAX_PROTO_VERSION = 124
TLS_1_2 = 0x0303


def _library(name, *pointers):
    library = ctypes.CDLL(ctypes.util.find_library(name))
    for function in pointers:
        getattr(library, function).restype = ctypes.c_void_p
    return library


ssl_library = _library("ssl", "TLS_server_method", "SSL_CTX_new", "SSL_new")
crypto = _library("crypto", "BIO_s_mem", "BIO_new", "ERR_reason_error_string")
crypto.ERR_peek_last_error.restype = ctypes.c_ulong


class OpensslServer:
    """Greets whoever is at the other end of a blocking socket."""

    def __init__(self, line, certificate, newest=0):
        method = ctypes.c_void_p(ssl_library.TLS_server_method())
        self._context = ctypes.c_void_p(ssl_library.SSL_CTX_new(method))
        for use, file in (
            ("SSL_CTX_use_certificate_file", certificate[0]),
            ("SSL_CTX_use_PrivateKey_file", certificate[1]),
        ):
            assert getattr(ssl_library, use)(self._context, str(file).encode(), PEM) == 1
        ssl_library.SSL_CTX_ctrl(
            self._context, SET_MAX_PROTO_VERSION, ctypes.c_long(newest), None
        )
        self._ssl = ctypes.c_void_p(ssl_library.SSL_new(self._context))
        ssl_library.SSL_set_fd(self._ssl, line.fileno())
        assert ssl_library.SSL_accept(self._ssl) == 1

    def write(self, data):
        assert ssl_library.SSL_write(self._ssl, data, len(data)) == len(data)

    def read(self):
        room = ctypes.create_string_buffer(4096)
        count = ssl_library.SSL_read(self._ssl, room, len(room))
        return room.raw[:max(count, 0)]

    def ask_to_renegotiate(self):
        assert ssl_library.SSL_renegotiate(self._ssl) == 1
        assert ssl_library.SSL_do_handshake(self._ssl) == 1  # the question is sent

    def failure(self):
        """In words."""
        text = crypto.ERR_reason_error_string(ctypes.c_ulong(crypto.ERR_peek_last_error()))
        return ctypes.string_at(text).decode() if text else ""

    def record_from_now_on(self):
        """What it says from now on is only kept, for recorded()."""
        self._memory = ctypes.c_void_p(crypto.BIO_new(ctypes.c_void_p(crypto.BIO_s_mem())))
        ssl_library.SSL_set0_wbio(self._ssl, self._memory)

    def recorded(self, most_bytes):
        room = ctypes.create_string_buffer(most_bytes)
        count = crypto.BIO_read(self._memory, room, most_bytes)
        return room.raw[:count]

    def update_key(self):
        ssl_library.SSL_key_update(self._ssl, 0)
        ssl_library.SSL_do_handshake(self._ssl)

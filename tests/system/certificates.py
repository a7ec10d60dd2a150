"""Certificates for the tests, made by the openssl program."""

import subprocess


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    """A certificate authority that signs for whom it is told to."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.certificate = folder / f"{name}.crt"
        self._key = folder / f"{name}.key"
        _openssl(
            *("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30").split(),
            *("-subj", f"/CN={name}", "-keyout", self._key, "-out", self.certificate),
        )

    def sign(self, name, alternative_names, days=30):
        """A server's certificate; days may be negative. -> (certificate, key)"""
        request, certificate, key, extensions = (
            self.folder / f"{name}.{suffix}" for suffix in ("csr", "crt", "key", "ext")
        )
        extensions.write_text(f"subjectAltName={alternative_names}\n")
        _openssl(
            *("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes").split(),
            *("-subj", f"/CN={name}", "-keyout", key, "-out", request),
        )
        _openssl(
            *("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key),
            *("-CAcreateserial", "-days", days, "-extfile", extensions, "-out", certificate),
        )
        return certificate, key


def self_signed(folder, name, alternative_names):
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    _openssl(
        *("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30").split(),
        *("-subj", f"/CN={name}", "-addext", f"subjectAltName={alternative_names}"),
        *("-keyout", key, "-out", certificate),
    )
    return certificate, key

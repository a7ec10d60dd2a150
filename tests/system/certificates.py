"""Certificates and revocation lists for the tests, made by the openssl program."""

import datetime
import subprocess

KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes".split()

# What `openssl ca` wants to know beside its arguments.
SETTINGS = """
[ca]
default_ca = authority
[authority]
database = {folder}/issued
new_certs_dir = {folder}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = anything
[anything]
commonName = supplied
"""


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def _in_days(days):
    now = datetime.datetime.now(datetime.timezone.utc)
    return f"{now + datetime.timedelta(days=days):%Y%m%d%H%M%SZ}"


class Authority:
    """A certificate authority that signs for whom it is told to, and takes back what it signed."""

    def __init__(self, folder, name, above=None, may_sign=True):
        """above: the authority that signs for this one, and says whether it may do so for others;
        without it, it signs for itself."""
        self.name = name
        self._folder = folder / name
        self._folder.mkdir(exist_ok=True)
        (self._folder / "issued").write_text("")
        self._settings = self._folder / "settings"
        self._settings.write_text(SETTINGS.format(folder=self._folder))
        self._lists = 0
        if above:
            power = f"basicConstraints=critical,CA:{'TRUE' if may_sign else 'FALSE'}"
            self.certificate, self._key = above._issue(name, power)
        else:
            self.certificate, self._key = self_signed(self._folder, name)

    def sign(self, name, alternative_names, begin=-1, end=30, usage="serverAuth"):
        """A server's certificate, valid between two days from now. -> (certificate, key)"""
        extensions = f"subjectAltName={alternative_names}\nextendedKeyUsage={usage}"
        return self._issue(name, extensions, begin, end)

    def _issue(self, name, extensions, begin=-1, end=30):
        request, certificate, key, extension_file = (
            self._folder / f"{name}.{suffix}" for suffix in ("csr", "crt", "key", "ext")
        )
        extension_file.write_text(extensions + "\n")
        _openssl("req", *KEY, "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        self._ca(
            *("-batch", "-notext", "-in", request, "-out", certificate, "-extfile", extension_file),
            *("-startdate", _in_days(begin), "-enddate", _in_days(end)),
        )
        return certificate, key

    def revoke(self, certificate):
        self._ca("-revoke", certificate)

    def revocations(self, begin=-1, end=30):
        """A new list of what is revoked, valid between two days from now."""
        self._lists += 1
        file = self._folder / f"revoked-{self._lists}.crl"
        self._ca(
            *("-gencrl", "-out", file),
            *("-crl_lastupdate", _in_days(begin), "-crl_nextupdate", _in_days(end)),
        )
        return file

    def _ca(self, *arguments):
        own = ("-config", self._settings, "-cert", self.certificate, "-keyfile", self._key)
        _openssl("ca", *own, *arguments)


def self_signed(folder, name, alternative_names=None):
    """-> (certificate, key)"""
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    names = ("-addext", f"subjectAltName={alternative_names}") if alternative_names else ()
    _openssl(
        *("req", "-x509", *KEY, "-days", 30, "-subj", f"/CN={name}", *names),
        *("-keyout", key, "-out", certificate),
    )
    return certificate, key


def together(file, *parts):
    """The PEM files as one."""
    file.write_bytes(b"".join(part.read_bytes() for part in parts))
    return file

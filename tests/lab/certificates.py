"""The lab's own certificate authority, by openssl: what its web servers and its broker show to clients."""

import pathlib

from .execute import run


class Authority:
    def __init__(self, folder: pathlib.Path):
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate = folder / "ca.pem"
        self._key = folder / "ca.key"
        self._serial = 0
        run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-keyout", str(self._key), "-out", str(self.certificate), "-days", "30",
             "-subj", "/O=lokaal lab/CN=lokaal lab CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign"])

    def issue(self, name, addresses=()):
        """A server certificate for a DNS name (and addresses): the paths of its chain and key."""
        self._serial += 1
        request, extensions = self._folder / "request.pem", self._folder / "extensions"
        certificate, key = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        alternatives = ",".join([f"DNS:{name}", *(f"IP:{one}" for one in addresses)])
        extensions.write_text(f"subjectAltName={alternatives}\nextendedKeyUsage=serverAuth\n"
                              "basicConstraints=critical,CA:FALSE\n", encoding="ascii")
        run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-keyout", str(key), "-out", str(request), "-subj", f"/CN={name}"])
        run(["openssl", "x509", "-req", "-in", str(request), "-CA", str(self.certificate),
             "-CAkey", str(self._key), "-set_serial", str(self._serial), "-days", "30",
             "-extfile", str(extensions), "-out", str(certificate)])
        request.unlink()
        extensions.unlink()
        return certificate, key

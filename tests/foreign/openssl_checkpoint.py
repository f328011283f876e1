#!/usr/bin/env python3
"""openssl verifies a checkpoint's signature: openssl_checkpoint.py DIRECTORY

Everything but the signature itself is taken apart here by hand, as somebody without lokaal would.
"""

import base64
import subprocess
import sys
import tempfile
from pathlib import Path

# SubjectPublicKeyInfo of an Ed25519 key, up to the key's 32 bytes (RFC 8410).
SPKI = bytes.fromhex("302a300506032b6570032100")


def verify(directory):
    policy = (directory / "trust.policy").read_text(encoding="utf-8")
    vkey = next(line.split()[1] for line in policy.splitlines() if line.startswith("log "))
    name, key_id, encoded = vkey.split("+", 2)
    typed = base64.b64decode(encoded, validate=True)
    body, signatures = (directory / "checkpoint").read_text(encoding="utf-8").rsplit("\n\n", 1)
    line = next(one for one in signatures.splitlines() if one.startswith(f"\u2014 {name} "))
    signature = base64.b64decode(line.split(" ")[2], validate=True)
    if typed[0] != 1 or signature[:4].hex() != key_id:
        sys.exit("the signature line names another key than the policy")
    with tempfile.TemporaryDirectory() as folder:
        files = {"key": SPKI + typed[1:], "body": (body + "\n").encode(), "signature": signature[4:]}
        for file, content in files.items():
            Path(folder, file).write_bytes(content)
        return subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key", "-rawin",
             "-in", "body", "-sigfile", "signature"], cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(verify(Path(sys.argv[1])))

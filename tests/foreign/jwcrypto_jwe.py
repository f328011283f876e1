#!/usr/bin/python3
"""Encrypts to a node's key with python3-jwcrypto: jwcrypto_jwe.py OUT"""
import json
import pathlib
import sys

from jwcrypto import jwe, jwk

PLAIN = json.dumps({"devices": None, "exams": "a.b.c", "naam": "vóór de bel"}, ensure_ascii=False)
HEADER = {"alg": "ECDH-ES", "enc": "A256GCM"}


def encrypt(key, header, plain=PLAIN):
    token = jwe.JWE(plain.encode(), json.dumps(header))
    token.allowed_algs = ["ECDH-ES", "ECDH-ES+A256KW", "A256GCM", "A128GCM", "A256CBC-HS512"]
    token.add_recipient(key)
    return token.serialize(compact=True)


def main(path):
    key = jwk.JWK.generate(kty="OKP", crv="X25519", kid="gw-1-inventory")
    other = jwk.JWK.generate(kty="OKP", crv="X25519")
    good = encrypt(key, HEADER)
    cases = [
        (good, True),
        (encrypt(key, HEADER | {"kid": "gw-1-inventory"}), True),
        (encrypt(key, HEADER | {"apu": "cGFuZWw", "apv": "Z3ctMQ"}), True),
        (encrypt(key, HEADER | {"cty": "json", "typ": "JOSE"}), True),
        (encrypt(key, HEADER | {"kid": "another"}), False),
        (encrypt(other, HEADER), False),
        (encrypt(key, HEADER | {"zip": "DEF"}), False),
        (encrypt(key, HEADER | {"enc": "A128GCM"}), False),
        (encrypt(key, HEADER | {"enc": "A256CBC-HS512"}), False),
        (encrypt(key, HEADER | {"alg": "ECDH-ES+A256KW"}), False),
        (good[:-3] + ("AAA" if good[-3:] != "AAA" else "BBB"), False),
        (good + ".AAAA", False),
        (good.rsplit(".", 1)[0], False),
    ]
    pathlib.Path(path).write_text(json.dumps({
        "library": "jwcrypto", "key": json.loads(key.export_private()), "plain": PLAIN,
        "cases": [{"jwe": text, "opens": opens} for text, opens in cases]}))


if __name__ == "__main__":
    main(sys.argv[1])

#!/usr/bin/python3
"""Verifies with python3-jwcrypto what lokaal signed: jwcrypto_verify.py FILE"""
import json
import pathlib
import sys

from jwcrypto import jwe, jwk, jws


def whole(case):
    """What was left out of a detached JWS is put back (RFC 7515 appendix F)."""
    if case["kind"] != "detached":
        return case["jws"]
    head, middle, signature = case["jws"].split(".")
    assert middle == "", "not detached"
    return f"{head}.{jws.base64url_encode(case['payload'])}.{signature}"


def verified(case, key):
    token = jws.JWS()
    token.allowed_algs = ["EdDSA"]
    try:
        token.deserialize(whole(case), key)
    except jws.InvalidJWSSignature:
        return False
    header = token.jose_header
    if case["kind"] == "general":
        header = header[0] if isinstance(header, list) else header
    assert token.payload.decode() == case["payload"], "another payload"
    assert header == case["header"], f"another header: {header}"
    return True


def decrypted(made):
    token = jwe.JWE()
    token.allowed_algs = ["ECDH-ES", "A256GCM"]
    token.deserialize(made["jwe"], jwk.JWK(**made["jwk"]))
    return token.payload.decode()


def main(path):
    made = json.loads(pathlib.Path(path).read_text())
    key = jwk.JWK(**made["jwk"])
    assert key.thumbprint() == made["thumbprint"], "another thumbprint"
    private = jwk.JWK(**made["private_jwk"])
    assert private.thumbprint() == made["thumbprint"], "the private key is of another public one"
    count = 0
    for number, case in enumerate(made["cases"]):
        if case["header"]["alg"] == "Ed25519":
            continue  # jwcrypto 1.1 does not know the name; jose checks it
        assert verified(case, key) == case["holds"], f"case {number}: {case}"
        count += 1
    assert count == len(made["cases"]) - 1
    assert decrypted(made["encrypted"]) == made["encrypted"]["plain"], "another text was encrypted"
    print(f"jwcrypto: {count} as expected")


if __name__ == "__main__":
    main(sys.argv[1])

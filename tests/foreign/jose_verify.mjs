// Verifies with npm's jose what lokaal signed: node jose_verify.mjs FILE
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as jose from "jose";

const made = JSON.parse(readFileSync(process.argv[2], "utf8"));
assert.equal(await jose.calculateJwkThumbprint(made.jwk, "sha256"), made.thumbprint);
assert.equal(await jose.calculateJwkThumbprint(made.private_jwk, "sha256"), made.thumbprint);

async function verify(one) {
  const key = await jose.importJWK(made.jwk, one.header.alg);
  if (one.kind === "general") return jose.generalVerify(JSON.parse(one.jws), key);
  if (one.kind === "compact") return jose.compactVerify(one.jws, key);
  // What was left out is put back (RFC 7515 appendix F).
  const [head, middle, signature] = one.jws.split(".");
  assert.equal(middle, "", "not detached");
  const payload = Buffer.from(one.payload).toString("base64url");
  return jose.compactVerify(`${head}.${payload}.${signature}`, key);
}

for (const [number, one] of made.cases.entries()) {
  let done;
  try {
    done = await verify(one);
  } catch (error) {
    if (error.code !== "ERR_JWS_SIGNATURE_VERIFICATION_FAILED") throw error;
  }
  assert.equal(done !== undefined, one.holds, `case ${number}`);
  if (done === undefined) continue;
  assert.equal(new TextDecoder().decode(done.payload), one.payload);
  assert.deepEqual(done.protectedHeader, one.header);
}
const { jwk, jwe, plain } = made.encrypted;
const opened = await jose.compactDecrypt(jwe, await jose.importJWK(jwk, "ECDH-ES"));
assert.equal(new TextDecoder().decode(opened.plaintext), plain);
console.log(`jose: ${made.cases.length} as expected`);

// The key that signs one log's checkpoints: made when the log is first published, kept in the
// journal's folder for its owner's eyes only, never in the log's directory.
#pragma once

#include <string>

#include "core/base/crypto.hpp"
#include "core/base/result.hpp"

namespace lokaal {

struct LogKeyPlace {
  std::string journal_directory;
  std::string epoch;  // "2026-11-25"

  // "<journal>/log-2026-11-25.jwk", a private JWK, mode 0600
  std::string path() const { return journal_directory + "/log-" + epoch + ".jwk"; }
};

// The key, made if there is none. `published`: the log has been published already: then a missing
// key is an Error, since one made anew could only sign what looks like a forgery. Blocking.
Result<Ed25519PrivateKey> log_key(const LogKeyPlace& place, const std::string& origin,
                                  bool published);

}  // namespace lokaal

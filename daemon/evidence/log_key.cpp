#include "daemon/evidence/log_key.hpp"

#include <sys/stat.h>

#include <boost/json.hpp>
#include <cerrno>

#include "adapters/entropy/entropy.hpp"
#include "adapters/files/files.hpp"
#include "core/command/jwk.hpp"

namespace lokaal {
namespace {

constexpr std::size_t kMaxKeyFile = 16UL * 1024;

bool is_missing(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) != 0 && errno == ENOENT;
}

Result<Ed25519PrivateKey> make_key(const std::string& path, const std::string& origin) {
  const auto key = Ed25519PrivateKey::from(random_bytes(32));
  if (!key) return tl::unexpected(key.error());
  const std::string text = boost::json::serialize(to_json(PrivateJwk{KeyId(origin), *key})) + "\n";
  if (auto done = write_file_atomically(path, as_bytes(text), 0600); !done)
    return tl::unexpected(done.error());
  return *key;
}

}  // namespace

Result<Ed25519PrivateKey> log_key(const LogKeyPlace& place, const std::string& origin,
                                  bool published) {
  const std::string path = place.path();
  if (is_missing(path) && !published) return make_key(path, origin);
  if (is_missing(path))
    return failure("the log " + origin + " has been published, and its key is missing",
                   Place{path, 0, 0}, "put the key file back where it was");
  const auto text = read_private_file(path, kMaxKeyFile);
  if (!text) return tl::unexpected(text.error());
  auto key = private_jwk(*text);
  if (!key) return failure(key.error().message, Place{path, 0, 0}, key.error().mend);
  if (key->kid.str() != origin)
    return failure("is the key of the log " + key->kid.str(), Place{path, 0, 0},
                   "put the key of " + origin + " there");
  return key->key;
}

}  // namespace lokaal

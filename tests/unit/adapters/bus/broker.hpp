// Debian's mosquitto on a loopback port, with a CA of its own, and its clients as foreigners.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/adapters/bus/process.hpp"

namespace lokaal::test {

// A CA and what it vouches for, made with openssl. The broker's certificate names localhost only.
struct Authority {
  explicit Authority(const std::filesystem::path& folder);
  std::filesystem::path certificate;
  std::filesystem::path broker_certificate;
  std::filesystem::path broker_key;
  // Of a client, with this common name: "<name>.pem" and "<name>.key".
  void issue_client(const std::string& name) const;
  std::filesystem::path folder;
};

class Broker {
 public:
  // With `users` (password "<name>-password") and the text of an access control file. `settings`:
  // more lines for its configuration.
  Broker(const std::vector<std::string>& users, const std::string& access,
         const std::string& settings = {});
  // With a configuration file as it stands; paths, port and account are set to the test's.
  static std::unique_ptr<Broker> from_configuration(const std::vector<std::string>& users,
                                                    const std::filesystem::path& configuration,
                                                    const std::filesystem::path& access);
  ~Broker();

  void start();  // until it answers
  void stop();   // SIGTERM
  void kill();   // SIGKILL
  std::uint16_t port() const { return port_; }
  const Authority& authority() const { return *authority_; }
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::string log() const;

  // mosquitto_pub, _sub, _rr as that user, with these further arguments.
  std::vector<std::string> client(const std::string& program, const std::string& user,
                                  const std::vector<std::string>& arguments) const;
  // A running client; its output is read from the process.
  std::unique_ptr<Process> spawn(const std::string& program, const std::string& user,
                                 const std::vector<std::string>& arguments);
  // Subscribed, which its output shows, before this returns.
  std::unique_ptr<Process> listen(const std::string& user, const std::string& topic,
                                  const std::string& format);

 private:
  Broker() = default;
  void prepare(const std::vector<std::string>& users);

  TemporaryFolder folder_;
  std::unique_ptr<Authority> authority_;
  std::string configuration_;  // with %PORT%
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
  int starts_ = 0;
  int clients_ = 0;
};

// Free on loopback a moment ago.
std::uint16_t free_port();

}  // namespace lokaal::test

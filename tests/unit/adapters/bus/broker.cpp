#include "tests/unit/adapters/bus/broker.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace lokaal::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

const sockaddr* generic(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// The line that starts so becomes another.
void replace(std::string& text, const std::string& line, const std::string& with) {
  const auto before = text.find("\n" + line);
  if (before == std::string::npos)
    throw std::runtime_error("no line " + line + " in the configuration");
  const auto end = text.find('\n', before + 1);
  text.replace(before + 1, end - before - 1, with);
}

}  // namespace

Authority::Authority(const std::filesystem::path& where)
    : certificate(where / "ca.pem"),
      broker_certificate(where / "broker.pem"),
      broker_key(where / "broker.key"),
      folder(where) {
  std::filesystem::create_directories(folder);
  const std::vector<std::string> key = {"-newkey", "ec",    "-pkeyopt", "ec_paramgen_curve:P-256",
                                        "-nodes",  "-days", "2"};
  auto make = [&](std::vector<std::string> command) {
    command.insert(command.end(), key.begin(), key.end());
    run(command);
  };
  make({"openssl", "req", "-x509", "-subj", "/CN=Test CA", "-keyout", (folder / "ca.key").string(),
        "-out", certificate.string()});
  make({"openssl", "req", "-x509", "-CA", certificate.string(), "-CAkey",
        (folder / "ca.key").string(), "-subj", "/CN=broker", "-addext",
        "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE", "-keyout",
        broker_key.string(), "-out", broker_certificate.string()});
}

void Authority::issue_client(const std::string& name) const {
  run({"openssl",
       "req",
       "-x509",
       "-CA",
       certificate.string(),
       "-CAkey",
       (folder / "ca.key").string(),
       "-subj",
       "/CN=" + name,
       "-addext",
       "basicConstraints=critical,CA:FALSE",
       "-newkey",
       "ec",
       "-pkeyopt",
       "ec_paramgen_curve:P-256",
       "-nodes",
       "-days",
       "2",
       "-keyout",
       (folder / (name + ".key")).string(),
       "-out",
       (folder / (name + ".pem")).string()});
}

std::uint16_t free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(fd, generic(address), size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no loopback port");
  close(fd);
  return ntohs(address.sin_port);
}

Broker::Broker(const std::vector<std::string>& users, const std::string& access,
               const std::string& settings) {
  prepare(users);
  write_file(folder() / "acl", access);
  configuration_ = fmt::format(
      "per_listener_settings false\nlistener %PORT% 127.0.0.1\ncafile {0}/ca.pem\n"
      "certfile {0}/broker.pem\nkeyfile {0}/broker.key\nallow_anonymous false\n"
      "password_file {0}/passwords\nacl_file {0}/acl\npersistence true\n"
      "persistence_location {0}/\nautosave_on_changes true\nautosave_interval 1\n"
      "log_dest stderr\nlog_type all\n{1}{2}\n",
      folder().string(), geteuid() == 0 ? "user root\n" : "", settings);
}

std::unique_ptr<Broker> Broker::from_configuration(const std::vector<std::string>& users,
                                                   const std::filesystem::path& configuration,
                                                   const std::filesystem::path& access) {
  std::unique_ptr<Broker> broker(new Broker);
  broker->prepare(users);
  const std::string folder = broker->folder().string();
  std::filesystem::copy_file(access, broker->folder() / "acl");
  std::string text = read_file(configuration);
  replace(text, "listener ", "listener %PORT% 127.0.0.1");
  replace(text, "cafile ", "cafile " + folder + "/ca.pem");
  replace(text, "certfile ", "certfile " + folder + "/broker.pem");
  replace(text, "keyfile ", "keyfile " + folder + "/broker.key");
  replace(text, "password_file ", "password_file " + folder + "/passwords");
  replace(text, "acl_file ", "acl_file " + folder + "/acl");
  replace(text, "persistence_location ", "persistence_location " + folder + "/");
  replace(text, "log_dest ", "log_dest stderr");
  text += "\nlog_type information\n";  // start() waits for a line of it
  if (geteuid() == 0) text += "user root\n";
  broker->configuration_ = text;
  return broker;
}

void Broker::prepare(const std::vector<std::string>& users) {
  authority_ = std::make_unique<Authority>(folder());
  const auto passwords = folder() / "passwords";
  std::string plain;
  for (const auto& user : users) plain += user + ":" + user + "-password\n";
  write_file(passwords, plain);
  run({"mosquitto_passwd", "-U", passwords.string()});  // hashes them in place
  port_ = free_port();
}

Broker::~Broker() {
  if (process_) stop();
}

void Broker::start() {
  constexpr int kMostTries = 5;  // a free port may be taken by another test meanwhile
  for (int tries = 0; tries < kMostTries; ++tries) {
    std::string text = configuration_;
    text.replace(text.find("%PORT%"), 6, std::to_string(port_));
    write_file(folder() / "mosquitto.conf", text);
    process_ =
        std::make_unique<Process>(std::vector<std::string>{"/usr/sbin/mosquitto", "-c",
                                                           (folder() / "mosquitto.conf").string()},
                                  folder() / fmt::format("log-{}", ++starts_));
    // Said once it listens.
    const auto runs = [&] { return log().find(" running") != std::string::npos; };
    if (eventually([&] { return runs() || !process_->running(); }) && runs()) return;
    if (starts_ == tries + 1) port_ = free_port();  // later its clients know the port already
  }
  throw std::runtime_error("mosquitto does not start: " + log());
}

void Broker::stop() {
  process_->send_signal(SIGTERM);
  process_->wait(std::chrono::seconds(10));
  process_.reset();
}

void Broker::kill() {
  process_->send_signal(SIGKILL);
  process_->wait(std::chrono::seconds(10));
  process_.reset();
}

std::string Broker::log() const {
  return read_file(folder() / fmt::format("log-{}", starts_));
}

std::vector<std::string> Broker::client(const std::string& program, const std::string& user,
                                        const std::vector<std::string>& arguments) const {
  // Line by line, so that a test sees what a running client prints.
  std::vector<std::string> command = {"stdbuf",
                                      "-oL",
                                      program,
                                      "-V",
                                      "5",
                                      "-h",
                                      "localhost",
                                      "-p",
                                      std::to_string(port_),
                                      "--cafile",
                                      authority_->certificate.string(),
                                      "-u",
                                      user,
                                      "-P",
                                      user + "-password"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

std::unique_ptr<Process> Broker::spawn(const std::string& program, const std::string& user,
                                       const std::vector<std::string>& arguments) {
  return std::make_unique<Process>(client(program, user, arguments),
                                   folder() / fmt::format("client-{}", ++clients_));
}

std::unique_ptr<Process> Broker::listen(const std::string& user, const std::string& topic,
                                        const std::string& format) {
  const std::string id = fmt::format("listener-{}", clients_ + 1);
  // -d prints a line for each packet, among them the SUBACK.
  auto process =
      spawn("mosquitto_sub", user, {"-d", "-i", id, "-q", "1", "-t", topic, "-F", format});
  EXPECT_TRUE(eventually([&] { return process->output().find("Subscribed") != std::string::npos; }))
      << process->output();
  return process;
}

}  // namespace lokaal::test

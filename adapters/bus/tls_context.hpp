// How this node proves who it is to the broker, and makes the broker prove it.
#pragma once

#include <memory>
#include <string>

#include "core/base/result.hpp"

// OpenSSL's SSL_CTX and SSL.
struct ssl_ctx_st;
struct ssl_st;
struct x509_store_ctx_st;

namespace lokaal {

struct TlsFiles {
  std::string ca;           // PEM: who may vouch for the broker
  std::string certificate;  // PEM chain of this client; empty: user and password only
  std::string key;          // PEM, with `certificate`
};

// TLS 1.2 or 1.3; the broker's certificate must chain to `ca` and name `host` (a DNS name, or an
// address that the certificate holds as such). There is no way to switch that off.
class TlsContext {
 public:
  // Reads the files.
  static Result<std::shared_ptr<TlsContext>> create(const TlsFiles& files, std::string host);

  ssl_ctx_st* get() const { return context_.get(); }

  // Why the certificate of the broker that was last talked to was refused; empty: it was not. (It
  // cannot be asked of the connection: that may be gone when its failure is reported.)
  const std::string& refusal() const { return refusal_; }
  void forget_refusal() { refusal_.clear(); }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };

  TlsContext(std::string host, bool is_address) : host_(std::move(host)), address_(is_address) {}
  static int note_refusal(int verified, x509_store_ctx_st* store) noexcept;
  static void name_the_host(const ssl_st* ssl, int where, int value);

  std::string host_;
  bool address_;
  std::string refusal_;
  std::unique_ptr<ssl_ctx_st, Free> context_;
};

}  // namespace lokaal

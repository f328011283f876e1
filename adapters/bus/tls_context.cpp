#include "adapters/bus/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <new>

namespace lokaal {
namespace {

constexpr int kOwnerSlot = 0;  // index 0 is the application's (SSL_CTX_set_app_data)

std::string openssl_error() {
  std::array<char, 256> text{};
  const unsigned long code = ERR_get_error();
  if (code == 0) return "unknown error";
  ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

Result<void> use_client_certificate(SSL_CTX* context, const TlsFiles& files) {
  if (files.certificate.empty() && files.key.empty()) return {};
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return failure("client certificate " + files.certificate + ": " + openssl_error());
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return failure("client key " + files.key + ": " + openssl_error());
  if (SSL_CTX_check_private_key(context) != 1)
    return failure("client key " + files.key + " is not the one of " + files.certificate);
  return {};
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

// libmosquitto is given addresses (names are resolved elsewhere, since that blocks) and puts what
// it is given into the server name indication. RFC 6066 section 3 wants the name, and no address.
void TlsContext::name_the_host(const SSL* ssl, int where, int /*value*/) {
  if ((where & SSL_CB_HANDSHAKE_START) == 0) return;
  const auto* self =
      static_cast<const TlsContext*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), kOwnerSlot));
  auto* mutable_ssl = const_cast<SSL*>(ssl);  // the callback's signature predates its uses
  // SSL_set_tlsext_host_name is a macro over this, with a C cast.
  char* const name = self->address_ ? nullptr : const_cast<char*>(self->host_.c_str());
  SSL_ctrl(mutable_ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name);
}

// Called by C: nothing may be thrown through it; for want of memory nothing is noted.
int TlsContext::note_refusal(int verified, X509_STORE_CTX* store) noexcept try {
  if (verified == 1) return verified;
  const auto* ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* self = static_cast<TlsContext*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), kOwnerSlot));
  self->refusal_ = X509_verify_cert_error_string(X509_STORE_CTX_get_error(store));
  return verified;
} catch (const std::bad_alloc&) {
  return verified;
}

Result<std::shared_ptr<TlsContext>> TlsContext::create(const TlsFiles& files, std::string host) {
  ERR_clear_error();
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(host, not_an_address);
  std::shared_ptr<TlsContext> tls(new TlsContext(std::move(host), !not_an_address));
  tls->context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = tls->context_.get();
  if (context == nullptr) return failure("TLS: " + openssl_error());
  if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
    return failure("TLS: " + openssl_error());
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  if (SSL_CTX_load_verify_file(context, files.ca.c_str()) != 1)
    return failure("CA file " + files.ca + ": " + openssl_error(),
                   "give a PEM file with the certificate of who vouches for the broker");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &TlsContext::note_refusal);

  X509_VERIFY_PARAM* expected = SSL_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const int known =
      tls->address_ ? X509_VERIFY_PARAM_set1_ip_asc(expected, tls->host_.c_str())
                    : X509_VERIFY_PARAM_set1_host(expected, tls->host_.c_str(), tls->host_.size());
  if (known != 1 || tls->host_.empty())
    return failure("\"" + tls->host_ + "\" is not a host's name or address");

  if (auto done = use_client_certificate(context, files); !done)
    return tl::unexpected(done.error());
  SSL_CTX_set_ex_data(context, kOwnerSlot, tls.get());
  SSL_CTX_set_info_callback(context, &TlsContext::name_the_host);
  return tls;
}

}  // namespace lokaal

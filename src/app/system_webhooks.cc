// Builds the room system_webhooks and hangs it on those who have something to tell.
#include "app/server.h"
#include "base/json.h"

namespace patchbay::app {

base::Status Server::openSystemWebhooks() {
  outbox_ = std::make_unique<system_webhooks::Outbox>(*store_, *configuration_, clock_, random_,
                                                      metrics_);
  courier_ = std::make_unique<system_webhooks::Courier>(system_webhooks::Courier::Parts{
      *store_, *outbox_, outbound_, *configuration_, clock_, random_, outboundLoop_, metrics_});
  deliveries_ =
      std::make_unique<system_webhooks::Deliveries>(*store_, *outbox_, *configuration_, clock_);
  const auto readPolicy = [this] {
    outbound_.setPolicy({configuration_->flag("OUTBOUND_PRIVATE_ADDRESSES", true)});
  };
  readPolicy();
  configuration_->onChange([readPolicy](const std::string&) { readPolicy(); });
  users_->onCreate(
      [this](store::Transaction& rows, const access::User& user) {
        outbox_->put(rows, {std::string(system_webhooks::kUserCreatedKey),
                            json::write(json::object{{"userId", user.id},
                                                     {"username", user.username},
                                                     {"email", user.email},
                                                     {"scope", json::toArray(user.scope)},
                                                     {"metadata", user.metadata},
                                                     {"created", user.created}}),
                            ""});
      },
      [this] { outbox_->wake(); });
  return courier_->open();
}

void Server::tellCode(const access::User& user, const std::string& code, const std::string& link) {
  outbox_->tell({std::string(system_webhooks::kForgotPasswordKey),
                 json::write(json::object{{"code", code},
                                          {"email", user.email},
                                          {"userId", user.id},
                                          {"created", base::toIso(clock_.now())},
                                          {"link", link}}),
                 ""});
}

}  // namespace patchbay::app

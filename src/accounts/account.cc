#include "accounts/account.h"

#include "base/json.h"

namespace patchbay::accounts {

namespace {

std::string sealName(const std::string& accountId) { return "account " + accountId; }

json::value textOrNull(const std::string& text) {
  return text.empty() ? json::value() : json::value(text);
}

}  // namespace

std::string Secret::seal(const Sealer& sealer, const std::string& accountId) const {
  return sealer.seal(json::write(json::object{{"type", type},
                                              {"fields", fields},
                                              {"token", token},
                                              {"expires", expires}}),
                     sealName(accountId));
}

base::Result<Secret> Secret::unseal(const Sealer& sealer, const store::AccountRecord& record) {
  auto plain = sealer.unseal(record.sealed, sealName(record.accountId));
  if (!plain) {
    return plain.error();
  }
  const json::value parsed = json::parseOwn(*plain);
  const json::object& document = parsed.as_object();
  return Secret{json::getString(document, "type"), json::getObject(document, "fields"),
                json::getString(document, "token"), json::getInt(document, "expires").value_or(0)};
}

boost::json::object accountView(const store::AccountRecord& record, const std::string& icon,
                                const std::string& label) {
  json::object view;
  view["accountId"] = record.accountId;
  view["name"] = record.name;
  view["displayName"] = textOrNull(record.displayName);
  view["service"] = record.service;
  view["userId"] = record.userId;
  view["profileInfo"] = json::parseOwn(record.profile);
  view["icon"] = icon;
  view["label"] = label;
  view["revoked"] = !record.invalid.empty();
  if (!record.invalid.empty()) {
    view["revokedReason"] = record.invalid;
  }
  return view;
}

boost::json::object choiceView(const store::AccountRecord& record, bool assigned,
                               const std::string& componentId) {
  json::object view;
  view["accountId"] = record.accountId;
  view["tokenId"] = record.tokenId;
  view["accessTokenValid"] = record.invalid.empty();
  view["scopeValid"] = true;
  view["authorizedScope"] = json::array();
  view["componentAssigned"] = assigned;
  view["componentId"] = assigned ? json::value(componentId) : json::value();
  view["name"] = record.name;
  view["displayName"] = textOrNull(record.displayName);
  return view;
}

}  // namespace patchbay::accounts

#include "access/user.h"

#include "base/json.h"

namespace patchbay::access {

User User::fromRecord(const store::UserRecord& record) {
  User user;
  user.id = record.id;
  user.username = record.username;
  user.email = record.email;
  user.passwordHash = record.passwordHash;
  const json::value parsed = json::parseOwn(record.document);
  const json::object& document = parsed.as_object();
  user.isActive = json::getBool(document, "isActive", true);
  user.scope = json::getStrings(document, "scope");
  user.vendor = json::getStrings(document, "vendor");
  if (const json::value* plan = json::find(document, "plan")) {
    user.plan = *plan;
  }
  if (const json::value* metadata = json::find(document, "metadata")) {
    user.metadata = *metadata;
  }
  user.created = json::getString(document, "created");
  return user;
}

store::UserRecord User::toRecord() const {
  json::object document;
  document["scope"] = json::toArray(scope);
  document["vendor"] = json::toArray(vendor);
  document["plan"] = plan;
  document["metadata"] = metadata;
  document["isActive"] = isActive;
  document["created"] = created;
  return {id, username, email, passwordHash, json::write(json::value(std::move(document)))};
}

Caller User::toCaller() const { return {id, username, email, scope, vendor}; }

boost::json::object signInView(const User& user) {
  json::object view;
  view["id"] = user.id;
  view["username"] = user.username;
  view["email"] = user.email;
  view["isActive"] = user.isActive;
  view["scope"] = json::toArray(user.scope);
  view["plan"] = user.plan;
  view["metadata"] = user.metadata.is_object() ? user.metadata : json::value(json::object());
  return view;
}

boost::json::object ownView(const User& user) {
  json::object view = signInView(user);
  view["userId"] = user.id;
  view["vendor"] = json::toArray(user.vendor);
  view["created"] = user.created;
  return view;
}

boost::json::object adminView(const User& user) {
  json::object view = ownView(user);
  view["metadata"] = user.metadata;
  return view;
}

}  // namespace patchbay::access

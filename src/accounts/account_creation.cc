// Creating accounts, and testing them: what asks the connector's auth.js.
#include "accounts/accounts.h"
#include "base/json.h"

namespace patchbay::accounts {

namespace {

constexpr std::size_t kMaxSecretBytes = 64 * 1024;
constexpr std::size_t kMaxProfileBytes = 64 * 1024;
constexpr std::size_t kMaxNameBytes = 512;

base::Error invalid(std::string message) {
  return base::fail(base::Code::kInvalid, std::move(message));
}

// An object, or a text that is the JSON of one: some clients send that.
base::Result<json::object> objectField(const json::object& body, std::string_view field,
                                       std::size_t maxBytes) {
  const json::value* value = json::find(body, field);
  const std::string name = "\"" + std::string(field) + "\"";
  if (value == nullptr || value->is_null()) {
    return invalid(name + " is required.");
  }
  json::value parsed = *value;
  if (value->is_string()) {
    auto document = json::parse(value->get_string(), name, 32);
    if (!document) {
      return document.error();
    }
    parsed = std::move(*document);
  }
  if (!parsed.is_object()) {
    return invalid(name + " must be an object.");
  }
  if (json::write(parsed).size() > maxBytes) {
    return invalid(name + " is over 64 KiB.");
  }
  return parsed.get_object();
}

bool isGiven(const json::object& body, std::string_view field) {
  const json::value* value = json::find(body, field);
  return value != nullptr && !value->is_null();
}

bool isTransient(base::Code code) {
  return code == base::Code::kWorkerLost || code == base::Code::kQuarantined ||
         code == base::Code::kUnavailable;
}

base::Error badCredentials(const base::Error& error) {
  return isTransient(error.code) ? error : invalid("Invalid credentials: " + error.message);
}

std::string cut(std::string text) {
  text.resize(std::min(text.size(), kMaxNameBytes));
  return text;
}

}  // namespace

base::Result<Accounts::Service> Accounts::usableService(const std::string& service) const {
  Service found = serviceOf(service);
  if (found.module == nullptr) {
    return base::fail(base::Code::kNotFound,
                      "No installed connector signs in to \"" + service +
                          "\". Install it first, or check \"service\" (vendor:service).");
  }
  if (!found.module->loadError.empty()) {
    return base::fail(base::Code::kComponentBroken,
                      "The sign-in code of " + service + " does not load: " + found.module->loadError);
  }
  if (found.module->type != "apiKey" && found.module->type != "pwd") {
    return invalid("Accounts of " + service + " sign in by OAuth (" + found.module->type +
                   "), which this version cannot do yet.");
  }
  return found;
}

base::Result<Accounts::Draft> Accounts::draftOf(const std::string& userId, const json::object& body,
                                                const connectors::AuthModule& module) const {
  Draft draft;
  auto fields = objectField(body, "token", kMaxSecretBytes);
  if (!fields) {
    return fields.error();
  }
  for (const std::string_view reserved : {"tokenId", "service", "userId", "profileInfo"}) {
    json::eraseKey(*fields, reserved);
  }
  draft.secret.type = module.type;
  draft.secret.fields = std::move(*fields);
  store::AccountRecord& record = draft.record;
  record.userId = userId;
  record.service = module.service;
  record.name = cut(json::getString(body, "name"));
  record.displayName = cut(json::getString(body, "displayName"));
  record.profile = "{}";
  record.created = base::toMillis(parts_.clock.now());
  if (isGiven(body, "profileInfo")) {
    auto profile = objectField(body, "profileInfo", kMaxProfileBytes);
    if (!profile) {
      return profile.error();
    }
    record.profile = json::write(*profile);
    draft.hasProfile = true;
  }
  return draft;
}

base::Status Accounts::validate(const Service& service, Draft& draft) const {
  auto answer = parts_.runner.run(authRequest(service, "validate", draft.secret));
  if (!answer) {
    return badCredentials(answer.error());
  }
  const json::object empty;
  const json::object& result = answer->is_object() ? answer->get_object() : empty;
  if (!json::getBool(result, "valid", true)) {
    return invalid("Invalid credentials: " +
                   json::getString(result, "message", "the service did not accept them"));
  }
  draft.secret.token = json::getString(result, "token");
  const auto expires = base::parseIso(json::getString(result, "expires"));
  draft.secret.expires = expires ? base::toMillis(*expires) : 0;
  return {};
}

base::Status Accounts::readProfile(const Service& service, Draft& draft) const {
  auto answer = parts_.runner.run(authRequest(service, "profile", draft.secret));
  if (!answer) {
    return badCredentials(answer.error());
  }
  if (answer->is_object()) {
    const json::value* profile = json::find(*answer, "profileInfo");
    if (profile != nullptr && profile->is_object()) {
      std::string text = json::write(*profile);
      draft.record.profile = text.size() <= kMaxProfileBytes ? std::move(text) : "{}";
      draft.hasProfile = true;
    }
  }
  return {};
}

// Given, else from the profile, else the display name, else the service's label.
void Accounts::nameAccount(const Service& service, Draft& draft) const {
  if (!draft.record.name.empty()) {
    return;
  }
  AuthRequest request = authRequest(service, "accountName", draft.secret);
  request.profileInfo = json::parseOwn(draft.record.profile);
  auto answer = parts_.runner.run(std::move(request));
  if (answer && answer->is_object()) {
    draft.record.name = cut(json::getString(answer->get_object(), "name"));
  }
  if (draft.record.name.empty()) {
    draft.record.name = draft.record.displayName.empty() ? iconAndLabel(draft.record.service).second
                                                         : draft.record.displayName;
  }
}

// The same account again (same display name, else same name) is updated in place: clients rotate secrets that way.
base::Result<store::AccountRecord> Accounts::merge(Draft draft) {
  store::AccountRecord& record = draft.record;
  bool wasInvalid = false;
  auto status = parts_.store.write([&](store::Transaction& rows) -> base::Status {
    std::optional<store::AccountRecord> same;
    for (auto& other : rows.accounts().byUser(record.userId)) {
      if (other.service != record.service) {
        continue;
      }
      const bool sameDisplay = !record.displayName.empty() && other.displayName == record.displayName;
      const bool sameName = other.name == record.name &&
                            (record.displayName.empty() || other.displayName.empty());
      if (sameDisplay || (sameName && !same)) {
        same = std::move(other);
      }
      if (sameDisplay) {
        break;
      }
    }
    record.accountId = same ? same->accountId : base::newHexId(parts_.random);
    record.tokenId = same ? same->tokenId : base::newHexId(parts_.random);
    if (same) {
      record.created = same->created;
      wasInvalid = !same->invalid.empty();
      if (record.displayName.empty()) {
        record.displayName = same->displayName;
      }
    }
    record.sealed = draft.secret.seal(parts_.sealer, record.accountId);
    rows.accounts().put(record);
    return {};
  });
  forgetAll();
  if (!status) {
    return status.error();
  }
  if (wasInvalid) {
    tellReconnected(record.accountId);
  }
  return record;
}

base::Result<json::object> Accounts::create(const std::string& userId, const json::object& body,
                                            CreateOptions options) {
  const std::string service = json::getString(body, "service");
  if (service.empty()) {
    return invalid("\"service\" (vendor:service) is required.");
  }
  auto found = usableService(service);
  if (!found) {
    return found.error();
  }
  auto draft = draftOf(userId, body, *found->module);
  if (!draft) {
    return draft.error();
  }
  if (options.validate) {
    if (auto status = validate(*found, *draft); !status) {
      return status.error();
    }
  }
  if (options.requestProfile && !draft->hasProfile) {
    if (auto status = readProfile(*found, *draft); !status) {
      return status.error();
    }
  }
  nameAccount(*found, *draft);
  auto record = merge(std::move(*draft));
  return record ? base::Result<json::object>(view(*record))
                : base::Result<json::object>(record.error());
}

base::Result<json::object> Accounts::test(const std::string& userId, const std::string& accountId) {
  auto record = own(userId, accountId);
  if (!record) {
    return record.error();
  }
  const Service service = serviceOf(record->service);
  if (service.module != nullptr && service.module->loadError.empty()) {
    auto secret = Secret::unseal(parts_.sealer, *record);
    if (!secret) {
      return secret.error();
    }
    Draft draft{*record, std::move(*secret), true};
    auto status = validate(service, draft);
    if (!status && isTransient(status.error().code)) {
      return status.error();
    }
    const bool wasInvalid = !record->invalid.empty();
    draft.record.invalid = status ? std::string() : cut(status.error().message);
    draft.record.sealed = draft.secret.seal(parts_.sealer, accountId);
    if (auto saved = save(draft.record); !saved) {
      return saved.error();
    }
    record->invalid = draft.record.invalid;
    if (wasInvalid && record->invalid.empty()) {
      tellReconnected(accountId);
    }
  }
  const bool valid = record->invalid.empty();
  return json::object{{record->tokenId, valid ? "valid" : "invalid"}, {"revoked", !valid}};
}

}  // namespace patchbay::accounts

#include "access/users.h"

#include "access/password.h"
#include "base/json.h"
#include "store/settings.h"
#include "store/users.h"

namespace patchbay::access {

namespace {

constexpr std::size_t kMaxNameBytes = 254;
constexpr std::size_t kMaxRoles = 100;
constexpr std::size_t kMaxMetadataBytes = 64 * 1024;
constexpr std::size_t kMaxCallers = 10000;

base::Error invalid(std::string message) {
  return base::fail(base::Code::kInvalid, std::move(message));
}

bool plainName(std::string_view name) {
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7f) {
      return false;
    }
  }
  return !name.empty() && name.size() <= kMaxNameBytes;
}

bool plainEmail(std::string_view email) {
  const auto at = email.find('@');
  return plainName(email) && at != std::string_view::npos && at > 0 && at + 1 < email.size() &&
         email.find('@', at + 1) == std::string_view::npos;
}

base::Result<std::string> textField(const json::object& body, std::string_view field) {
  const json::value* value = json::find(body, field);
  if (value == nullptr || value->is_null()) {
    return std::string();
  }
  if (!value->is_string()) {
    return invalid("\"" + std::string(field) + "\" must be a text.");
  }
  return std::string(value->get_string());
}

// Roles or vendors: a list of texts, or one text.
base::Result<std::vector<std::string>> listField(const json::value& value, std::string_view field) {
  std::vector<std::string> texts;
  if (value.is_string()) {
    texts.emplace_back(value.get_string());
    return texts;
  }
  if (!value.is_array() || value.get_array().size() > kMaxRoles) {
    return invalid("\"" + std::string(field) + "\" must be a list of at most 100 texts.");
  }
  for (const json::value& item : value.get_array()) {
    if (!item.is_string() || item.get_string().size() > kMaxNameBytes) {
      return invalid("\"" + std::string(field) + "\" must hold texts only.");
    }
    texts.emplace_back(item.get_string());
  }
  return texts;
}

base::Status checkMetadata(const json::value& metadata) {
  if (!metadata.is_object()) {
    return invalid("\"metadata\" must be an object.");
  }
  if (json::write(metadata).size() > kMaxMetadataBytes) {
    return invalid("\"metadata\" is over 64 KiB.");
  }
  return {};
}

// Applies `field` of `body` to `list` when it is there and not null.
base::Status takeList(const json::object& body, std::string_view field,
                      std::vector<std::string>& list) {
  const json::value* value = json::find(body, field);
  if (value == nullptr || value->is_null()) {
    return {};
  }
  auto texts = listField(*value, field);
  if (!texts) {
    return texts.error();
  }
  list = std::move(*texts);
  return {};
}

base::Status takeMetadata(const json::object& body, json::value& metadata) {
  const json::value* value = json::find(body, "metadata");
  if (value == nullptr || value->is_null()) {
    return {};
  }
  if (auto status = checkMetadata(*value); !status) {
    return status;
  }
  metadata = *value;
  return {};
}

base::Status nameTaken(store::Transaction& rows, const User& user) {
  for (const std::string& name : {user.username, user.email}) {
    const auto other = rows.users().byLogin(name);
    if (other && other->id != user.id) {
      return base::fail(base::Code::kConflict, "A user named " + name + " exists already.");
    }
  }
  return {};
}

base::Error wrongLogin() {
  return base::fail(base::Code::kUnauthorized, "Wrong user name or password.");
}

}  // namespace

Users::Users(store::Store& store, SystemConfiguration& configuration, base::Random& random,
             const base::Clock& clock)
    : store_(store), configuration_(configuration), random_(random), clock_(clock) {}

base::Result<User> Users::fromBody(const json::object& body, bool honourScope) {
  auto username = textField(body, "username");
  auto email = textField(body, "email");
  if (!username || !email) {
    return username ? email.error() : username.error();
  }
  User user;
  user.username = username->empty() ? *email : *username;
  user.email = email->empty() ? *username : *email;
  if (user.username.empty()) {
    return invalid("\"email\" or \"username\" is required.");
  }
  if (!plainName(user.username)) {
    return invalid("\"username\" must have no spaces and at most 254 bytes.");
  }
  if (!email->empty() && !plainEmail(*email)) {
    return invalid("\"email\" is not an e-mail address.");
  }
  user.scope = {"user"};
  if (honourScope) {
    if (auto status = takeList(body, "scope", user.scope); !status) {
      return status.error();
    }
    if (auto status = takeList(body, "vendor", user.vendor); !status) {
      return status.error();
    }
  }
  if (auto status = takeMetadata(body, user.metadata); !status) {
    return status.error();
  }
  if (user.vendor.empty()) {
    user.vendor = configuration_.list("DEFAULT_USER_VENDOR");
  }
  return user;
}

base::Result<User> Users::create(const json::object& body, bool honourScope,
                                 const Also& also) {
  const json::value* password = json::find(body, "password");
  if (password == nullptr || !password->is_string()) {
    return invalid("\"password\" is required.");
  }
  auto user = fromBody(body, honourScope);
  if (!user) {
    return user;
  }
  auto hash = hashPassword(password->get_string());
  if (!hash) {
    return hash.error();
  }
  user->id = base::newHexId(random_);
  user->passwordHash = std::move(*hash);
  user->created = base::toIso(clock_.now());
  if (auto status = insert(*user, also); !status) {
    return status.error();
  }
  return user;
}

base::Status Users::insert(const User& user, const Also& also) {
  auto status = store_.write([&](store::Transaction& rows) -> base::Status {
    if (auto taken = nameTaken(rows, user); !taken) {
      return taken;
    }
    rows.users().insert(user.toRecord());
    if (onCreate_) {
      onCreate_(rows, user);
    }
    return also ? also(rows, user) : base::Status();
  });
  if (status && afterCreate_) {
    afterCreate_();
  }
  return status;
}

void Users::onCreate(std::function<void(store::Transaction&, const User&)> inUnit, std::function<void()> after) {
  onCreate_ = std::move(inUnit);
  afterCreate_ = std::move(after);
}

base::Result<bool> Users::ensureAdmin(const std::string& email, const std::string& password) {
  std::int64_t count = 0;
  auto status = store_.read([&count](store::Transaction& rows) { count = rows.users().count(); });
  if (!status) {
    return status.error();
  }
  if (count > 0) {
    return false;
  }
  auto hash = hashPassword(password);
  if (!hash) {
    return hash.error();
  }
  User admin;
  admin.id = base::newHexId(random_);
  admin.username = admin.email = email;
  admin.passwordHash = std::move(*hash);
  admin.scope = {"user", "admin"};
  admin.created = base::toIso(clock_.now());
  status = store_.write([&admin](store::Transaction& rows) -> base::Status {
    rows.users().insert(admin.toRecord());
    if (!rows.settings().get("config", "API_USER_CREATE_SCOPE")) {
      rows.settings().put("config", "API_USER_CREATE_SCOPE", "\"admin\"");
    }
    return {};
  });
  if (status) {
    status = configuration_.load();
  }
  return status ? base::Result<bool>(true) : base::Result<bool>(status.error());
}

base::Result<User> Users::found(std::optional<store::UserRecord> record, std::string_view what) {
  if (!record) {
    return base::fail(base::Code::kNotFound, "User " + std::string(what) + " was not found.");
  }
  return User::fromRecord(*record);
}

base::Result<User> Users::byId(std::string_view userId) {
  std::optional<store::UserRecord> record;
  auto status =
      store_.read([&](store::Transaction& rows) { record = rows.users().byId(userId); });
  return status ? found(std::move(record), userId) : base::Result<User>(status.error());
}

base::Result<User> Users::byLogin(std::string_view login) {
  std::optional<store::UserRecord> record;
  auto status =
      store_.read([&](store::Transaction& rows) { record = rows.users().byLogin(login); });
  return status ? found(std::move(record), login) : base::Result<User>(status.error());
}

base::Result<std::vector<User>> Users::all() {
  std::vector<User> users;
  auto status = store_.read([&users](store::Transaction& rows) {
    for (const auto& record : rows.users().all()) {
      users.push_back(User::fromRecord(record));
    }
  });
  return status ? base::Result<std::vector<User>>(std::move(users))
                : base::Result<std::vector<User>>(status.error());
}

base::Result<User> Users::authenticate(std::string_view login, std::string_view password) {
  auto user = byLogin(login);
  if (!user && user.error().code != base::Code::kNotFound) {
    return user;
  }
  if (!passwordMatches(password, user ? user->passwordHash : std::string())) {
    return wrongLogin();
  }
  if (!user->isActive) {
    return base::fail(base::Code::kForbidden, "This user is not active. Ask an administrator.");
  }
  return user;
}

base::Status Users::save(const User& user, const Also& also) {
  auto status = store_.write([&](store::Transaction& rows) -> base::Status {
    if (!rows.users().byId(user.id)) {
      return base::fail(base::Code::kNotFound, "User " + user.id + " was not found.");
    }
    if (auto taken = nameTaken(rows, user); !taken) {
      return taken;
    }
    rows.users().update(user.toRecord());
    return also ? also(rows, user) : base::Status();
  });
  forget(user.id);
  return status;
}

base::Status Users::changePassword(std::string_view userId, std::string_view oldPassword,
                                   std::string_view newPassword) {
  const std::lock_guard writing(writing_);
  auto user = byId(userId);
  if (!user) {
    return user.error();
  }
  if (!passwordMatches(oldPassword, user->passwordHash)) {
    return invalid("\"oldPassword\" is wrong. The password was not changed.");
  }
  auto hash = hashPassword(newPassword);
  if (!hash) {
    return hash.error();
  }
  user->passwordHash = std::move(*hash);
  return save(*user);
}

base::Status Users::resetPassword(std::string_view login, std::string_view password) {
  const std::lock_guard writing(writing_);
  auto user = byLogin(login);
  if (!user) {
    return user.error();
  }
  auto hash = hashPassword(password);
  if (!hash) {
    return hash.error();
  }
  user->passwordHash = std::move(*hash);
  return save(*user);
}

base::Result<User> Users::update(std::string_view userId, const json::object& body,
                                 const Also& also) {
  const std::lock_guard writing(writing_);
  auto user = byId(userId);
  if (!user) {
    return user;
  }
  if (json::find(body, "password") != nullptr) {
    return invalid("\"password\" cannot be changed here: use POST /user/reset-password.");
  }
  auto email = textField(body, "email");
  if (!email) {
    return email.error();
  }
  if (!email->empty() && *email != user->email) {
    if (!plainEmail(*email)) {
      return invalid("\"email\" is not an e-mail address.");
    }
    user->email = std::move(*email);
  }
  for (auto* taken : {&user->scope, &user->vendor}) {
    const bool roles = taken == &user->scope;
    if (auto status = takeList(body, roles ? "scope" : "vendor", *taken); !status) {
      return status.error();
    }
  }
  if (auto status = takeMetadata(body, user->metadata); !status) {
    return status.error();
  }
  if (auto status = save(*user, also); !status) {
    return status.error();
  }
  return user;
}

base::Status Users::remove(std::string_view userId) {
  const std::string id(userId);
  auto status = store_.write([&id](store::Transaction& rows) -> base::Status {
    if (!rows.users().byId(id)) {
      return base::fail(base::Code::kNotFound, "User " + id + " was not found.");
    }
    rows.users().erase(id);
    return {};
  });
  forget(id);
  return status;
}

std::shared_ptr<const Caller> Users::cachedCaller(const std::string& userId) const {
  const std::lock_guard lock(mutex_);
  const auto found = callers_.find(userId);
  return found == callers_.end() ? nullptr : found->second;
}

base::Result<std::shared_ptr<const Caller>> Users::callerFor(const std::string& userId) {
  std::uint64_t changes = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto cached = callers_.find(userId);
    if (cached != callers_.end()) {
      return cached->second;
    }
    changes = changes_;
  }
  auto user = byId(userId);
  if (!user) {
    return user.error();
  }
  if (!user->isActive) {
    return base::fail(base::Code::kUnauthorized, "The user of this token is not active.");
  }
  auto caller = std::make_shared<const Caller>(user->toCaller());
  const std::lock_guard lock(mutex_);
  if (changes == changes_) {
    if (callers_.size() >= kMaxCallers) {
      callers_.clear();
    }
    callers_[userId] = caller;
  }
  return caller;
}

void Users::forget(const std::string& userId) {
  const std::lock_guard lock(mutex_);
  callers_.erase(userId);
  ++changes_;
}

}  // namespace patchbay::access

// Users of this server (rest-api §3, §4).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::store {

struct UserRecord {
  std::string id;            // 24 hex
  std::string username;      // unique without regard to case
  std::string email;         // unique without regard to case
  std::string passwordHash;  // Argon2id text
  std::string document;      // JSON: {scope, vendor, plan, metadata, isActive, created}
};

class UserTable {
 public:
  virtual ~UserTable() = default;
  virtual void insert(const UserRecord& user) = 0;
  virtual void update(const UserRecord& user) = 0;  // all but the id
  virtual void erase(std::string_view id) = 0;
  virtual std::optional<UserRecord> byId(std::string_view id) = 0;
  // By username or e-mail, without regard to case.
  virtual std::optional<UserRecord> byLogin(std::string_view login) = 0;
  virtual std::vector<UserRecord> all() = 0;  // in the order created
  virtual std::int64_t count() = 0;
};

}  // namespace patchbay::store

// Accounts at third parties and their assignment to components (rest-api §11). Secrets are sealed before they get here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::store {

struct AccountRecord {
  std::string accountId;  // 24 hex
  std::string tokenId;    // 24 hex
  std::string userId;
  std::string service;    // vendor:service[:module]
  std::string name;
  std::string displayName;  // empty = null
  std::string profile;      // JSON object
  std::string sealed;       // sealed token, base64
  std::string invalid;      // why the token is invalid; empty = valid
  std::int64_t created = 0;
};

struct AssignmentRecord {
  std::string flowId;
  std::string componentId;
  std::string accountId;
};

class AccountTable {
 public:
  virtual ~AccountTable() = default;
  virtual void put(const AccountRecord& account) = 0;
  virtual bool erase(std::string_view accountId) = 0;  // with its assignments
  virtual std::optional<AccountRecord> byId(std::string_view accountId) = 0;
  virtual std::vector<AccountRecord> byUser(std::string_view userId) = 0;

  virtual void assign(const AssignmentRecord& assignment) = 0;  // replaces that of the component
  virtual void unassign(std::string_view flowId, std::string_view componentId) = 0;
  virtual void unassignFlow(std::string_view flowId) = 0;
  virtual std::vector<AssignmentRecord> ofFlow(std::string_view flowId) = 0;
  virtual std::vector<AssignmentRecord> ofAccount(std::string_view accountId) = 0;
};

}  // namespace patchbay::store

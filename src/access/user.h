// A user of this server (rest-api §3, §4) and how clients see one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "access/caller.h"
#include "store/users.h"

namespace patchbay::access {

struct User {
  std::string id;
  std::string username;
  std::string email;
  std::string passwordHash;
  bool isActive = true;
  std::vector<std::string> scope;   // in the order written
  std::vector<std::string> vendor;
  boost::json::value plan = "free";
  boost::json::value metadata;      // null: never set
  std::string created;              // ISO

  static User fromRecord(const store::UserRecord& record);
  store::UserRecord toRecord() const;
  Caller toCaller() const;
};

// As POST /user/auth shows the user himself: metadata is an object, always.
boost::json::object signInView(const User& user);
// As GET /user: the same with created, vendor and userId.
boost::json::object ownView(const User& user);
// As GET /users/:userId: metadata stays null when it was never set.
boost::json::object adminView(const User& user);

}  // namespace patchbay::access

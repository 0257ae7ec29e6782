// The users: create, sign in, change, list (rest-api §3, §4).
//
// Threads: safe from any thread; everything but callerFor's cached path blocks on the store, the password calls on Argon2id too.
// Errors: kInvalid names the field; kConflict a taken name; kNotFound; kUnauthorized wrong name or password, in one text for both.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/json.hpp>

#include "access/system_configuration.h"
#include "access/user.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "store/store.h"

namespace patchbay::access {

class Users {
 public:
  Users(store::Store& store, SystemConfiguration& configuration, base::Random& random,
        const base::Clock& clock);

  // Body of POST /user. `honourScope`: the caller is an admin.
  // `also` goes in the commit that makes him.
  using Also = std::function<base::Status(store::Transaction& rows, const User& user)>;
  base::Result<User> create(const boost::json::object& body, bool honourScope, const Also& also = {});
  // Told of each user created: `inUnit` inside the unit that makes him, `after` when it has committed. Before the first create.
  void onCreate(std::function<void(store::Transaction& rows, const User& user)> inUnit, std::function<void()> after);
  // The first administrator, and the rule that nobody registers himself (R29); only while there is no user. True: made.
  base::Result<bool> ensureAdmin(const std::string& email, const std::string& password);

  // Name or e-mail. kForbidden: the user is not active.
  base::Result<User> authenticate(std::string_view login, std::string_view password);
  base::Status changePassword(std::string_view userId, std::string_view oldPassword,
                              std::string_view newPassword);
  base::Status resetPassword(std::string_view login, std::string_view password);

  base::Result<User> byId(std::string_view userId);
  base::Result<User> byLogin(std::string_view login);
  base::Result<std::vector<User>> all();
  // Body of PUT /users/:userId: email, scope, vendor, metadata; others are ignored.
  base::Result<User> update(std::string_view userId, const boost::json::object& body, const Also& also = {});
  base::Status remove(std::string_view userId);

  // What a token of this user may do now. Cached; kNotFound when the user is gone, kUnauthorized when not active.
  base::Result<std::shared_ptr<const Caller>> callerFor(const std::string& userId);
  // The cached answer, or nothing; never blocks.
  std::shared_ptr<const Caller> cachedCaller(const std::string& userId) const;

 private:
  base::Result<User> fromBody(const boost::json::object& body, bool honourScope);
  base::Status insert(const User& user, const Also& also);
  base::Status save(const User& user, const Also& also = {});
  base::Result<User> found(std::optional<store::UserRecord> record, std::string_view what);
  void forget(const std::string& userId);

  store::Store& store_;
  SystemConfiguration& configuration_;
  base::Random& random_;
  const base::Clock& clock_;
  std::function<void(store::Transaction&, const User&)> onCreate_;
  std::function<void()> afterCreate_;
  std::mutex writing_;  // read-change-write of one user at a time
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Caller>> callers_;  // under mutex_
  std::uint64_t changes_ = 0;                                               // under mutex_
};

}  // namespace patchbay::access

// A user's credential at a third party, as rows keep it and as clients see it (rest-api §11). Secrets never leave but to the worker.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include "accounts/sealer.h"
#include "base/result.h"
#include "store/accounts.h"

namespace patchbay::accounts {

// What is sealed of an account.
struct Secret {
  std::string type;            // apiKey, pwd
  boost::json::object fields;  // of the form
  std::string token;           // pwd: the session token
  std::int64_t expires = 0;    // ms; 0 = never

  std::string seal(const Sealer& sealer, const std::string& accountId) const;
  static base::Result<Secret> unseal(const Sealer& sealer, const store::AccountRecord& record);
};

// As rest-api §11; icon and label are those of the service's app.
boost::json::object accountView(const store::AccountRecord& record, const std::string& icon,
                                const std::string& label);
// As rest-api §11.11: an account in the list of a component.
boost::json::object choiceView(const store::AccountRecord& record, bool assigned,
                               const std::string& componentId);

}  // namespace patchbay::accounts

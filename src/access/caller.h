// Who calls: what a valid token says, looked up once per request.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::access {

struct Caller {
  std::string userId;
  std::string username;
  std::string email;
  std::vector<std::string> scope;
  std::vector<std::string> vendors;

  bool hasScope(std::string_view role) const {
    return std::find(scope.begin(), scope.end(), role) != scope.end();
  }
  bool isAdmin() const { return hasScope("admin"); }
  bool ownsVendor(std::string_view vendor) const {
    return isAdmin() || std::find(vendors.begin(), vendors.end(), vendor) != vendors.end();
  }
};

}  // namespace patchbay::access

#include "flows/sharing.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/json.h"

namespace patchbay::flows {
namespace {

using boost::json::object;
using boost::json::value;

constexpr std::size_t kMaxEntries = 1000;
constexpr std::size_t kMaxNameBytes = 320;
constexpr std::array<std::string_view, 3> kWho = {"email", "domain", "scope"};

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

std::string_view domainOf(std::string_view email) {
  const std::size_t at = email.rfind('@');
  return at == std::string_view::npos ? std::string_view() : email.substr(at + 1);
}

base::Error wrongEntry(std::size_t place, std::string_view rule) {
  return base::fail(base::Code::kInvalid,
                    "\"sharedWith\" entry " + std::to_string(place) + ": " + std::string(rule));
}

base::Status checkWho(const object& entry, std::size_t place) {
  int given = 0;
  for (const std::string_view who : kWho) {
    const value* name = json::find(entry, who);
    if (name == nullptr || name->is_null()) {
      continue;
    }
    ++given;
    if (!name->is_string() || name->get_string().empty() ||
        name->get_string().size() > kMaxNameBytes) {
      return wrongEntry(place, "email, domain or scope must be a text of 1 to 320 bytes.");
    }
  }
  if (given != 1) {
    return wrongEntry(place, "give exactly one of email, domain and scope.");
  }
  return {};
}

base::Status checkPermissions(const object& entry, std::size_t place) {
  const value* permissions = json::find(entry, "permissions");
  if (permissions == nullptr || !permissions->is_array()) {
    return wrongEntry(place, "\"permissions\" must be an array of read, start, stop.");
  }
  for (const value& permission : permissions->get_array()) {
    const std::string_view word =
        permission.is_string() ? std::string_view(permission.get_string()) : std::string_view();
    if (word != "read" && word != "start" && word != "stop") {
      return wrongEntry(place, "\"permissions\" may only hold read, start, stop.");
    }
  }
  return {};
}

void addPermissions(const object& entry, Shared& shared) {
  for (const std::string& permission : json::getStrings(entry, "permissions")) {
    shared.read = shared.read || permission == "read";
    shared.start = shared.start || permission == "start";
    shared.stop = shared.stop || permission == "stop";
  }
}

base::Error forbidden(Right right) {
  switch (right) {
    case Right::kStart:
      return base::fail(base::Code::kForbidden,
                        "The flow is shared with you without the permission to start it.");
    case Right::kStop:
      return base::fail(base::Code::kForbidden,
                        "The flow is shared with you without the permission to stop it.");
    case Right::kRead:
    case Right::kWrite:
      break;
  }
  return base::fail(base::Code::kForbidden,
                    "Only the owner of the flow may do this; it is shared with you.");
}

}  // namespace

base::Status checkSharedWith(const value& sharedWith) {
  if (!sharedWith.is_array()) {
    return base::fail(base::Code::kInvalid, "\"sharedWith\" must be an array.");
  }
  const auto& entries = sharedWith.get_array();
  if (entries.size() > kMaxEntries) {
    return base::fail(base::Code::kInvalid, "\"sharedWith\" has more than 1000 entries.");
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!entries[i].is_object()) {
      return wrongEntry(i, "must be an object.");
    }
    if (auto status = checkWho(entries[i].get_object(), i); !status) {
      return status;
    }
    if (auto status = checkPermissions(entries[i].get_object(), i); !status) {
      return status;
    }
  }
  return {};
}

bool entryNames(const value& entry, const access::Caller& caller) {
  if (!entry.is_object()) {
    return false;
  }
  const object& members = entry.get_object();
  const std::string email = json::getString(members, "email");
  const std::string domain = json::getString(members, "domain");
  const std::string scope = json::getString(members, "scope");
  return (!email.empty() && equalsIgnoringCase(email, caller.email)) ||
         (!domain.empty() && equalsIgnoringCase(domain, domainOf(caller.email))) ||
         (!scope.empty() && caller.hasScope(scope));
}

Shared permissionsOf(const value& sharedWith, const access::Caller& caller) {
  Shared shared;
  if (!sharedWith.is_array()) {
    return shared;
  }
  for (const value& entry : sharedWith.get_array()) {
    if (entryNames(entry, caller)) {
      addPermissions(entry.get_object(), shared);
    }
  }
  return shared;
}

base::Status checkRight(const store::FlowRecord& record, const access::Caller& caller,
                        Right right) {
  if (record.userId == caller.userId || caller.isAdmin()) {
    return {};
  }
  const value document = json::parseOwn(record.document);
  const value* sharedWith = json::find(document, "sharedWith");
  const Shared shared = sharedWith == nullptr ? Shared{} : permissionsOf(*sharedWith, caller);
  const bool permitted = (right == Right::kRead && shared.read) ||
                         (right == Right::kStart && shared.start) ||
                         (right == Right::kStop && shared.stop);
  if (permitted) {
    return {};
  }
  return shared.any() && right != Right::kRead ? forbidden(right) : flowNotFound(record.flowId);
}

base::Error flowNotFound(std::string_view flowId) {
  return base::fail(base::Code::kNotFound, "Flow " + std::string(flowId) + " was not found.");
}

}  // namespace patchbay::flows

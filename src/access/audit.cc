#include "access/audit.h"

#include <utility>
#include <vector>

#include "base/json.h"

namespace patchbay::access {

namespace {

constexpr std::int64_t kPage = 500;

json::value textOrNull(const std::string& text) {
  return text.empty() ? json::value() : json::value(text);
}

}  // namespace

store::Unit Audit::note(Actor actor, std::string action, std::string resource,
                        std::string name) const {
  store::AuditRecord entry;
  entry.at = base::toMillis(clock_.now());
  entry.userId = std::move(actor.userId);
  entry.action = std::move(action);
  entry.resource = std::move(resource);
  entry.name = std::move(name);
  entry.ip = std::move(actor.ip);
  entry.outcome = "completed";
  return [entry = std::move(entry)](store::Transaction& rows) -> base::Status {
    rows.audit().add(entry);
    return {};
  };
}

base::Status Audit::walk(std::string_view resource, std::string_view name,
                         const std::function<bool(json::object entry)>& next) const {
  for (std::int64_t before = 0;;) {
    std::vector<store::AuditRecord> page;
    const auto status = store_.read(
        [&](store::Transaction& rows) { page = rows.audit().list(resource, name, before, kPage); });
    if (!status || page.empty()) {
      return status;
    }
    for (const store::AuditRecord& entry : page) {
      if (!next(wireAudit(entry))) {
        return {};
      }
    }
    before = page.back().id;
  }
}

json::object wireAudit(const store::AuditRecord& entry) {
  return {{"id", std::to_string(entry.id)},
          {"at", base::toIso(base::fromMillis(entry.at))},
          {"userId", textOrNull(entry.userId)},
          {"action", entry.action},
          {"resource", entry.resource},
          {"name", entry.name},
          {"from", textOrNull(entry.from)},
          {"to", textOrNull(entry.to)},
          {"ticket", textOrNull(entry.ticket)},
          {"ip", textOrNull(entry.ip)},
          {"outcome", entry.outcome}};
}

}  // namespace patchbay::access

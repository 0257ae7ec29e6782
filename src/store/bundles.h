// Installed bundles and their revisions (R11, R14).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::store {

struct RevisionRecord {
  std::string id;         // "<bundle>/<version>-<hash8>", also its folder below <data>/bundles
  std::string bundle;     // "acme.invoices" or "acme.office.mail"
  std::string version;    // semver
  std::string document;   // JSON: what connectors::Revision says (manifests, load errors, …)
  std::int64_t installedAt = 0;  // ms
  bool current = false;   // at most one revision of a bundle is
  bool trashed = false;   // removed or replaced, kept while pinned or 30 days
  std::int64_t trashedAt = 0;    // ms; 0 = it is not
};

class BundleTable {
 public:
  virtual ~BundleTable() = default;
  virtual void insert(const RevisionRecord& revision) = 0;  // replaces a row of the same id
  // The one that was current is trashed.
  virtual void setCurrent(std::string_view bundle, std::string_view revision, std::int64_t now) = 0;
  virtual void clearCurrent(std::string_view bundle, std::int64_t now) = 0;  // the same: removed
  virtual void erase(std::string_view revision) = 0;
  virtual std::optional<RevisionRecord> byId(std::string_view revision) = 0;
  virtual std::vector<RevisionRecord> all() = 0;
  virtual bool isCurrent(std::string_view revision) = 0;  // without reading its document
};

}  // namespace patchbay::store

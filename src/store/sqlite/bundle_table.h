#pragma once

#include "store/bundles.h"
#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

class SqliteBundleTable final : public BundleTable {
 public:
  explicit SqliteBundleTable(Connection& connection) : connection_(connection) {}

  void insert(const RevisionRecord& revision) override;
  void setCurrent(std::string_view bundle, std::string_view revision, std::int64_t now) override;
  void clearCurrent(std::string_view bundle, std::int64_t now) override;
  void erase(std::string_view revision) override;
  std::optional<RevisionRecord> byId(std::string_view revision) override;
  std::vector<RevisionRecord> all() override;
  bool isCurrent(std::string_view revision) override;

 private:
  Connection& connection_;
  Statement insert_{connection_,
                    "INSERT OR REPLACE INTO revisions(id, bundle, version, document, installed_at, current, "
                    "trashed, trashed_at) VALUES(?,?,?,?,?,?,?,?)"};
  Statement trashOthers_{connection_,
                         "UPDATE revisions SET current = 0, trashed = 1, trashed_at = ?3 WHERE bundle = ?1 AND "
                         "id <> ?2 AND current = 1"};
  Statement setCurrent_{connection_,
                        "UPDATE revisions SET current = 1, trashed = 0, trashed_at = 0 WHERE bundle = ? AND "
                        "id = ?"};
  Statement clearCurrent_{connection_,
                          "UPDATE revisions SET current = 0, trashed = 1, trashed_at = ?2 WHERE bundle = ?1 AND "
                          "current = 1"};
  Statement erase_{connection_, "DELETE FROM revisions WHERE id = ?"};
  Statement isCurrent_{connection_, "SELECT 1 FROM revisions WHERE id = ? AND current = 1"};
  Statement byId_{connection_,
                  "SELECT id, bundle, version, document, installed_at, current, trashed, trashed_at FROM revisions WHERE id = ?"};
  Statement all_{connection_,
                 "SELECT id, bundle, version, document, installed_at, current, trashed, trashed_at FROM revisions ORDER BY "
                 "bundle, installed_at, id"};
};

}  // namespace patchbay::store::sqlite

#include "store/sqlite/bundle_table.h"

namespace patchbay::store::sqlite {

namespace {
RevisionRecord revisionOf(const Query& row) {
  return {row.text(0),    row.text(1),         row.text(2),        row.text(3),
          row.integer(4), row.integer(5) != 0, row.integer(6) != 0};
}
}  // namespace

void SqliteBundleTable::insert(const RevisionRecord& revision) {
  Query(insert_)
      .bind(revision.id)
      .bind(revision.bundle)
      .bind(revision.version)
      .bind(revision.document)
      .bind(revision.installedAt)
      .bind(revision.current)
      .bind(revision.trashed)
      .run();
}

void SqliteBundleTable::setCurrent(std::string_view bundle, std::string_view revision) {
  Query(trashOthers_).bind(bundle).bind(revision).run();
  Query(setCurrent_).bind(bundle).bind(revision).run();
}

void SqliteBundleTable::clearCurrent(std::string_view bundle) {
  Query(clearCurrent_).bind(bundle).run();
}

void SqliteBundleTable::erase(std::string_view revision) { Query(erase_).bind(revision).run(); }

std::optional<RevisionRecord> SqliteBundleTable::byId(std::string_view revision) {
  Query query(byId_);
  query.bind(revision);
  return query.next() ? std::optional(revisionOf(query)) : std::nullopt;
}

std::vector<RevisionRecord> SqliteBundleTable::all() {
  Query query(all_);
  std::vector<RevisionRecord> revisions;
  while (query.next()) {
    revisions.push_back(revisionOf(query));
  }
  return revisions;
}

}  // namespace patchbay::store::sqlite

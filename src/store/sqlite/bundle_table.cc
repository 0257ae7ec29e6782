#include "store/sqlite/bundle_table.h"

namespace patchbay::store::sqlite {

namespace {
RevisionRecord revisionOf(const Query& row) {
  return {row.text(0),    row.text(1),         row.text(2),        row.text(3),
          row.integer(4), row.integer(5) != 0, row.integer(6) != 0, row.integer(7)};
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
      .bind(revision.trashedAt)
      .run();
}

void SqliteBundleTable::setCurrent(std::string_view bundle, std::string_view revision,
                                   std::int64_t now) {
  Query(trashOthers_).bind(bundle).bind(revision).bind(now).run();
  Query(setCurrent_).bind(bundle).bind(revision).run();
}

void SqliteBundleTable::clearCurrent(std::string_view bundle, std::int64_t now) {
  Query(clearCurrent_).bind(bundle).bind(now).run();
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

bool SqliteBundleTable::isCurrent(std::string_view revision) {
  Query query(isCurrent_);
  return query.bind(revision).next();
}

}  // namespace patchbay::store::sqlite

#include "store/sqlite/sqlite_transaction.h"

namespace patchbay::store::sqlite {

void SqliteTransaction::commit() {
  messages_.beforeCommit();
  Query(commit_).run();
}

void SqliteTransaction::rollback() {
  messages_.afterRollback();
  if (connection_->inTransaction()) {
    Query(rollback_).run();
  }
}

void SqliteTransaction::rollbackToSavepoint() {
  Query(rollbackTo_).run();
  Query(release_).run();
}

}  // namespace patchbay::store::sqlite

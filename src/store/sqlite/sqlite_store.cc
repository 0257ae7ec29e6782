#include "store/sqlite/sqlite_store.h"

#include "store/sqlite/commit_thread.h"
#include "store/sqlite/folder_lock.h"
#include "store/sqlite/reader_pool.h"
#include "store/sqlite/schema.h"

namespace patchbay::store {

namespace {

using sqlite::CommitThread;
using sqlite::Connection;
using sqlite::FolderLock;
using sqlite::Mode;
using sqlite::ReaderPool;

// Members are torn down in reverse: readers, then the commit thread with its last commits, then the lock.
class SqliteStore final : public Store {
 public:
  SqliteStore(FolderLock lock, std::unique_ptr<Connection> writer, std::string path,
              const SqliteOptions& options)
      : lock_(std::move(lock)),
        committer_(std::move(writer), options.commits, faults_),
        readers_(std::move(path), options.vfs, options.readers, faults_) {}

  void submit(Unit unit, Done done) override { committer_.submit(std::move(unit), std::move(done)); }
  base::Status read(const std::function<void(Transaction&)>& reader) override {
    return readers_.read(reader);
  }
  CommitCounts counts() const override { return committer_.counts(); }
  StoreFaults faults() const override { return faults_.get(); }

 protected:
  void beforeWaiting() override { committer_.commitHere(); }

 private:
  FolderLock lock_;
  sqlite::FaultCount faults_;
  CommitThread committer_;
  ReaderPool readers_;
};

// Without SQLite's global allocation statistics, whose mutex every allocation would take. Has no effect once SQLite is in use.
void configureOnce() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

}  // namespace

base::Result<std::unique_ptr<Store>> openSqlite(const SqliteOptions& options) {
  configureOnce();
  base::Result<FolderLock> lock = FolderLock::take(options.folder);
  if (!lock) {
    return lock.error();
  }
  const std::string path = (options.folder / options.file).string();
  try {
    auto writer = std::make_unique<Connection>(path, options.vfs, Mode::kWriter);
    sqlite::checkFile(*writer, path);
    writer->setUpWriter();
    sqlite::migrate(*writer);
    if (options.maxPages > 0) {
      writer->execute(("PRAGMA max_page_count = " + std::to_string(options.maxPages)).c_str());
    }
    return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(*lock), std::move(writer),
                                                                path, options));
  } catch (const StoreError& failure) {
    return base::fail(failure.code, failure.what());
  }
}

}  // namespace patchbay::store

// A few read-only connections, opened when first needed, lent to one reader at a time.
//
// Threads: safe from any thread; waits when all are lent.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/sqlite/fault_count.h"
#include "store/sqlite/sqlite_transaction.h"

namespace patchbay::store::sqlite {

class ReaderPool {
 public:
  // `faults` outlives it.
  ReaderPool(std::string path, std::string vfs, std::size_t size, FaultCount& faults)
      : path_(std::move(path)), vfs_(std::move(vfs)), size_(std::max<std::size_t>(size, 1)), faults_(faults) {}

  // Runs `reader` in one read transaction.
  base::Status read(const std::function<void(Transaction&)>& reader);

 private:
  std::unique_ptr<SqliteTransaction> lend();
  void giveBack(std::unique_ptr<SqliteTransaction> reader);

  const std::string path_;
  const std::string vfs_;
  const std::size_t size_;
  FaultCount& faults_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<SqliteTransaction>> idle_;
  std::size_t lent_ = 0;
};

}  // namespace patchbay::store::sqlite

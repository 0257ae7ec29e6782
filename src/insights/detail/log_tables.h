// Writes logs.db: records, calls, and what retention takes away.
//
// Threads: one, the log writer.
// Errors: StoreError; the transaction at hand is undone.
#pragma once

#include <filesystem>
#include <unordered_map>

#include "insights/detail/call_totals.h"
#include "insights/detail/record_batch.h"
#include "insights/flow_log.h"
#include "store/sqlite/connection.h"

namespace patchbay::insights {

class LogTables {
 public:
  explicit LogTables(const std::filesystem::path& path);

  void write(const RecordBatch& records);
  void write(const CallTotals& totals);
  // Erases a slice of what is too old or too much. True: there is more.
  bool eraseRecords(const LogRetention& retention, std::int64_t now);
  // Erases old hours and months, and names that nothing needs any more.
  void eraseCounts(const LogRetention& retention, std::int64_t now);

 private:
  // What is written more than once in a row is prepared once.
  struct Statements {
    explicit Statements(store::sqlite::Connection& connection);
    store::sqlite::Statement record, records, findFlow, addFlow, findOrigin, addOrigin, count, time, month;
  };
  struct Names {
    std::int64_t flow = 0, origin = 0;
  };

  void setUp();
  Names namesOf(const LogOriginPtr& origin);
  std::int64_t flowOf(const LogOrigin& origin);
  void bindRecord(store::sqlite::Query& query, const LogRecord& record);
  void writeRecords(store::sqlite::Statement& statement, const RecordBatch& records, std::size_t from, std::size_t count);
  void writeTotal(const CallTotals::Key& key, const CallTotal& total);
  template <typename Work>
  void transact(const Work& work);
  std::int64_t recordsIn(std::uint64_t bytes, std::uint64_t used);
  std::uint64_t bytesInUse();

  store::sqlite::Connection connection_;
  Statements statements_;
  // By the object, which stays alive in it; emptied when it is full or a transaction was undone.
  std::unordered_map<LogOriginPtr, Names> names_;
};

}  // namespace patchbay::insights

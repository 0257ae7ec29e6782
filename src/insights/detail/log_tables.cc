#include "insights/detail/log_tables.h"

#include <algorithm>

#include "base/clock.h"
#include "base/log.h"
#include "insights/detail/log_schema.h"

namespace patchbay::insights {

namespace {

namespace sqlite = store::sqlite;

constexpr std::size_t kNamesKept = 20'000;
constexpr std::int64_t kEraseAtOnce = 5'000;
constexpr std::int64_t kDay = 24 * kHourMillis;
constexpr std::int64_t kMonthsKept = 24;

// A statement for many rows costs about two thirds of as many statements.
constexpr std::size_t kRowsAtOnce = 32;

template <std::size_t rows>
const char* insertOf() {
  static const std::string sql = [] {
    std::string text = "INSERT INTO records(time, flow, origin, sender, severity, type, port_type, port, correlation_id, msg) VALUES";
    for (std::size_t row = 0; row < rows; ++row) {
      text += row == 0 ? "(?,?,?,?,?,?,?,?,?,?)" : ",(?,?,?,?,?,?,?,?,?,?)";
    }
    return text;
  }();
  return sql.c_str();
}

// "2026-03"
std::string monthOf(std::int64_t time) {
  return base::toIso(base::fromMillis(time)).substr(0, 7);
}

}  // namespace

LogTables::Statements::Statements(sqlite::Connection& connection)
    : record(connection, insertOf<1>()),
      records(connection, insertOf<kRowsAtOnce>()),
      findFlow(connection, "SELECT id FROM flows WHERE flow_id = ? AND user_id = ?"),
      addFlow(connection, "INSERT INTO flows(flow_id, user_id) VALUES(?,?) RETURNING id"),
      findOrigin(connection,
                 "SELECT id FROM origins WHERE flow = ? AND component_id = ? AND component_type = "
                 "? AND connector = ?"),
      addOrigin(connection,
                "INSERT INTO origins(flow, component_id, component_type, connector) "
                "VALUES(?,?,?,?) RETURNING id"),
      count(connection,
            "INSERT INTO call_counts(origin, hour, done, failed, bytes) VALUES(?,?,?,?,?) ON "
            "CONFLICT DO UPDATE SET "
            "done = done + excluded.done, failed = failed + excluded.failed, bytes = bytes + "
            "excluded.bytes"),
      time(connection,
           "INSERT INTO call_times(origin, hour, measure, step, count) VALUES(?,?,?,?,?) ON "
           "CONFLICT DO UPDATE SET "
           "count = count + excluded.count"),
      month(
          connection,
          "INSERT INTO months(flow, month, count, bytes) VALUES(?,?,?,?) ON CONFLICT DO UPDATE SET "
          "count = count + excluded.count, bytes = bytes + excluded.bytes") {}

LogTables::LogTables(const std::filesystem::path& path)
    : connection_(path.string(), "", sqlite::Mode::kWriter), statements_(connection_) {
  setUp();
}

// Larger pages than the store's: records are written in order and read in runs. A small cache: only the newest pages are written again.
void LogTables::setUp() {
  connection_.execute("PRAGMA page_size=16384");
  connection_.setUpWriter();
  connection_.execute("PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=1000; PRAGMA cache_size=-8192");
  const std::int64_t version = connection_.integer("PRAGMA user_version");
  if (version > kLogVersion) {
    throw store::StoreError(base::Code::kStoreFailed,
                            "logs.db was written by a newer Patchbay (its version is " +
                                std::to_string(version) +
                                "); start that one, or move the file away.");
  }
  if (version == kLogVersion) {
    return;
  }
  transact([this] {
    connection_.execute("DROP TABLE IF EXISTS records");  // of a time before versions
    connection_.execute(kLogSchema);
    connection_.execute(("PRAGMA user_version=" + std::to_string(kLogVersion)).c_str());
  });
}

template <typename Work>
void LogTables::transact(const Work& work) {
  connection_.execute("BEGIN");
  try {
    work();
    connection_.execute("COMMIT");
  } catch (const store::StoreError&) {
    names_.clear();  // rows of new names are undone too
    if (connection_.inTransaction()) {
      connection_.execute("ROLLBACK");
    }
    throw;
  }
}

void LogTables::write(const RecordBatch& records) {
  transact([&] {
    std::size_t at = 0;
    for (; records.size() - at >= kRowsAtOnce; at += kRowsAtOnce) {
      writeRecords(statements_.records, records, at, kRowsAtOnce);
    }
    for (; at < records.size(); ++at) {
      writeRecords(statements_.record, records, at, 1);
    }
  });
}

void LogTables::write(const CallTotals& totals) {
  transact([&] {
    for (const auto& [key, total] : totals) {
      writeTotal(key, total);
    }
  });
}

void LogTables::writeRecords(sqlite::Statement& statement, const RecordBatch& records, std::size_t from, std::size_t count) {
  sqlite::Query query(statement);
  for (std::size_t at = from; at < from + count; ++at) {
    bindRecord(query, records[at]);
  }
  query.run();
}

void LogTables::bindRecord(sqlite::Query& query, const LogRecord& record) {
  const Names names = namesOf(record.origin);
  query.bind(record.time)
      .bind(names.flow)
      .bind(names.origin)
      .bind(record.sender == nullptr ? 0 : namesOf(record.sender).origin)
      .bind(record.severity)
      .bind(record.type)
      .bind(record.portType)
      .bind(record.port)
      .bind(record.correlationId)
      .bind(record.msg);
}

void LogTables::writeTotal(const CallTotals::Key& key, const CallTotal& total) {
  const Names names = namesOf(key.origin);
  sqlite::Query(statements_.count)
      .bind(names.origin)
      .bind(key.hour)
      .bind(total.done)
      .bind(total.failed)
      .bind(total.bytes)
      .run();
  const std::string month = monthOf(key.hour);
  sqlite::Query(statements_.month)
      .bind(names.flow)
      .bind(month)
      .bind(total.done + total.failed)
      .bind(total.bytes)
      .run();
  for (std::size_t measure = 0; measure < kMeasures; ++measure) {
    for (std::size_t step = 0; step < kTimeSteps; ++step) {
      if (const std::uint32_t count = total.times[measure][step]; count > 0) {
        sqlite::Query(statements_.time)
            .bind(names.origin)
            .bind(key.hour)
            .bind(measure)
            .bind(step)
            .bind(count)
            .run();
      }
    }
  }
}

std::int64_t LogTables::flowOf(const LogOrigin& origin) {
  {
    sqlite::Query found(statements_.findFlow);
    if (found.bind(origin.flowId).bind(origin.userId).next()) {
      return found.integer(0);
    }
  }
  sqlite::Query added(statements_.addFlow);
  added.bind(origin.flowId).bind(origin.userId).next();
  return added.integer(0);
}

LogTables::Names LogTables::namesOf(const LogOriginPtr& origin) {
  if (const auto known = names_.find(origin); known != names_.end()) {
    return known->second;
  }
  if (names_.size() >= kNamesKept) {
    names_.clear();
  }
  Names names;
  names.flow = flowOf(*origin);
  for (sqlite::Statement* statement : {&statements_.findOrigin, &statements_.addOrigin}) {
    sqlite::Query query(*statement);
    query.bind(names.flow)
        .bind(origin->componentId)
        .bind(origin->componentType)
        .bind(origin->connector);
    if (query.next()) {
      names.origin = query.integer(0);
      break;
    }
  }
  names_.emplace(origin, names);
  return names;
}

bool LogTables::eraseRecords(const LogRetention& retention, std::int64_t now) {
  sqlite::Statement byAge(connection_,
                          "DELETE FROM records WHERE id IN (SELECT id FROM records WHERE time < ? "
                          "ORDER BY time LIMIT ?)");
  sqlite::Query(byAge).bind(now - retention.days * kDay).bind(kEraseAtOnce).run();
  if (connection_.changes() > 0) {
    return true;
  }
  const std::uint64_t used = bytesInUse();
  if (used <= retention.bytes) {
    return false;
  }
  sqlite::Statement bySize(
      connection_, "DELETE FROM records WHERE id IN (SELECT id FROM records ORDER BY id LIMIT ?)");
  sqlite::Query(bySize).bind(recordsIn(used - retention.bytes, used)).run();
  return connection_.changes() > 0;
}

void LogTables::eraseCounts(const LogRetention& retention, std::int64_t now) {
  const std::int64_t oldest = now - retention.days * kDay;
  const std::string month = monthOf(now - kMonthsKept * 31 * kDay);
  transact([&] {
    for (const char* sql :
         {"DELETE FROM call_counts WHERE hour < ?", "DELETE FROM call_times WHERE hour < ?"}) {
      sqlite::Statement statement(connection_, sql);
      sqlite::Query(statement).bind(oldest).run();
    }
    sqlite::Statement months(connection_, "DELETE FROM months WHERE month < ?");
    sqlite::Query(months).bind(month).run();
    connection_.execute(
        "DELETE FROM origins WHERE id <> 0 AND NOT EXISTS (SELECT 1 FROM records WHERE "
        "records.flow = origins.flow) "
        "AND NOT EXISTS (SELECT 1 FROM call_counts WHERE origin = origins.id)");
    connection_.execute(
        "DELETE FROM flows WHERE NOT EXISTS (SELECT 1 FROM origins WHERE flow = flows.id) "
        "AND NOT EXISTS (SELECT 1 FROM months WHERE flow = flows.id)");
  });
  names_.clear();
}

// About as many records as `bytes` of the `used` ones are.
std::int64_t LogTables::recordsIn(std::uint64_t bytes, std::uint64_t used) {
  const std::int64_t records = connection_.integer("SELECT max(id) - min(id) + 1 FROM records");
  const double share = static_cast<double>(bytes) / static_cast<double>(used);
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(share * static_cast<double>(records)),
                                  1, kEraseAtOnce);
}

std::uint64_t LogTables::bytesInUse() {
  const auto pages =
      connection_.integer("PRAGMA page_count") - connection_.integer("PRAGMA freelist_count");
  return static_cast<std::uint64_t>(pages * connection_.integer("PRAGMA page_size"));
}

}  // namespace patchbay::insights

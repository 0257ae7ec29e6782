#include "insights/flow_log.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "insights/detail/log_schema.h"
#include "store/sqlite/connection.h"

namespace patchbay::insights {

namespace {

namespace sqlite = store::sqlite;

constexpr std::size_t kBatch = 1'000;                             // records a transaction
constexpr std::chrono::milliseconds kGather{50};                  // longest wait for more
constexpr std::chrono::minutes kRetentionEvery{10};
constexpr int kEraseAtOnce = 5'000;

const LogOrigin& senderOf(const LogRecord& record) {
  static const LogOrigin none;
  return record.sender == nullptr ? none : *record.sender;
}

}  // namespace

// The writer thread and its queue.
class FlowLog::Writer {
 public:
  explicit Writer(FlowLogOptions options)
      : options_(std::move(options)), connection_(options_.path.string(), "", sqlite::Mode::kWriter) {
    connection_.setUpWriter();
    connection_.execute("PRAGMA synchronous=NORMAL");
    connection_.execute(kLogSchema);
    insert_ = std::make_unique<sqlite::Statement>(
        connection_,
        "INSERT INTO records(time, flow_id, user_id, component_id, component_type, severity, type, port_type, port, sender_id, "
        "sender_type, correlation_id, msg) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)");
    thread_ = std::thread([this] { work(); });
  }

  ~Writer() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void append(LogRecord record) {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      if (queue_.size() >= options_.maxQueued) {
        ++dropped_;
        return;
      }
      queue_.push_back(std::move(record));
      ++appended_;
      wake = queue_.size() == 1 || queue_.size() == kBatch;
    }
    if (wake) {
      wake_.notify_one();
    }
  }

  base::Status flush() {
    std::unique_lock lock(mutex_);
    const std::uint64_t until = appended_;
    hurried_ = true;
    wake_.notify_one();
    written_.wait(lock, [&] { return done_ >= until || stopped_; });
    return {};
  }

  std::uint64_t dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }
  std::uint64_t written() const {
    const std::lock_guard lock(mutex_);
    return done_ - lost_;
  }
  const std::filesystem::path& path() const { return options_.path; }

 private:
  void work() {
    auto retention = std::chrono::steady_clock::now();
    while (true) {
      std::deque<LogRecord> batch;
      if (!gather(batch)) {
        return;
      }
      write(batch);
      {
        const std::lock_guard lock(mutex_);
        done_ += batch.size();
      }
      written_.notify_all();
      if (std::chrono::steady_clock::now() >= retention) {
        retention = std::chrono::steady_clock::now() + kRetentionEvery;
        retain();
      }
    }
  }

  // False when stopped and nothing is left.
  bool gather(std::deque<LogRecord>& batch) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopped_ || !queue_.empty(); });
    if (!stopped_) {
      wake_.wait_for(lock, kGather, [this] { return stopped_ || hurried_ || queue_.size() >= kBatch; });
    }
    hurried_ = false;
    batch.swap(queue_);
    return !batch.empty();
  }

  void write(const std::deque<LogRecord>& batch) {
    try {
      connection_.execute("BEGIN");
      for (const LogRecord& record : batch) {
        sqlite::Query(*insert_)
            .bind(record.time).bind(record.origin->flowId).bind(record.origin->userId).bind(record.origin->componentId)
            .bind(record.origin->componentType).bind(record.severity).bind(record.type).bind(record.portType)
            .bind(record.port).bind(senderOf(record).componentId).bind(senderOf(record).componentType)
            .bind(record.correlationId).bind(record.msg)
            .run();
      }
      connection_.execute("COMMIT");
    } catch (const store::StoreError& failure) {
      if (connection_.inTransaction()) {
        connection_.execute("ROLLBACK");
      }
      const std::lock_guard lock(mutex_);
      dropped_ += batch.size();
      lost_ += batch.size();
      spdlog::error("{} log records could not be written and are gone: {}", batch.size(), failure.what());
    }
  }

  void retain() {
    try {
      const std::int64_t oldest =
          base::toMillis(base::SystemClock().now()) - options_.retentionDays * 24 * 3600 * 1000;
      sqlite::Statement byAge(connection_, "DELETE FROM records WHERE id IN (SELECT id FROM records WHERE time < ? ORDER BY time LIMIT ?)");
      do {
        sqlite::Query(byAge).bind(oldest).bind(kEraseAtOnce).run();
      } while (connection_.changes() == kEraseAtOnce);
      sqlite::Statement bySize(connection_, "DELETE FROM records WHERE id IN (SELECT id FROM records ORDER BY id LIMIT ?)");
      while (bytesInUse() > options_.maxBytes) {
        sqlite::Query(bySize).bind(kEraseAtOnce).run();
        if (connection_.changes() == 0) {
          break;
        }
      }
    } catch (const store::StoreError& failure) {
      spdlog::error("old log records could not be removed: {}", failure.what());
    }
  }

  std::uint64_t bytesInUse() {
    const auto pages = connection_.integer("PRAGMA page_count") - connection_.integer("PRAGMA freelist_count");
    return static_cast<std::uint64_t>(pages * connection_.integer("PRAGMA page_size"));
  }

  const FlowLogOptions options_;
  sqlite::Connection connection_;
  std::unique_ptr<sqlite::Statement> insert_;
  mutable std::mutex mutex_;
  std::condition_variable wake_, written_;
  std::deque<LogRecord> queue_;
  std::uint64_t appended_ = 0, done_ = 0, dropped_ = 0, lost_ = 0;
  bool stopped_ = false, hurried_ = false;
  std::thread thread_;
};

base::Result<std::unique_ptr<FlowLog>> FlowLog::open(FlowLogOptions options) {
  try {
    return std::unique_ptr<FlowLog>(new FlowLog(std::make_unique<Writer>(std::move(options))));
  } catch (const store::StoreError& failure) {
    return base::fail(failure.code, std::string("The flows' log cannot be opened: ") + failure.what());
  }
}

FlowLog::FlowLog(std::unique_ptr<Writer> writer) : writer_(std::move(writer)) {}
FlowLog::~FlowLog() = default;
void FlowLog::append(LogRecord record) { writer_->append(std::move(record)); }
base::Status FlowLog::flush() { return writer_->flush(); }
std::uint64_t FlowLog::written() const { return writer_->written(); }
std::uint64_t FlowLog::dropped() const { return writer_->dropped(); }
const std::filesystem::path& FlowLog::path() const { return writer_->path(); }

}  // namespace patchbay::insights

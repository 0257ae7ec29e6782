#include "insights/flow_log.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "insights/detail/call_totals.h"
#include "insights/detail/log_tables.h"
#include "insights/detail/record_batch.h"

namespace patchbay::insights {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::size_t kBatch = 4'000;              // records a transaction, when there are as many
constexpr std::chrono::milliseconds kGather{100};  // longest wait for more
constexpr std::chrono::seconds kTotalsEvery{10};   // calls are added up in memory so long
constexpr std::chrono::seconds kRetentionEvery{10};
constexpr std::chrono::hours kCountsRetentionEvery{1};

bool isDue(SteadyTime& next, SteadyTime now, std::chrono::steady_clock::duration every) {
  if (now < next) {
    return false;
  }
  next = now + every;
  return true;
}

// A damaged file is kept beside the new one, in place of an older one.
bool setAside(const std::filesystem::path& path) {
  const std::string aside = path.string() + ".damaged";
  std::error_code failed;
  std::filesystem::rename(path, aside, failed);
  if (failed) {
    return false;
  }
  for (const char* of : {"-wal", "-shm"}) {  // they belong to it
    std::error_code ignored;
    std::filesystem::rename(path.string() + of, aside + of, ignored);
  }
  spdlog::error("the flows' log {} is damaged: it is kept as {}, and a new one begins", path.string(), aside);
  return true;
}

}  // namespace

// The writer thread and its queue.
class FlowLog::Writer {
 public:
  explicit Writer(FlowLogOptions options)
      : options_(std::move(options)), tables_(std::make_unique<LogTables>(options_.path)), retention_(options_.retention) {
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
    put(records_, [&] { return records_.textBytes() < options_.maxQueuedBytes; }, [&] { records_.add(std::move(record)); });
  }
  void count(CallRecord call) {
    put(calls_, [] { return true; }, [&] { calls_.push_back(std::move(call)); });
  }

  void flush() {
    std::unique_lock lock(mutex_);
    const std::uint64_t turn = ++flushesAsked_;
    wake_.notify_one();
    flushed_.wait(lock, [&] { return flushesDone_ >= turn || stopped_; });
  }

  void setRetention(LogRetention retention) {
    {
      const std::lock_guard lock(mutex_);
      retention_ = retention;
      retentionChanged_ = true;
    }
    wake_.notify_one();
  }

  std::uint64_t dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }
  std::uint64_t written() const {
    const std::lock_guard lock(mutex_);
    return written_;
  }
  const std::filesystem::path& path() const { return options_.path; }

 private:
  // What one turn of the writer works on.
  struct Batch {
    RecordBatch records;
    std::vector<CallRecord> calls;
    LogRetention retention;
    std::uint64_t flushes = 0;
    bool flush = false, retain = false, last = false;
  };

  template <typename Queue, typename HasRoom, typename Add>
  void put(const Queue& queue, const HasRoom& hasRoom, const Add& add) {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      if (queue.size() >= options_.maxQueued || !hasRoom()) {
        ++dropped_;
        return;
      }
      add();
      wake = queue.size() == 1 || queue.size() == kBatch;
    }
    if (wake) {
      wake_.notify_one();
    }
  }

  void work() {
    Batch batch;
    while (!batch.last) {
      gather(batch);
      writeRecords(batch.records);
      addCalls(batch);
      {
        const std::lock_guard lock(mutex_);
        flushesDone_ = batch.flushes;
      }
      flushed_.notify_all();
      retain(batch);
      batch.records.clear();
      batch.calls.clear();
    }
  }

  bool isUrgent() const { return stopped_ || retentionChanged_ || flushesAsked_ > flushesDone_; }

  void gather(Batch& batch) {
    std::unique_lock lock(mutex_);
    const auto until = erasing_ ? std::chrono::steady_clock::now() : nextRetention_;
    wake_.wait_until(lock, until,
                     [this] { return isUrgent() || !records_.empty() || !calls_.empty(); });
    if (!erasing_) {
      wake_.wait_for(lock, kGather, [this] {
        return isUrgent() || records_.size() >= kBatch || calls_.size() >= kBatch;
      });
    }
    std::swap(batch.records, records_);
    batch.calls.swap(calls_);
    batch.retention = retention_;
    batch.retain = std::exchange(retentionChanged_, false);
    batch.flush = flushesAsked_ > flushesDone_;
    batch.flushes = flushesAsked_;
    batch.last = stopped_;
  }

  void writeRecords(const RecordBatch& records) {
    if (records.empty()) {
      return;
    }
    std::uint64_t lost = 0;
    try {
      onTables([&](LogTables& tables) { tables.write(records); });
    } catch (const store::StoreError& failure) {
      lost = records.size();
      spdlog::error("{} log records could not be written and are gone: {}", lost, failure.what());
    }
    const std::lock_guard lock(mutex_);
    written_ += records.size() - lost;
    dropped_ += lost;
  }

  // Calls that cannot be written now stay in the totals.
  void addCalls(const Batch& batch) {
    for (const CallRecord& call : batch.calls) {
      totals_.add(call);
    }
    const bool due = isDue(nextTotals_, std::chrono::steady_clock::now(), kTotalsEvery);
    if (totals_.empty() || (!due && !batch.flush && !batch.last)) {
      return;
    }
    try {
      onTables([&](LogTables& tables) { tables.write(totals_); });
      totals_.clear();
    } catch (const store::StoreError& failure) {
      spdlog::error("the counts of messages could not be written yet: {}", failure.what());
    }
  }

  void retain(const Batch& batch) {
    const auto now = std::chrono::steady_clock::now();
    try {
      if (isDue(nextRetention_, now, kRetentionEvery) || batch.retain || erasing_) {
        onTables([&](LogTables& tables) { erasing_ = tables.eraseRecords(batch.retention, nowMillis()); });
      }
      if (isDue(nextCountsRetention_, now, kCountsRetentionEvery)) {
        onTables([&](LogTables& tables) { tables.eraseCounts(batch.retention, nowMillis()); });
      }
    } catch (const store::StoreError& failure) {
      erasing_ = false;
      spdlog::error("old log records could not be removed: {}", failure.what());
    }
  }

  // When the file turns out to be damaged, the work is done on a new one.
  template <typename Work>
  void onTables(const Work& work) {
    try {
      if (tables_ == nullptr) {
        tables_ = std::make_unique<LogTables>(options_.path);
      }
      work(*tables_);
    } catch (const store::StoreError& failure) {
      if (failure.fault != store::StoreError::Fault::kDamage) {
        throw;
      }
      tables_.reset();
      if (!setAside(options_.path)) {
        throw;
      }
      tables_ = std::make_unique<LogTables>(options_.path);
      work(*tables_);
    }
  }

  static std::int64_t nowMillis() { return base::toMillis(base::SystemClock().now()); }

  const FlowLogOptions options_;

  // The writer's own.
  std::unique_ptr<LogTables> tables_;  // null: the file could not be opened again so far
  CallTotals totals_;
  SteadyTime nextTotals_, nextRetention_, nextCountsRetention_;
  bool erasing_ = false;  // there is more to erase

  mutable std::mutex mutex_;
  std::condition_variable wake_, flushed_;
  RecordBatch records_;
  std::vector<CallRecord> calls_;
  LogRetention retention_;
  std::uint64_t written_ = 0, dropped_ = 0, flushesAsked_ = 0, flushesDone_ = 0;
  bool stopped_ = false, retentionChanged_ = false;
  std::thread thread_;
};

base::Result<std::unique_ptr<FlowLog>> FlowLog::open(const FlowLogOptions& options) {
  for (bool again = false;; again = true) {
    try {
      return std::unique_ptr<FlowLog>(new FlowLog(std::make_unique<Writer>(options)));
    } catch (const store::StoreError& failure) {
      if (again || failure.fault != store::StoreError::Fault::kDamage || !setAside(options.path)) {
        return base::fail(failure.code,
                          std::string("The flows' log cannot be opened: ") + failure.what());
      }
    }
  }
}

FlowLog::FlowLog(std::unique_ptr<Writer> writer) : writer_(std::move(writer)) {}
FlowLog::~FlowLog() = default;
void FlowLog::append(LogRecord record) {
  writer_->append(std::move(record));
}
void FlowLog::count(CallRecord call) {
  writer_->count(std::move(call));
}
void FlowLog::flush() {
  writer_->flush();
}
void FlowLog::setRetention(LogRetention retention) {
  writer_->setRetention(retention);
}
std::uint64_t FlowLog::written() const {
  return writer_->written();
}
std::uint64_t FlowLog::dropped() const {
  return writer_->dropped();
}
const std::filesystem::path& FlowLog::path() const {
  return writer_->path();
}

}  // namespace patchbay::insights

// What the rooms tell /metrics and /health of themselves.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>

#include "app/server.h"
#include "store/unprocessed.h"

namespace patchbay::app {

namespace {

using base::Problem;
using base::ReadOn;

constexpr std::uint64_t kReservesLeft = 4;  // with less than so many reserves left the disk is spoken of
constexpr std::int64_t kDroppingMillis = 600'000;  // so long a drop is spoken of
constexpr base::Millis kLoopPatience{5'000};

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

double residentBytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  file >> size >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// When a count last grew.
class Growth {
 public:
  bool isRecent(std::uint64_t count, std::int64_t now) {
    const std::lock_guard lock(mutex_);
    if (count != last_) {
      last_ = count;
      grewAt_ = now;
    }
    return grewAt_ != 0 && now - grewAt_ < kDroppingMillis;
  }

 private:
  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::int64_t grewAt_ = 0;
};

}  // namespace

bool Server::onLoop(std::function<void()> work) {
  const auto done = std::make_shared<std::promise<void>>();
  auto waited = done->get_future();
  loop_.post([work = std::move(work), done] {
    work();
    done->set_value();
  });
  return waited.wait_for(kLoopPatience) == std::future_status::ready;
}

void Server::addMetrics() {
  const auto number = [](auto value) { return static_cast<double>(value); };
  metrics_.total("patchbay_commits_total", "Transactions committed.", ReadOn::kAnyThread,
                 [this, number] { return number(store_->counts().commits); });
  metrics_.total("patchbay_commit_units_total", "Units of work committed, many to a transaction.",
                 ReadOn::kAnyThread, [this, number] { return number(store_->counts().units); });
  metrics_.total("patchbay_commit_units_failed_total", "Units of work that were undone.",
                 ReadOn::kAnyThread,
                 [this, number] { return number(store_->counts().failedUnits); });
  metrics_.total("patchbay_store_faults_total", "Reads and writes of the database that the disk or a damaged file refused.",
                 ReadOn::kAnyThread, [this, number] { return number(store_->faults().count); });
  metrics_.gauge("patchbay_queue_depth", "Stored messages: ready, scheduled, claimed.",
                 ReadOn::kLoop, [this, number] { return number(queue_->depth()); });
  metrics_.gauge("patchbay_queue_ready", "Messages in memory that may be claimed.", ReadOn::kLoop,
                 [this, number] { return number(queue_->readyInMemory()); });
  metrics_.gauge("patchbay_attempts_under_way", "Calls of components under way.", ReadOn::kLoop,
                 [this, number] { return number(engine_->attemptsUnderWay()); });
  metrics_.gauge("patchbay_worker_processes", "Node processes that run components.", ReadOn::kLoop,
                 [this, number] { return number(runtime_->processes()); });
  metrics_.gauge("patchbay_workers_in_quarantine",
                 "Connector revisions whose processes keep crashing and rest.", ReadOn::kLoop,
                 [this, number] { return number(runtime_->resting().size()); });
  metrics_.gauge("patchbay_plugins_failing", "Plugins of connectors that are down.", ReadOn::kLoop,
                 [this, number] { return number(plugins_->failing().size()); });
  metrics_.gauge("patchbay_unprocessed_messages", "Messages whose tries are used up.",
                 ReadOn::kAnyThread, [this, number] {
                   std::int64_t count = 0;
                   const base::Status read = store_->read(
                       [&](store::Transaction& tx) { count = tx.unprocessed().count("", ""); });
                   return read ? number(count) : 0.0;
                 });
  metrics_.total("patchbay_log_records_written_total", "Records of flows' logs that were written.",
                 ReadOn::kAnyThread, [this, number] { return number(flowLog_->written()); });
  metrics_.total("patchbay_log_records_dropped_total", "Records of flows' logs, and counts of messages, that were dropped.",
                 ReadOn::kAnyThread, [this, number] { return number(flowLog_->dropped()); });
  metrics_.total("patchbay_http_requests_total", "HTTP requests taken.", ReadOn::kAnyThread,
                 [this, number] { return number(http_->counts().requests); });
  metrics_.gauge("patchbay_http_connections", "Open HTTP connections.", ReadOn::kAnyThread,
                 [this, number] { return number(http_->counts().connections); });
  metrics_.gauge("process_resident_memory_bytes",
                 "Resident memory of the server, without its workers.", ReadOn::kAnyThread,
                 [] { return residentBytes(); });
}

void Server::addHealthChecks() {
  health_.add(ReadOn::kAnyThread, [this]() -> std::optional<Problem> {
    const std::uint64_t left = disk_->available();
    if (left >= kReservesLeft * disk_->reserve()) {
      return std::nullopt;
    }
    const std::string much = "The disk of the data folder has " + mebibytes(left) + " left";
    const std::string reserve = "the reserve of " + mebibytes(disk_->reserve()) + " (DISK_RESERVE_BYTES)";
    if (disk_->spent()) {
      return Problem{"DISK_FULL",
                     much + ", less than " + reserve + ". No new messages, files, records, flows and connectors are taken, and "
                     "components are not polled; what was accepted goes on. Make room.",
                     true};
    }
    return Problem{"DISK_NEARLY_FULL", much + ". With less than " + reserve + " nothing new is taken: make room.", false};
  });
  health_.add(ReadOn::kAnyThread, [this, growth = std::make_shared<Growth>()]() -> std::optional<Problem> {
    const store::StoreFaults faults = store_->faults();
    if (faults.damaged) {
      return Problem{"STORE_DAMAGED",
                     faults.last + " What can still be read and written goes on. Keep a copy of the data folder as it is.",
                     true};
    }
    if (!growth->isRecent(faults.count, base::toMillis(clock_.now()))) {
      return std::nullopt;
    }
    return Problem{"STORE_FAILING",
                   "The disk of the database fails: " + std::to_string(faults.count) +
                       " reads and writes did since the start, some just now. The last: " + faults.last +
                       " What was accepted is kept and tried again; what was refused was told so. See to the disk.",
                   true};
  });
  health_.add(ReadOn::kLoop, [this]() -> std::optional<Problem> {
    const std::string flow = queue_->largestFlow();
    if (!queue_->full() && queue_->full(flow)) {
      return Problem{"FLOW_FULL",
                     "As many messages wait in flow " + flow + " as may in one (" + std::to_string(queue_->flowLimit()) +
                         ", half of QUEUE_DEPTH_LIMIT): its webhooks are refused until there are fewer, other flows go on. See why it falls behind.",
                     false};
    }
    if (!queue_->full()) {
      return std::nullopt;
    }
    return Problem{"QUEUE_FULL",
                   "The queue is at its limit with " + std::to_string(queue_->depth()) +
                       " messages: webhooks are refused until there are fewer. See which flows "
                       "fall behind (GET /flows), or raise "
                       "QUEUE_DEPTH_LIMIT and restart.",
                   true};
  });
  health_.add(ReadOn::kLoop, [this]() -> std::optional<Problem> {
    const std::vector<std::string> resting = runtime_->resting();
    if (resting.empty()) {
      return std::nullopt;
    }
    return Problem{"WORKER_QUARANTINED",
                   "Processes of these connectors keep crashing and rest: " + joined(resting) +
                       ". Their messages wait; the server's log says how they end.",
                   false};
  });
  health_.add(ReadOn::kLoop, [this]() -> std::optional<Problem> {
    const std::vector<std::string> failing = plugins_->failing();
    if (failing.empty()) {
      return std::nullopt;
    }
    return Problem{"PLUGIN_FAILED",
                   "These plugins are down, and their routes answer 503: " + joined(failing) +
                       ". The other plugins and all flows go on. GET /plugins says why.",
                   false};
  });
  health_.add(ReadOn::kAnyThread,
              [this, growth = std::make_shared<Growth>()]() -> std::optional<Problem> {
                const std::uint64_t dropped = flowLog_->dropped();
                if (!growth->isRecent(dropped, base::toMillis(clock_.now()))) {
                  return std::nullopt;
                }
                return Problem{"LOG_DROPPING",
                               "Flows' logs have gaps: " + std::to_string(dropped) +
                                   " records were dropped since the start, some just now. The disk "
                                   "is too slow or full.",
                               false};
              });
  health_.add(ReadOn::kAnyThread, [this] { return courier_->problem(); });
  health_.add(
      ReadOn::kAnyThread, [this, growth = std::make_shared<Growth>()]() -> std::optional<Problem> {
        const std::uint64_t dropped = outbox_->dropped();
        if (!growth->isRecent(dropped, base::toMillis(clock_.now()))) {
          return std::nullopt;
        }
        return Problem{
            "SYSTEM_WEBHOOKS_DROPPING",
            std::to_string(dropped) +
                " deliveries of system webhooks were not taken since the start, some just now: " +
                std::to_string(outbox_->pending()) +
                " wait. See GET /system-webhooks/deliveries?state=pending.",
            false};
      });
}

}  // namespace patchbay::app

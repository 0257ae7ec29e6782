// Question: what does the store cost per hop (insert a payload and a message, settle a message, drop a payload), by batch size?
// CPU is the process's (commit thread included), not the caller's. Budget: architecture.md §4.8.
// Run: store_bench [folder]; the folder should be on the disk that matters.

#include <stdlib.h>
#include <sys/resource.h>

#include <cstdio>
#include <filesystem>
#include <future>
#include <string>

#include "store/messages.h"
#include "store/sqlite/sqlite_store.h"

namespace {

using patchbay::base::Status;
using namespace patchbay::store;

struct Cpu {
  double user = 0;
  double system = 0;
};

Cpu cpuMicros() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto micros = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return {micros(usage.ru_utime), micros(usage.ru_stime)};
}

MessageRecord message(MessageId id) {
  MessageRecord record;
  record.id = id;
  record.flowId = "01beae9d-fd61-4782-aa2c-678455908d1b";
  record.componentId = "a1cda3ff-6d29-4b64-9b47-1c2c0a0a8a11";
  record.port = "in";
  record.sourceId = "c062e744-2de1-4c80-afce-713be3145315";
  record.sourcePort = "out";
  record.correlationId = "a5128135-e23d-4fbb-a9ab-8d8f2f0e3f55";
  record.payload = id;
  record.scope = R"([["c062e744-2de1-4c80-afce-713be3145315","out",)" + std::to_string(id) + "]]";
  record.runId = 1700000000;
  record.trace = 1;
  record.arrivedAt = 1767225600000;
  return record;
}

class Hops {
 public:
  Hops(Store& store, MessageId next) : store_(store), next_(next) {}

  void runBatch(int units) {
    std::promise<void> last;
    for (int i = 0; i < units; ++i) {
      store_.submit([this, id = ++next_](Transaction& transaction) { return hop(transaction, id); },
                    [&last, i, units](Status status) {
                      if (!status) {
                        std::fprintf(stderr, "%s\n", status.error().message.c_str());
                      }
                      if (i == units - 1) {
                        last.set_value();
                      }
                    });
    }
    last.get_future().wait();
  }

 private:
  Status hop(Transaction& transaction, MessageId id) {
    MessageTable& messages = transaction.messages();
    messages.insertPayload(id, payload_);
    messages.insert(message(id));
    if (id - first_ > kInFlight) {
      const PayloadId gone = id - kInFlight;
      messages.erase(gone);
      messages.erasePayloads(std::span(&gone, 1));
    }
    return {};
  }

  static constexpr MessageId kInFlight = 100;
  Store& store_;
  MessageId next_;
  MessageId first_ = next_;
  std::string payload_ = "{\"data\":\"" + std::string(300, 'x') + "\"}";
};

}  // namespace

int main(int argc, char** argv) {
  std::string folder = argc > 1 ? argv[1] : "/tmp/patchbay-bench-XXXXXX";
  if (argc <= 1 && mkdtemp(folder.data()) == nullptr) {
    return 1;
  }
  SqliteOptions options;
  options.folder = folder;
  auto store = openSqlite(options);
  if (!store) {
    std::fprintf(stderr, "%s\n", store.error().message.c_str());
    return 1;
  }
  MessageId next = 0;
  if (!(*store)->read([&](Transaction& transaction) { next = transaction.messages().maxId(); })) {
    return 1;
  }
  Hops hops(**store, next);
  hops.runBatch(1000);
  std::printf("%8s %10s %12s %12s %10s %13s\n", "submit", "hops", "user us/hop", "sys us/hop", "hops/s",
              "units/commit");
  for (const int batch : {1, 8, 64, 256}) {
    const int rounds = std::max(20000 / batch, 300) / (batch == 1 ? 10 : 1);
    const CommitCounts before = (*store)->counts();
    const Cpu cpu = cpuMicros();
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) {
      hops.runBatch(batch);
    }
    const Cpu spent = cpuMicros();
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const double count = static_cast<double>(rounds) * batch;
    const CommitCounts after = (*store)->counts();
    std::printf("%8d %10.0f %12.2f %12.2f %10.0f %13.1f\n", batch, count,
                (spent.user - cpu.user) / count, (spent.system - cpu.system) / count, count / wall,
                static_cast<double>(after.units - before.units) /
                    static_cast<double>(after.commits - before.commits));
  }
  store->reset();
  if (argc <= 1) {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  return 0;
}

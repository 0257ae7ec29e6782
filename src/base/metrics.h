// The server's own numbers, as Prometheus text (exposition format 0.0.4). Rooms add theirs when
// they are built.
//
// A Counter is one relaxed atomic: add() may stand on the hot path. All else is read when somebody
// asks.
// Threads: add while the server is built; Counter::add and text from any thread. `read` functions
// run on the thread that asked, those marked kLoop on the engine loop; they must be short and must
// not throw.
// Ownership: what the read functions use outlives the last text().
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace patchbay::base {

// Runs work on the engine loop and waits for it. False: the loop did not get to it in time; the
// work may still run later.
using OnLoop = std::function<bool(std::function<void()>)>;

enum class ReadOn : std::uint8_t { kAnyThread, kLoop };

class Counter {
 public:
  void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// How many of what was observed stayed within each bound.
class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds);  // growing
  void observe(double value);  // any thread; as cheap as a Counter
  // Its lines: <name>_bucket for each bound and +Inf, <name>_sum, <name>_count.
  void write(const std::string& name, const std::string& labels, std::string& out) const;

 private:
  const std::vector<double> bounds_;
  std::vector<std::atomic<std::uint64_t>> counts_;  // one more than bounds: what is above all
  std::atomic<double> sum_{0};
};

class Metrics {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;
  using Read = std::function<double()>;

  // The one counter of this name and these labels. Lives as long as the registry.
  Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
  // Of one name and labels there is one; the bounds are those of the first call.
  Histogram& histogram(const std::string& name, const std::string& help,
                       std::vector<double> bounds, const Labels& labels = {});
  void gauge(const std::string& name, const std::string& help, ReadOn where, Read read);
  // A number that only grows and is counted elsewhere.
  void total(const std::string& name, const std::string& help, ReadOn where, Read read);

  // Without what is read on the loop when the loop does not answer.
  std::string text(const OnLoop& onLoop) const;

 private:
  struct Sample {
    std::string labels;  // {a="b"} or empty
    ReadOn where = ReadOn::kAnyThread;
    Read read;
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Histogram> histogram;
  };
  struct Family {
    std::string help;
    const char* type = "gauge";
    std::vector<Sample> samples;
  };
  void add(const std::string& name, const std::string& help, const char* type, Sample sample);

  std::map<std::string, Family> families_;
};

}  // namespace patchbay::base

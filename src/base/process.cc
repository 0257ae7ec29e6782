#include "base/process.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "base/process_start.h"
#include "base/process_tree.h"

namespace patchbay::base {
namespace {

using Steady = std::chrono::steady_clock;

// Orphans that ended by themselves are looked for this often while children run that have no pid
// namespace.
constexpr Millis kSweepEvery{10000};
constexpr Millis kReapEvery{10};
constexpr int kMostKillRounds = 20;
constexpr int kUnnamedWaitMs = 5;

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (number_ >= 0) {
      close(number_);
    }
    number_ = other.release();
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) {
    close(number_);
  }
}

int Descriptor::release() {
  return std::exchange(number_, -1);
}

// The spawner thread: the only one that starts, waits for and kills children, so that a pid never
// changes hands under a kill.
class Spawner::Thread {
 public:
  explicit Thread(Executor& executor)
      : executor_(executor), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    thread_ = std::thread([this] { main(); });
  }

  ~Thread() {
    post([this] { stopping_ = true; });
    thread_.join();
  }

  void post(std::function<void()> command) {
    {
      const std::lock_guard lock(mutex_);
      commands_.push_back(std::move(command));
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(wake_.get(), &one, sizeof(one));
  }

  void spawn(const ProcessSpec& spec, const Started& started, const Ended& ended) {
    const std::string mark = std::to_string(getpid()) + "-" + std::to_string(++lastMark_);
    auto process = startProcess(spec, mark);
    if (process) {
      const pid_t id = process->id;
      children_.emplace(
          id, Child{watchProcess(id), mark, spec.pidNamespace, ended});
    }
    // std::function wants copies; a Process moves only.
    auto shared = std::make_shared<Result<Process>>(std::move(process));
    executor_.post([started, shared] { started(std::move(*shared)); });
  }

  void killTree(pid_t id) {
    const auto found = children_.find(id);
    if (found != children_.end()) {
      killDescendants(id, found->second);
      kill(id, SIGKILL);
    }
  }

 private:
  struct Child {
    Descriptor ending;  // readable when it has ended
    std::string mark;
    bool isNamespace;
    Ended ended;
  };

  void main() {
    while (!stopping_) {
      waitForWork();
      runCommands();
      reapChildren();
      reapOrphans();
    }
    endAll();
  }

  void waitForWork() {
    std::vector<pollfd> waits{{wake_.get(), POLLIN, 0}};
    bool isSweeping = false;
    bool isReaping = !orphans_.empty();
    for (const auto& [id, child] : children_) {
      waits.push_back({child.ending.get(), POLLIN, 0});
      isSweeping = isSweeping || !child.isNamespace;
      isReaping = isReaping || !child.ending;
    }
    const Millis wait = isReaping ? kReapEvery : isSweeping ? kSweepEvery : Millis(-1);
    poll(waits.data(), waits.size(), static_cast<int>(wait.count()));
    std::uint64_t count = 0;
    [[maybe_unused]] const auto size = read(wake_.get(), &count, sizeof(count));
    if (isSweeping && Steady::now() >= nextSweep_) {
      sweep();
    }
  }

  void runCommands() {
    std::deque<std::function<void()>> commands;
    {
      const std::lock_guard lock(mutex_);
      commands.swap(commands_);
    }
    for (const auto& command : commands) {
      command();
    }
  }

  void reapChildren() {
    for (auto it = children_.begin(); it != children_.end();) {
      int status = 0;
      // Look first and reap last: until then the pid and its session are still ours to search for.
      siginfo_t info{};
      const auto id = static_cast<id_t>(it->first);
      if (waitid(P_PID, id, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0) {
        ++it;
        continue;
      }
      killDescendants(it->first, it->second);
      waitpid(it->first, &status, 0);
      report(it->first, it->second, status);
      it = children_.erase(it);
    }
  }

  void report(pid_t id, const Child& child, int status) {
    if (child.ended && !stopping_) {
      executor_.post([ended = child.ended, id, status] { ended(id, status); });
    }
  }

  // Repeats until a search finds nothing: what was found may have forked meanwhile, and what had no
  // name may get one.
  void killDescendants(pid_t id, const Child& child) {
    std::unordered_set<pid_t> known;
    for (const auto& [other, unused] : children_) {
      known.insert(other);
    }
    for (int round = 0; !child.isNamespace && round < kMostKillRounds; ++round) {
      const Descendants found = descendantsOf(id, child.mark, known);
      orphans_.insert(found.ended.begin(), found.ended.end());
      if (found.certain.empty() && found.unnamed.empty()) {
        return;
      }
      const bool isLast = round + 1 == kMostKillRounds;
      killAll(found.certain);
      killAll(isLast ? found.unnamed : std::vector<pid_t>());
      poll(nullptr, 0, found.certain.empty() ? kUnnamedWaitMs : 0);
    }
  }

  void killAll(const std::vector<pid_t>& ids) {
    for (const pid_t id : ids) {
      kill(id, SIGKILL);
      orphans_.insert(id);
    }
  }

  void reapOrphans() {
    std::erase_if(orphans_, [](pid_t id) {
      const pid_t reaped = waitpid(id, nullptr, WNOHANG);
      return reaped == id || (reaped < 0 && kill(id, 0) != 0);
    });
  }

  // An ended child that is nobody's in two sweeps is an adopted orphan; a part of the server that
  // waits for a child of its own is faster.
  void sweep() {
    nextSweep_ = Steady::now() + kSweepEvery;
    std::set<pid_t> strangers;
    for (const pid_t id : endedChildren()) {
      if (!children_.contains(id)) {
        strangers.insert(id);
        if (strangers_.contains(id)) {
          orphans_.insert(id);
        }
      }
    }
    strangers_ = std::move(strangers);
  }

  void endAll() {
    for (const auto& [id, child] : children_) {
      killTree(id);
    }
    for (const auto& [id, child] : children_) {
      waitpid(id, nullptr, 0);
      killDescendants(id, child);
    }
    children_.clear();
    // Whatever has ended by now is an adopted orphan: nobody else starts children while a Spawner ends.
    const auto end = Steady::now() + Millis(2000);
    do {
      for (const pid_t id : endedChildren()) {
        orphans_.insert(id);
      }
      reapOrphans();
      poll(nullptr, 0, orphans_.empty() ? 0 : 1);
    } while (!orphans_.empty() && Steady::now() < end);
  }

  Executor& executor_;
  Descriptor wake_;
  std::mutex mutex_;
  std::deque<std::function<void()>> commands_;  // guarded by mutex_; the rest is the thread's own
  bool stopping_ = false;
  std::uint64_t lastMark_ = 0;
  std::unordered_map<pid_t, Child> children_;
  std::set<pid_t> orphans_;    // killed descendants to reap as their subreaper
  std::set<pid_t> strangers_;  // ended children of nobody, seen once
  Steady::time_point nextSweep_ = Steady::now() + kSweepEvery;
  std::thread thread_;
};

Spawner::Spawner(Executor& executor) : thread_(std::make_unique<Thread>(executor)) {}
Spawner::~Spawner() = default;

void Spawner::spawn(ProcessSpec spec, Started started, Ended ended) {
  thread_->post([this, spec = std::move(spec), started = std::move(started),
                 ended = std::move(ended)] { thread_->spawn(spec, started, ended); });
}

void Spawner::killTree(pid_t child) {
  thread_->post([this, child] { thread_->killTree(child); });
}

void Spawner::run(std::function<void()> work) {
  thread_->post(std::move(work));
}

namespace {

// Reads until the process has ended; what it forked and left behind does not count.
int waitForProbe(const Process& process, Millis patience, std::size_t most, std::string& text) {
  const Descriptor ending = watchProcess(process.id);
  const auto end = Steady::now() + patience;
  pollfd waits[] = {{process.output.get(), POLLIN, 0},
                    {process.errors.get(), POLLIN, 0},
                    {ending.get(), POLLIN, 0}};
  bool hasEnded = false;
  while (!hasEnded) {
    const auto left = std::chrono::duration_cast<Millis>(end - Steady::now());
    if (left <= Millis(0) || poll(waits, 3, static_cast<int>(left.count())) <= 0) {
      kill(process.id, SIGKILL);
      break;
    }
    hasEnded = waits[2].revents != 0;
    for (std::size_t i = 0; i < 2; ++i) {
      char part[4096];
      const ssize_t size = waits[i].revents == 0 ? -1 : read(waits[i].fd, part, sizeof(part));
      if (size == 0) {
        waits[i].fd = -1;
      } else if (size > 0 && i == 0 && text.size() < most) {
        text.append(part, std::min(static_cast<std::size_t>(size), most - text.size()));
      }
    }
  }
  int status = 0;
  waitpid(process.id, &status, 0);
  return hasEnded && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int probe(const ProcessSpec& spec, Millis patience, std::size_t most, std::string& text) {
  const auto process = startProcess(spec, std::to_string(getpid()) + "-probe");
  return process ? waitForProbe(*process, patience, most, text) : -1;
}

}  // namespace

int runProbe(const ProcessSpec& spec, Millis patience) {
  std::string ignored;
  return probe(spec, patience, 0, ignored);
}

std::optional<std::string> readProbe(const std::vector<std::string>& command, Millis patience,
                                     std::size_t most) {
  ProcessSpec spec;
  spec.command = command;
  std::string text;
  return probe(spec, patience, most, text) == 0 ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace patchbay::base

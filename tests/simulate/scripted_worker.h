// Plays the workers: takes calls, asks the engine as component code would, and ends them as their
// fate, the mood and the seed say.
//
// Calls of a revision share processes, so that one that dies takes others with it; calls that must
// run alone have one of their own. Now and then it tells the outcome of a call that has been lost
// or fenced, which the engine's own tokens must hold off. Threads: the engine's loop. Ownership:
// loop, ledger and trace outlive it. Format of what it is given and says: protocol/README.md.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/executor.h"
#include "ledger.h"
#include "runtime/runtime.h"
#include "seeded_random.h"

namespace patchbay::simulate {

// How often things go wrong beside the fates: once in so many calls; 0 = never.
struct Mood {
  std::uint64_t fails = 0;
  std::uint64_t hangs = 0;
  std::uint64_t kills = 0;
  std::uint64_t startFails = 0;
  std::uint64_t lateOutcome = 0;
  bool ticks = true;  // tick() sends
};

class ScriptedWorker final : public runtime::Runtime {
 public:
  ScriptedWorker(base::Executor& loop, Ledger& ledger, std::uint64_t seed, SeededRandom random)
      : loop_(loop), ledger_(ledger), seed_(seed), random_(random) {}

  std::size_t capacity(const runtime::WorkerSpec& spec) override;
  base::Result<runtime::CallId> call(runtime::Invocation invocation,
                                     runtime::CallListener& listener) override;
  void reply(runtime::CallId call, std::uint64_t q, std::string_view json) override;
  void replyError(runtime::CallId call, std::uint64_t q, std::string_view errJson) override;
  void cancel(runtime::CallId call) override;
  void retire(const std::string&) override {}
  void onCapacity(std::function<void(const std::string&)> told) override {
    told_ = std::move(told);
  }

  void setMood(const Mood& mood) { mood_ = mood; }
  // A process with calls in it, if there is one, dies.
  void killOne();
  std::size_t calls() const { return calls_.size(); }

 private:
  enum class Do : std::uint8_t { kAsk, kEmit, kEmitAndWait, kPause, kDone, kFail, kHang, kKill };
  struct Step {
    Do what = Do::kDone;
    std::string text;  // arguments of the host call, the error, or the response told at the end
    std::string op;
    std::vector<std::string> sends;  // ids
    runtime::FailKind failure = runtime::FailKind::kError;
  };
  struct Call {
    CallFacts facts;
    Kind kind = Kind::kRelay;
    runtime::CallListener* listener = nullptr;
    std::string revision;
    std::uint64_t process = 0;
    std::deque<Step> steps;
    bool begun = false;
    std::uint64_t q = 0;  // awaited; 0 = none
    std::string lockToken;
    std::string minted;  // what a tick sends
  };
  using CallPlace = std::map<runtime::CallId, Call>::iterator;

  void read(const runtime::Invocation& invocation, Call& call) const;
  void plan(Call& call);
  void planWork(Call& call);
  void planFate(Call& call, Fate fate);
  Fate draw(const Call& call);
  std::uint64_t placeFor(const std::string& revision, bool alone);
  std::size_t active(const std::string& revision) const;
  void goOn(runtime::CallId id);
  void perform(CallPlace place, Step step);
  void answered(runtime::CallId id, std::uint64_t q, std::string_view json, bool good);
  void noteAnswer(Call& call, std::string_view json);
  Call end(CallPlace place);
  void endWell(CallPlace place, const std::vector<std::string>& payloads,
               const std::string& response);
  void miss(runtime::CallId id);
  void kill(std::uint64_t process);
  void tellLate(const Call& call, runtime::CallId id);

  base::Executor& loop_;
  Ledger& ledger_;
  const std::uint64_t seed_;
  SeededRandom random_;
  Mood mood_;
  std::function<void(const std::string&)> told_;
  std::map<runtime::CallId, Call> calls_;
  std::map<std::string, bool> wasFull_;
  runtime::CallId lastCall_ = 0;
  std::uint64_t lastQuestion_ = 0;
  std::uint64_t lastProcess_ = 0;
};

}  // namespace patchbay::simulate

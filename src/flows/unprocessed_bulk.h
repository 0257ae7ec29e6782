// Retries or deletes many unprocessed messages behind a ticket (rest-api §29.7).
//
// Only messages that were there when it began are touched: one that fails again is not tried a second time.
// Threads: safe from any thread but the engine loop and the commit thread. Commands run one after another on a thread of their own.
// Delivery: each message once (its entry goes in the commit that queues it); a command cut off by the end of the process goes on at
// resume(). Errors: kNotFound, kForbidden as Unprocessed; kInvalid from the filter. Single messages that cannot be put back stay, and the
// ticket says why.
#pragma once

#include <mutex>
#include <set>
#include <string>

#include <boost/json.hpp>

#include "access/caller.h"
#include "base/clock.h"
#include "base/random.h"
#include "flows/flows.h"
#include "flows/unprocessed_filter.h"
#include "flows/unprocessed_replay.h"
#include "store/operation_thread.h"
#include "store/store.h"

namespace patchbay::flows {

class UnprocessedBulk {
 public:
  enum class Action : std::uint8_t { kRetry, kDelete };
  struct Begun {
    std::string ticket;
    std::int64_t count = 0;  // messages that match now
  };

  UnprocessedBulk(store::Store& store, Flows& flows, UnprocessedReplay& replay, base::Random& random, const base::Clock& clock);

  base::Status resume() { return thread_.resume(); }  // the engine must run
  void end() { thread_.end(); }                       // no more work; before the engine goes

  // A filter that names no flow means the caller's own messages, an admin's all.
  base::Result<Begun> begin(const access::Caller& caller, Action action, const UnprocessedFilter& filter);
  // {ticket, action, status, total, done, failed, errors: [{message, count}], created, updated}; who asked, and admins.
  base::Result<boost::json::object> status(const access::Caller& caller, const std::string& ticket);
  // What is done stays done. One that has ended: no effect.
  base::Status cancel(const access::Caller& caller, const std::string& ticket);

 private:
  struct Work;
  base::Result<store::OperationRecord> operationOf(const access::Caller& caller, const std::string& ticket);
  void carryOut(Work work);
  bool step(Work& work);
  void retryPage(Work& work, const std::vector<store::UnprocessedRecord>& page);
  base::Status retryOne(const std::string& messageId);
  void deletePage(Work& work, const std::vector<store::UnprocessedRecord>& page);
  void save(const Work& work, const std::string& status);
  bool stopped(const std::string& ticket);

  store::Store& store_;
  Flows& flows_;
  UnprocessedReplay& replay_;
  base::Random& random_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::set<std::string> cancelled_;  // under mutex_
  store::OperationThread thread_;    // last: ends first
};

}  // namespace patchbay::flows

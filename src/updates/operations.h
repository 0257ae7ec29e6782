// Operations behind tickets (rest-api §29.4, R22): begun, shown, cancelled, carried on after a
// crash.
//
// Threads: safe from any thread but the engine loop's and the commit thread; watchers are called on
// the threads of operations and must be short. At most two are carried out at once, and one a
// service. Delivery: one that the end of the process cuts off before its switch is taken back at
// resume(): what it stopped is started again, and it ends as failed; after its switch it goes on.
// Errors: kNotFound (no such ticket, or a stranger's), kConnectorBusy with the ticket at work.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "store/operation_thread.h"
#include "updates/rollout.h"

namespace patchbay::updates {

class Operations final : private Progress {
 public:
  // Told of each step; false: no more.
  using Watcher = std::function<bool(const Operation& operation)>;

  Operations(const Rollout::Parts& parts, base::Random& random);
  ~Operations() override;

  base::Status resume() { return thread_.resume(); }  // the engine must run
  void end();                                         // no more steps; before the engine goes

  // Stored and queued; its ticket is new. kTooMany: 1000 wait, or 256 MiB of archives.
  base::Result<Operation> begin(Operation operation, Order order);
  // Waits for its end.
  Operation await(const std::string& ticket);

  base::Result<Operation> byTicket(const std::string& ticket) const;
  // Newest first; of one connector, or of all.
  base::Result<std::vector<Operation>> list(const std::string& connector, std::int64_t offset,
                                            std::int64_t limit) const;
  // The newest that changed this connector and succeeded; nothing: none is remembered.
  base::Result<std::optional<Operation>> lastOn(const std::string& connector) const;
  // Until the switch; then kConflict.
  base::Status cancel(const std::string& ticket);
  // The one at work or waiting on this connector.
  std::optional<Operation> running(const std::string& connector) const;
  // Of all operations; first the newest state of those that run, and of this one, if it has ended.
  void watch(const std::string& ticket, Watcher watcher);

 private:
  base::Status save(Operation& operation) override;
  void show(const Operation& operation) override;
  bool cancelled(const std::string& ticket) const override;
  bool ending() const override { return thread_.ending(); }
  bool wait(base::Millis time) override { return thread_.wait(time); }

  bool hasRoomFor(const Order& order) const;
  void carryOut(store::OperationRecord record);
  void finish(Operation& operation, const base::Status& status);
  bool storeEnd(const Operation& operation, bool audited);
  void tell(const Operation& operation);

  const Rollout::Parts parts_;
  base::Random& random_;
  Rollout rollout_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::map<std::string, Operation> live_;  // under mutex_: those not ended, by ticket
  std::map<std::string, Order> orders_;    // under mutex_: those not begun
  std::set<std::string> cancelled_;        // under mutex_
  std::mutex watching_;
  std::vector<Watcher> watchers_;  // under watching_
  store::OperationThread thread_;  // last: ends first
};

}  // namespace patchbay::updates

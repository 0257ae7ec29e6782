// The store: rows, not what they mean. One interface per table group (the headers beside this one); a Transaction is their sum.
//
// Writing: a *unit* is a function over a Transaction. One commit thread takes all units that have queued and commits them as
// one transaction (group commit), each in a savepoint of its own: a unit that fails or throws is undone alone, its
// neighbours stand (R35). Units run in the order submitted. `done` is called on the commit thread after the commit that holds
// the unit is durable (or has failed); it must be short and must not call back into the store, except submit().
//
// Reading: read() runs on the caller's thread over a consistent snapshot of what is committed; it does not see queued units.
//
// Errors: table methods throw StoreError; submit and read turn it into a Status (kStoreFailed, kDiskFull). Nothing else throws.
// Ownership: the destructor commits what is queued, then closes.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

#include "base/result.h"

namespace patchbay::store {

class UserTable;
class SettingTable;
class BundleTable;
class FlowTable;
class FlowVersionTable;
class MessageTable;
class StateTable;
class UnprocessedTable;
class DataStoreTable;
class FileTable;
class AccountTable;
class OperationTable;
class WebhookDeliveryTable;
class AttentionTable;
class AuditTable;

class StoreError : public std::runtime_error {
 public:
  // What is to blame: what was asked (a full disk too), the disk, or what stands in the file.
  enum class Fault : std::uint8_t { kRequest, kDisk, kDamage };

  StoreError(base::Code failureCode, const std::string& message, Fault toBlame = Fault::kRequest)
      : std::runtime_error(message), code(failureCode), fault(toBlame) {}
  base::Code code;
  Fault fault;
};

class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual UserTable& users() = 0;
  virtual SettingTable& settings() = 0;
  virtual BundleTable& bundles() = 0;
  virtual FlowTable& flows() = 0;
  virtual FlowVersionTable& flowVersions() = 0;
  virtual MessageTable& messages() = 0;
  virtual StateTable& states() = 0;
  virtual UnprocessedTable& unprocessed() = 0;
  virtual DataStoreTable& dataStores() = 0;
  virtual FileTable& files() = 0;
  virtual AccountTable& accounts() = 0;
  virtual OperationTable& operations() = 0;
  virtual WebhookDeliveryTable& webhookDeliveries() = 0;
  virtual AttentionTable& attention() = 0;
  virtual AuditTable& audit() = 0;
};

using Unit = std::function<base::Status(Transaction&)>;
using Done = std::function<void(base::Status)>;

// What the commit thread has done since start; for /metrics and bench.
struct CommitCounts {
  std::uint64_t commits = 0;
  std::uint64_t units = 0;
  std::uint64_t failedUnits = 0;
};

// Reads, units and commits since the start that failed for a fault of the disk or the file; for /health.
struct StoreFaults {
  std::uint64_t count = 0;
  std::string last;      // for people
  bool damaged = false;  // one of them found the file damaged
};

class Store {
 public:
  virtual ~Store() = default;
  virtual void submit(Unit unit, Done done) = 0;
  virtual base::Status read(const std::function<void(Transaction&)>& reader) = 0;
  virtual CommitCounts counts() const = 0;
  virtual StoreFaults faults() const = 0;

  // submit() and wait for the commit. Not on the commit thread, not on the engine loop.
  base::Status write(Unit unit);

 protected:
  // write() has submitted and will wait: a store whose commits have no thread of their own makes them here.
  virtual void beforeWaiting() {}
};

}  // namespace patchbay::store

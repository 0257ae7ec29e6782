// Where the steps of an operation are noted, and who may end it early.
//
// Threads: those of operations.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "updates/operation.h"

namespace patchbay::updates {

class Progress {
 public:
  virtual ~Progress() = default;
  virtual base::Status save(Operation& operation) = 0;  // and shown
  virtual void show(const Operation& operation) = 0;
  virtual bool cancelled(const std::string& ticket) const = 0;
  virtual bool ending() const = 0;           // the server stops
  virtual bool wait(base::Millis time) = 0;  // false: it stops

  // Before the switch: kUnavailable the server stops, kConflict it was cancelled.
  base::Status mayGoOn(const Operation& operation) const {
    if (ending()) {
      return base::fail(base::Code::kUnavailable, "The server stops. Nothing was changed.");
    }
    if (cancelled(operation.ticket)) {
      return base::fail(base::Code::kConflict, "The operation was cancelled. Nothing was changed.");
    }
    return {};
  }
};

}  // namespace patchbay::updates

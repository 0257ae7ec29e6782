// Gathers what a call needs (input, account, state) and hands it to a worker.
//
// Threads: the engine loop.
#pragma once

#include <string>

#include "engine/attempt.h"
#include "engine/flow_directory.h"
#include "engine/flow_records.h"
#include "engine/input_mapper.h"
#include "engine/outcome.h"
#include "engine/parts.h"

namespace patchbay::accounts {
struct CallAuth;
}

namespace patchbay::engine {

// Where an attempt goes on when it could not even be started.
class DeliveryListener {
 public:
  virtual ~DeliveryListener() = default;
  virtual void notStarted(const AttemptPtr& attempt, const Outcome& outcome) = 0;
};

class Delivery {
 public:
  Delivery(Parts& parts, FlowDirectory& flows, Attempts& attempts, FlowRecords& records, InputMapper& mapper)
      : parts_(parts), flows_(flows), attempts_(attempts), records_(records), mapper_(mapper) {}
  void setListeners(DeliveryListener& listener, runtime::CallListener& calls) {
    listener_ = &listener;
    calls_ = &calls;
  }

  void deliver(const AttemptPtr& attempt);

 private:
  void withContent(const AttemptPtr& attempt);
  void call(const AttemptPtr& attempt);
  std::string members(const Attempt& attempt, const accounts::CallAuth& account, const std::string& state) const;
  void writeMessage(const Attempt& attempt, std::string& out) const;
  base::Result<std::string> state(const Attempt& attempt) const;
  base::Millis deadline(const queue::Message& message) const;

  Parts& parts_;
  FlowDirectory& flows_;
  Attempts& attempts_;
  FlowRecords& records_;
  InputMapper& mapper_;
  DeliveryListener* listener_ = nullptr;
  runtime::CallListener* calls_ = nullptr;
};

}  // namespace patchbay::engine

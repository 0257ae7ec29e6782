// One component of a stored flow, run once with input somebody made up (rest-api §8.11;
// docs/decisions/0046).
//
// The flow need not run, and nothing of it moves: no message, no timer, no log record, and
// component and flow state are of this test alone, erased when it ends. Accounts, files, data
// stores and the services outside are the real ones: what the component does there, it does.
// Threads: run and cancel from any thread; the watcher is called on the engine loop. Errors:
// `begun` with kNotFound, kInvalid, kComponentBroken; `ended` as OutsideCalls.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "engine/flow_directory.h"
#include "engine/input_mapper.h"
#include "engine/outside_calls.h"
#include "engine/parts.h"

namespace patchbay::engine {

struct ComponentTest {
  std::string flowId;
  std::string componentId;
  std::string inputData;  // JSON object: in port → content, the input itself; "" = none
  std::string
      payload;  // JSON: content of the first in port, or the body of a call of a webhook; "" = none
  base::Millis timeout{30'000};
};

class TestWatcher {
 public:
  virtual ~TestWatcher() = default;
  virtual void refused(const base::Error& error) = 0;  // it did not begin; nothing else is called
  virtual void begun() = 0;
  virtual void sent(std::string_view port, std::string_view payload) = 0;
  virtual void ended(const base::Status& status) = 0;
};

class ComponentTests {
 public:
  ComponentTests(Parts& parts, FlowDirectory& flows, InputMapper& mapper, OutsideCalls& calls)
      : parts_(parts), flows_(flows), mapper_(mapper), calls_(calls) {}

  // On the loop: erases what tests of an earlier life have left.
  void begin();
  std::string newId();
  void run(const std::string& testId, ComponentTest test, std::shared_ptr<TestWatcher> watcher);
  // Nobody watches any more: nothing is told.
  void cancel(const std::string& testId);

 private:
  base::Result<AttemptPtr> makeAttempt(const ComponentTest& test) const;
  base::Result<std::string> members(const ComponentTest& test, const Attempt& attempt) const;
  void runOnLoop(const std::string& testId, const ComponentTest& test,
                 const std::shared_ptr<TestWatcher>& watcher);
  void call(const std::string& testId, const ComponentTest& test, const AttemptPtr& attempt,
            const std::shared_ptr<TestWatcher>& watcher);
  void forget(const std::string& testId);
  void eraseState(const std::string& flowId);

  Parts& parts_;
  FlowDirectory& flows_;
  InputMapper& mapper_;
  OutsideCalls& calls_;
  std::unordered_map<std::string, AttemptPtr> running_;
};

}  // namespace patchbay::engine

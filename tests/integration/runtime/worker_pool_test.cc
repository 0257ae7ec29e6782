// Which process takes a call, and when processes start and stop.
#include "rig.h"

namespace patchbay::runtime {
namespace {

class WorkerPools : public Rig {
 protected:
  std::int64_t pidOf(CallId id) { return valueOf(id).to_number<std::int64_t>(); }
  std::shared_ptr<const WorkerSpec> revision(const std::string& name) {
    return std::make_shared<WorkerSpec>(WorkerSpec{name, here()});
  }
};

TEST_F(WorkerPools, OneProcessServesManyCalls) {
  const std::int64_t pid = pidOf(call("pid"));
  EXPECT_EQ(pidOf(call("pid")), pid);
  EXPECT_EQ(runtime().processes(), 1u);
}

TEST_F(WorkerPools, FullPoolSaysWhenItTakesCallsAgain) {
  runtimeOptions.pool.maxCalls = 2;
  std::vector<std::string> told;
  runtime().onCapacity([&told](const std::string& name) { told.push_back(name); });
  EXPECT_EQ(runtime().capacity(*spec), 2u);
  const CallId first = call("hold");
  EXPECT_EQ(runtime().capacity(*spec), 1u);
  call("hold");
  EXPECT_EQ(runtime().capacity(*spec), 0u);
  EXPECT_EQ(tryCall("echo").error().code, base::Code::kUnavailable);
  runtime().cancel(first);
  EXPECT_TRUE(waitFor([&] { return !told.empty(); }));
  EXPECT_EQ(told, std::vector<std::string>{"fake 1.0.0"});
  EXPECT_EQ(runtime().capacity(*spec), 1u);
}

TEST_F(WorkerPools, SecondProcessStartsWhenTheFirstIsFull) {
  runtimeOptions.pool.maxCalls = 1;
  runtimeOptions.pool.maxProcesses = 2;
  call("hold");
  EXPECT_EQ(runtime().processes(), 1u);
  call("hold");
  EXPECT_EQ(runtime().processes(), 2u);
  EXPECT_EQ(runtime().capacity(*spec), 0u);
}

TEST_F(WorkerPools, AloneCallsHaveAProcessOfTheirOwnOneAfterTheOther) {
  const CallId held = call("hold");
  const std::int64_t shared = pidOf(call("pid"));
  const CallId first = call("block", base::Millis(200), true);
  const CallId second = call("pid", kPatience, true);
  EXPECT_EQ(pidOf(call("pid")), shared) << "others do not wait";
  EXPECT_TRUE(lossOf(first).deadline);
  EXPECT_NE(pidOf(second), shared);
  EXPECT_FALSE(ledger.ends.contains(held));
}

TEST_F(WorkerPools, WaitingAloneCallMayBeCancelled) {
  const CallId first = call("hold", base::Millis(100), true);
  const CallId second = call("pid", kPatience, true);
  const CallId third = call("pid", kPatience, true);
  runtime().cancel(second);
  lossOf(first);
  pidOf(third);
  EXPECT_FALSE(ledger.ends.contains(second));
}

TEST_F(WorkerPools, RetiredProcessEndsAfterItsLastCallAndNewCallsGetANewOne) {
  const CallId held = call("hold");
  const std::int64_t old = pidOf(call("pid"));
  runtime().retire(spec->revision);
  EXPECT_EQ(runtime().processes(), 0u);
  EXPECT_NE(pidOf(call("pid")), old);
  EXPECT_FALSE(ledger.ends.contains(held));
  runtime().cancel(held);
  EXPECT_TRUE(waitUntilGone(old));
}

TEST_F(WorkerPools, IdleProcessIsStopped) {
  runtimeOptions.pool.idleStop = base::Millis(50);
  const std::int64_t pid = pidOf(call("pid"));
  EXPECT_TRUE(waitUntilGone(pid));
  EXPECT_NE(pidOf(call("pid")), pid);
}

TEST_F(WorkerPools, AtTheCapTheIdleOneGivesWay) {
  runtimeOptions.maxProcesses = 1;
  const std::int64_t first = pidOf(call("pid"));
  spec = revision("other");
  EXPECT_GT(runtime().capacity(*spec), 0u);
  EXPECT_NE(pidOf(call("pid")), first);
  EXPECT_TRUE(waitUntilGone(first));
}

TEST_F(WorkerPools, AtTheCapABusyOneIsWaitedFor) {
  runtimeOptions.maxProcesses = 1;
  std::vector<std::string> told;
  runtime().onCapacity([&told](const std::string& name) { told.push_back(name); });
  const CallId held = call("hold");
  spec = revision("other");
  EXPECT_EQ(runtime().capacity(*spec), 0u);
  EXPECT_EQ(tryCall("pid").error().code, base::Code::kUnavailable);
  runtime().cancel(held);
  EXPECT_TRUE(waitFor([&] { return !told.empty(); }));
  EXPECT_EQ(told.front(), "other");
  pidOf(call("pid"));
}

}  // namespace
}  // namespace patchbay::runtime

// Workers that crash, hang, flood or fork: their calls are told, and nothing is left behind.
#include "rig.h"

namespace patchbay::runtime {
namespace {

using testing::HasSubstr;

class WorkerLoss : public Rig {};

TEST_F(WorkerLoss, CrashTakesAllCallsInFlight) {
  const CallId first = call("hold");
  const CallId second = call("hold");
  const CallId culprit = call("exit");
  for (const CallId id : {first, second, culprit}) {
    const Loss loss = lossOf(id);
    EXPECT_FALSE(loss.deadline);
    EXPECT_EQ(loss.inFlight, 3u);
    EXPECT_THAT(loss.reason, HasSubstr("exit code 3. Its last lines: boom"));
  }
  valueOf(call("echo"));
}

TEST_F(WorkerLoss, CancelledFromWithinALossIsNotTold) {
  const CallId first = call("hold");
  const CallId second = call("exit");
  class Canceller : public Ledger {
   public:
    std::function<void()> onAny;
    void onLost(CallId id, const Loss& loss) override {
      Ledger::onLost(id, loss);
      onAny();
    }
  } canceller;
  Invocation third = invocation("\"act\":\"hold\"");
  canceller.onAny = [&] {
    runtime().cancel(first);
    runtime().cancel(second);
  };
  const CallId id = *runtime().call(std::move(third), canceller);
  ASSERT_TRUE(waitFor([&] { return canceller.ends.contains(id); }));
  EXPECT_LE(ledger.ends.size(), 2u);
  const std::size_t told = ledger.ends.size();
  valueOf(call("echo"));
  EXPECT_EQ(ledger.ends.size(), told + 1);
}

TEST_F(WorkerLoss, DeadlineOfALoneCallKillsTheTree) {
  const json::value children = valueOf(call("fork"));
  const std::int64_t pid = valueOf(call("pid")).to_number<std::int64_t>();
  const Loss loss = lossOf(call("hold", base::Millis(30)));
  EXPECT_TRUE(loss.deadline);
  EXPECT_EQ(loss.inFlight, 1u);
  EXPECT_THAT(loss.reason, HasSubstr("deadline of 0.0 s"));
  EXPECT_TRUE(waitUntilGone(pid));
  for (const json::value& child : children.as_array()) {
    EXPECT_TRUE(waitUntilGone(child.to_number<std::int64_t>()));
  }
}

TEST_F(WorkerLoss, BlockedLoopEndsAtItsDeadline) {
  const CallId id = call("block", base::Millis(100));
  EXPECT_TRUE(lossOf(id).deadline);
}

TEST_F(WorkerLoss, DeadlineSparesTheOthersOfAProcessThatAnswers) {
  const CallId other = call("hold");
  const std::int64_t pid = valueOf(call("pid")).to_number<std::int64_t>();
  const CallId late = call("hold", base::Millis(20));
  EXPECT_TRUE(lossOf(late).deadline);
  EXPECT_NE(valueOf(call("pid")).to_number<std::int64_t>(), pid) << "new calls go to a new process";
  EXPECT_FALSE(ledger.ends.contains(other));
  runtime().cancel(other);
  EXPECT_TRUE(waitUntilGone(pid));
}

TEST_F(WorkerLoss, DeadlineOfABlockedProcessTakesTheOthersAlong) {
  const CallId other = call("hold");
  const CallId late = call("block", base::Millis(50));
  EXPECT_TRUE(lossOf(late).deadline);
  const Loss loss = lossOf(other);
  EXPECT_FALSE(loss.deadline);
  EXPECT_EQ(loss.inFlight, 2u);
  EXPECT_THAT(loss.reason, HasSubstr("another call in it passed its deadline"));
}

TEST_F(WorkerLoss, DeafProcessIsKilled) {
  nodeOptions.deafAfter = base::Millis(300);
  const CallId first = call("hold");
  const CallId second = call("block");
  EXPECT_THAT(lossOf(first).reason, HasSubstr("did not answer"));
  EXPECT_EQ(lossOf(second).inFlight, 2u);
}

TEST_F(WorkerLoss, BrokenFrameEndsTheProcess) {
  const CallId id = *runtime().call(invocation(R"("act":"raw","text":"{\"t\":\"done\"")"), ledger);
  EXPECT_THAT(lossOf(id).reason, HasSubstr("broke the protocol: A frame is not"));
  const CallId unknown =
      *runtime().call(invocation(R"("act":"raw","text":"{\"t\":\"dance\"}")"), ledger);
  EXPECT_THAT(lossOf(unknown).reason, HasSubstr("unknown type \"dance\""));
}

TEST_F(WorkerLoss, FrameWithoutEndIsBounded) {
  EXPECT_THAT(lossOf(call("huge")).reason, HasSubstr("longer than 32 MiB"));
}

TEST_F(WorkerLoss, ClosedChannelIsALoss) {
  nodeOptions.endWithin = base::Millis(200);
  const CallId id = call("close");
  EXPECT_FALSE(lossOf(id).deadline);
}

TEST_F(WorkerLoss, ProcessThatDoesNotReadGetsNoMoreCalls) {
  const CallId deaf = call("deafen", base::Millis(20000));
  const std::string large(6'000'000, 'z');
  const CallId filling =
      *runtime().call(invocation("\"act\":\"echo\",\"content\":\"" + large + "\""), ledger);
  EXPECT_EQ(runtime().capacity(*spec), 0u);
  EXPECT_EQ(tryCall("echo").error().code, base::Code::kUnavailable);
  runtime().cancel(filling);
  runtime().cancel(deaf);
}

TEST_F(WorkerLoss, HundredMegabytesOnStandardOutputNeitherBlockNorStay) {
  EXPECT_EQ(endOf(call("flood")), "done ");
}

TEST_F(WorkerLoss, ProcessThatDiesAtItsStartBlamesNoCall) {
  spec = std::make_shared<WorkerSpec>(WorkerSpec{"dying", "/dies"});
  const Loss loss = lossOf(call("echo"));
  EXPECT_GE(loss.inFlight, 2u);
  EXPECT_THAT(loss.reason, HasSubstr("exit code 9"));
}

TEST_F(WorkerLoss, ProcessThatIsNeverReadyIsKilled) {
  nodeOptions.startWithin = base::Millis(200);
  spec = std::make_shared<WorkerSpec>(WorkerSpec{"sleeping", "/sleeps"});
  EXPECT_THAT(lossOf(call("hold")).reason, HasSubstr("not ready in time"));
}

TEST_F(WorkerLoss, MissingNodeIsALossWithItsName) {
  nodeOptions.node = "/nowhere/node";
  EXPECT_THAT(lossOf(call("echo")).reason, HasSubstr("/nowhere/node"));
}

TEST_F(WorkerLoss, CrashLoopRestsAndSaysUntilWhen) {
  runtimeOptions.pool.rest = base::Millis(100);
  for (int i = 0; i < 5; ++i) {
    lossOf(call("exit"));
  }
  const auto refused = tryCall("echo");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::Code::kQuarantined);
  EXPECT_THAT(refused.error().message,
              testing::AllOf(HasSubstr("rests until 20"), HasSubstr("exit code 3")));
  EXPECT_GT(runtime().capacity(*spec), 0u);
  std::optional<CallId> trial;
  EXPECT_TRUE(waitFor([&] {
    const auto result = tryCall("echo");
    trial = result ? std::optional(*result) : std::nullopt;
    if (!trial) {
      executor.after(base::Millis(5), [] {});
    }
    return trial.has_value();
  }));
  valueOf(*trial);
}

TEST_F(WorkerLoss, ForkedProcessesEndWithACrash) {
  const json::value children = valueOf(call("fork"));
  lossOf(call("exit"));
  for (const json::value& child : children.as_array()) {
    EXPECT_TRUE(waitUntilGone(child.to_number<std::int64_t>()));
  }
}

}  // namespace
}  // namespace patchbay::runtime

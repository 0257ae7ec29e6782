// The real worker of runtime-js under the strongest sandbox this machine allows, with a component
// that misbehaves.
#include "rig.h"

namespace patchbay::runtime {
namespace {

using testing::HasSubstr;

class RealWorker : public Rig {
 protected:
  RealWorker() {
    nodeOptions.runtimeFolder = std::filesystem::path(PATCHBAY_SOURCE_DIR) / "runtime-js";
    nodeOptions.heapMegabytes = 128;
    nodeOptions.dataMegabytes = 1024;
    spec = std::make_shared<WorkerSpec>(WorkerSpec{"rough 1.0.0", here() / "revision"});
  }
  void useSandbox(SandboxMode mode) {
    sandbox = *Sandbox::probe(mode, nodeOptions.node, nodeOptions.runtimeFolder);
  }

  std::string lastNote() const { return ledger.notes.empty() ? "nothing" : ledger.notes.back(); }

  CallId receive(const std::string& act, base::Millis deadline = kPatience) {
    Invocation one = invocation(
        R"("m":"receive","component":"test.rough.core.Rough","dir":"test/rough/core/Rough","flow":"f","componentId":"c",)"
        R"("callId":"x","attempt":1,"held":true,"state":{},"messages":{"in":{"content":{"act":")" +
            act + R"("}}})",
        deadline);
    one.flow = std::make_shared<FlowFrame>(
        FlowFrame{"f", R"({"flowId":"flow","name":"F","userId":"u","descriptor":{"c":{}}})"});
    const auto id = runtime().call(std::move(one), ledger);
    EXPECT_TRUE(id.has_value());
    return *id;
  }
};

TEST_F(RealWorker, Echoes) {
  useSandbox(SandboxMode::kAuto);
  endOf(receive("echo"));
  EXPECT_THAT(ledger.notes, testing::ElementsAre(R"(send out {"got":{"act":"echo"}})"));
}

TEST_F(RealWorker, ThrownValuesAreFailures) {
  useSandbox(SandboxMode::kAuto);
  EXPECT_THAT(endOf(receive("throw")), HasSubstr("no luck"));
  EXPECT_THAT(endOf(receive("throwText")), HasSubstr("just text"));
}

TEST_F(RealWorker, HostCallsAreAnswered) {
  useSandbox(SandboxMode::kAuto);
  ledger.hostReply = [this](CallId id, std::uint64_t q) {
    runtime().reply(id, q, R"({"found":true,"value":42})");
  };
  endOf(receive("state"));
  EXPECT_THAT(lastNote(), HasSubstr(R"({"state":42})"));
}

TEST_F(RealWorker, EndlessLoopEndsAtItsDeadline) {
  useSandbox(SandboxMode::kAuto);
  endOf(receive("echo"));
  EXPECT_TRUE(lossOf(receive("loop", base::Millis(300))).deadline);
  EXPECT_THAT(endOf(receive("echo")), HasSubstr("done"));
}

TEST_F(RealWorker, PromiseThatNeverSettlesEndsAtItsDeadline) {
  useSandbox(SandboxMode::kAuto);
  EXPECT_TRUE(lossOf(receive("never", base::Millis(300))).deadline);
}

TEST_F(RealWorker, AllocationWithoutEndIsNamed) {
  useSandbox(SandboxMode::kAuto);
  EXPECT_THAT(lossOf(receive("allocate")).reason, HasSubstr("ran out of memory (128 MB"));
}

TEST_F(RealWorker, BuffersWithoutEndAreBoundedToo) {
  useSandbox(SandboxMode::kAuto);
  const std::string end = endOf(receive("allocateBuffers"));
  EXPECT_TRUE(end.starts_with("fail") || end == "lost") << end;
}

TEST_F(RealWorker, FloodOfOutputIsThrownAway) {
  useSandbox(SandboxMode::kAuto);
  EXPECT_EQ(endOf(receive("flood")), "done ");
  EXPECT_THAT(lastNote(), HasSubstr("flooded"));
}

TEST_F(RealWorker, ForkedProcessesEndWithIt) {
  useSandbox(SandboxMode::kAuto);
  EXPECT_TRUE(lossOf(receive("fork", base::Millis(500))).deadline);  // ~Rig looks for what is left
}

TEST_F(RealWorker, ForkedProcessesEndWithItWithoutASandbox) {
  useSandbox(SandboxMode::kOff);
  EXPECT_TRUE(lossOf(receive("fork", base::Millis(500))).deadline);
}

TEST_F(RealWorker, BubblewrapShowsNothingElseAndKeepsCodeReadOnly) {
  useSandbox(SandboxMode::kAuto);
  if (sandbox->isolation() != Isolation::kBubblewrap) {
    GTEST_SKIP() << "bubblewrap does not work here";
  }
  endOf(receive("places"));
  const std::string note = lastNote();
  EXPECT_THAT(note, HasSubstr(R"("/etc/shadow":false,"/root":false)"));
  EXPECT_THAT(note, HasSubstr(R"("own":true)"));
  EXPECT_THAT(note, HasSubstr(R"("writesCode":false)"));
  if (geteuid() == 0) {
    EXPECT_THAT(note, testing::Not(HasSubstr(R"("uid":0)")));
  }
}

}  // namespace
}  // namespace patchbay::runtime

// Calls that end well or badly while their worker lives.
#include "rig.h"

namespace patchbay::runtime {
namespace {

using testing::ElementsAre;

class WorkerCalls : public Rig {};

TEST_F(WorkerCalls, MembersReachTheWorkerAndItsValueComesBack) {
  const CallId id = *runtime().call(
      invocation("\"act\":\"echo\",\n\"m\":\"receive\",\"content\":{\"ü\":[1,\n2]}"), ledger);
  const json::value value = valueOf(id);
  const json::object& frame = value.get_object().at("frame").get_object();
  EXPECT_EQ(frame.at("id").to_number<CallId>(), id);
  EXPECT_EQ(json::write(frame.at("content")), R"({"ü":[1,2]})");
}

TEST_F(WorkerCalls, SendsAndTheTakenUrlComeWithTheOutcome) {
  endOf(call("sends"));
  EXPECT_THAT(ledger.notes, ElementsAre(R"(send out {"n":1})"));
  EXPECT_TRUE(ledger.tookUrl);
}

TEST_F(WorkerCalls, FailureKeepsItsKind) {
  EXPECT_EQ(endOf(call("fail")), R"(fail 1 {"name":"E","message":"bad input"})");
}

TEST_F(WorkerCalls, HostCallIsAnsweredWithAValueOrAnError) {
  ledger.hostReply = [this](CallId id, std::uint64_t q) {
    runtime().reply(id, q, "{\"found\":true}");
  };
  EXPECT_EQ(endOf(call("host")), R"(done {"found":true})");
  ledger.hostReply = [this](CallId id, std::uint64_t q) {
    runtime().replyError(id, q, "{\"name\":\"LockError\"}");
  };
  EXPECT_EQ(endOf(call("host")), R"(done {"name":"LockError"})");
  EXPECT_EQ(ledger.notes[0], R"(host 1 stateGet {"key":"k"})");
}

TEST_F(WorkerCalls, EmitWithANumberIsAnswered) {
  ledger.hostReply = [this](CallId id, std::uint64_t q) { runtime().reply(id, q, "{}"); };
  EXPECT_EQ(endOf(call("emit")), "done {}");
  EXPECT_THAT(ledger.notes, ElementsAre("emit out 1"));
}

TEST_F(WorkerCalls, LogHasTextAndData) {
  endOf(call("log"));
  EXPECT_THAT(ledger.notes, ElementsAre(R"(log info said {"a":1})"));
}

TEST_F(WorkerCalls, SecondOutcomeIsDropped) {
  EXPECT_EQ(endOf(call("twice")), "done 1");
  endOf(call("echo"));
}

TEST_F(WorkerCalls, CancelledCallIsFenced) {
  const CallId fenced = call("hold");
  endOf(call("echo"));
  runtime().cancel(fenced);
  endOf(call("release"));
  const json::value value = valueOf(call("echo"));
  EXPECT_EQ(json::write(value.get_object().at("cancelled")), "[" + std::to_string(fenced) + "]");
  EXPECT_FALSE(ledger.ends.contains(fenced));
}

TEST_F(WorkerCalls, ListenerMayCallAndCancelFromWithinACallback) {
  CallId second = 0;
  const CallId other = call("hold");
  ledger.hostReply = [&](CallId id, std::uint64_t) {
    runtime().cancel(other);
    runtime().cancel(id);
    second = call("echo");
  };
  call("host");
  ASSERT_TRUE(waitFor([&] { return second != 0 && ledger.ends.contains(second); }));
  EXPECT_EQ(ledger.ends.size(), 1u);
}

TEST_F(WorkerCalls, FlowIsSentOnceAndTheOldestIsForgotten) {
  const auto callWith = [this](const std::string& key) {
    Invocation one = invocation("\"act\":\"echo\",\"flow\":\"" + key + "\"");
    one.flow = std::make_shared<FlowFrame>(FlowFrame{key, "{\"flowId\":\"" + key + "\"}"});
    return *runtime().call(std::move(one), ledger);
  };
  const json::value first = valueOf(callWith("f0"));
  EXPECT_EQ(json::write(first.get_object().at("flow")), R"({"flowId":"f0"})");
  CallId last = 0;
  for (std::size_t i = 0; i <= FlowCache::kMostFlows; ++i) {
    last = callWith("f" + std::to_string(i));
    valueOf(last);
  }
  const json::value value = valueOf(last);
  EXPECT_EQ(value.get_object().at("flows").to_number<std::size_t>(), FlowCache::kMostFlows);
  EXPECT_EQ(json::write(value.get_object().at("forgotten")), R"(["f0"])");
}

TEST_F(WorkerCalls, EnvironmentHasNothingOfTheServer) {
  setenv("PATCHBAY_SECRET_KEY", "hush", 1);
  const std::string text = endOf(call("environment"));
  EXPECT_EQ(text.find("hush"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("APPMIXER_API_URL":"http://127.0.0.1:1")"), std::string::npos) << text;
}

TEST_F(WorkerCalls, LargePayloadsPassBothWays) {
  const std::string large(8'000'000, 'z');
  const CallId id =
      *runtime().call(invocation("\"act\":\"echo\",\"content\":\"" + large + "\""), ledger);
  EXPECT_EQ(valueOf(id).get_object().at("frame").get_object().at("content").as_string(), large);
}

}  // namespace
}  // namespace patchbay::runtime

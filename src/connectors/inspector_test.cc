#include "connectors/inspector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/asio_executor.h"
#include "base/json.h"

namespace patchbay::connectors {
namespace {

using testing::HasSubstr;

// Answers inspect calls as a worker would; a component named "Crash" takes the process with it.
class ScriptedRuntime : public runtime::Runtime {
 public:
  explicit ScriptedRuntime(base::Executor& loop) : loop_(loop) {}
  std::size_t capacity(const runtime::WorkerSpec&) override { return 1; }
  base::Result<runtime::CallId> call(runtime::Invocation invocation,
                                     runtime::CallListener& listener) override {
    if (refuses) {
      return base::fail(base::Code::kUnavailable, "no Node here");
    }
    const runtime::CallId id = ++last_;
    keys.push_back(invocation.spec->revision);
    members.push_back(invocation.members);
    if (silent) {
      return id;
    }
    loop_.post([this, id, text = invocation.members, &listener] { answer(id, text, listener); });
    return id;
  }
  void reply(runtime::CallId, std::uint64_t, std::string_view) override {}
  void replyError(runtime::CallId, std::uint64_t, std::string_view) override { ++refusedHostCalls; }
  void cancel(runtime::CallId) override { ++cancelled; }
  void retire(const std::string& revision) override { retired.push_back(revision); }
  void onCapacity(std::function<void(const std::string&)>) override {}

  std::vector<std::string> keys, members, retired;
  bool refuses = false, silent = false;
  std::string value;  // instead of an answer made up
  int refusedHostCalls = 0, cancelled = 0;

 private:
  void answer(runtime::CallId id, const std::string& text, runtime::CallListener& listener) {
    const json::value frame = json::parseOwn("{" + text + "}");
    listener.onHost(id, 1, "stateGet", "{}");
    const json::object& data = frame.as_object().at("data").as_object();
    json::object components;
    for (const auto& [name, folder] : json::getObject(data, "components")) {
      if (name.find("Crash") != std::string_view::npos) {
        listener.onLost(id, {false, 1, "ended by signal 9"});
        return;
      }
      components[name] = name.find("Bad") != std::string_view::npos
                             ? json::object{{"ok", false}, {"error", "SyntaxError: x"}}
                             : json::object{{"ok", true}, {"usesScope", false}};
    }
    json::object auth;
    for (const auto& [name, folder] : json::getObject(data, "auth")) {
      auth[name] =
          json::object{{"type", "apiKey"}, {"fields", json::object{{"key", json::object()}}}};
    }
    const std::string made = value.empty() ? json::write(json::object{{"components", components},
                                                                      {"auth", auth},
                                                                      {"usesDescriptor", true}})
                                           : value;
    listener.onDone(id, {{}, false, made});
  }

  base::Executor& loop_;
  runtime::CallId last_ = 0;
};

class InspectorTest : public testing::Test {
 protected:
  ~InspectorTest() override {
    loop.post([this] { loop.stop(); });  // after what was posted before it
    thread.join();
  }
  InspectionOrder order(const std::vector<std::string>& names) const {
    InspectionOrder made{"/staged", {}, {{"a:x", "a/x"}}, {}};
    for (const std::string& name : names) {
      made.components.emplace(name, "a/x/m/" + name);
    }
    return made;
  }
  base::AsioExecutor loop;
  ScriptedRuntime runtime{loop};
  std::thread thread{[this] { loop.run(); }};
};

TEST_F(InspectorTest, ReportsEachFileForItself) {
  RuntimeInspector inspector(runtime, loop);
  const auto inspection = inspector.inspect(order({"Good", "Bad"}));
  ASSERT_TRUE(inspection) << inspection.error().message;
  EXPECT_EQ(inspection->componentErrors.at("Good"), "");
  EXPECT_EQ(inspection->componentErrors.at("Bad"), "SyntaxError: x");
  ASSERT_EQ(inspection->auths.size(), 1U);
  EXPECT_EQ(inspection->auths[0].type, "apiKey");
  EXPECT_EQ(inspection->auths[0].dir, "a/x");
  EXPECT_FALSE(inspection->usesScope.at("Good"));
  EXPECT_TRUE(inspection->usesDescriptor);
  EXPECT_EQ(runtime.refusedHostCalls, 1);
  EXPECT_EQ(
      runtime.members[0],
      R"("m":"inspect","data":{"components":{"Bad":"a/x/m/Bad","Good":"a/x/m/Good"},"auth":{"a:x":"a/x"},"quota":{}})");
}

TEST_F(InspectorTest, FindsTheOneThatTakesTheProcessWithIt) {
  RuntimeInspector inspector(runtime, loop);
  const auto inspection = inspector.inspect(order({"A", "B", "Crash", "D", "E"}));
  ASSERT_TRUE(inspection);
  for (const auto& [name, error] : inspection->componentErrors) {
    EXPECT_EQ(error, name == "Crash" ? "loading it ends the process: ended by signal 9" : "")
        << name;
  }
  EXPECT_EQ(inspection->componentErrors.size(), 5U);
  std::set<std::string> keys(runtime.keys.begin(), runtime.keys.end());
  EXPECT_EQ(keys.size(), runtime.keys.size()) << "a pool that crashed is not used again";
}

TEST_F(InspectorTest, AnAnswerThatCannotBeReadIsEveryFilesError) {
  RuntimeInspector inspector(runtime, loop);
  runtime.value = "[1]";
  const auto inspection = inspector.inspect(order({"A"}));
  ASSERT_TRUE(inspection);
  EXPECT_THAT(inspection->componentErrors.at("A"), HasSubstr("cannot be read"));
  runtime.value = R"({"components":{"A":"yes"},"auth":7})";
  EXPECT_EQ(inspector.inspect(order({"A"}))->componentErrors.at("A"), "it was not loaded");
}

TEST_F(InspectorTest, WithoutAWorkerThereIsNoVerdict) {
  RuntimeInspector inspector(runtime, loop);
  runtime.refuses = true;
  const auto inspection = inspector.inspect(order({"A"}));
  ASSERT_FALSE(inspection);
  EXPECT_EQ(inspection.error().code, base::Code::kUnavailable);
}

TEST_F(InspectorTest, TheServersStopEndsTheWaiting) {
  RuntimeInspector inspector(runtime, loop);
  runtime.silent = true;
  std::thread stopping([&] { inspector.stop(); });
  const auto inspection = inspector.inspect(order({"A"}));
  stopping.join();
  ASSERT_FALSE(inspection);
  EXPECT_THAT(inspection.error().message, HasSubstr("The server stops"));
}

}  // namespace
}  // namespace patchbay::connectors

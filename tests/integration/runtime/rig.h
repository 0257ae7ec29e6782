// A runtime over real Node processes, and a listener that remembers; the test's thread is the loop.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/process_tree.h"
#include "runtime/node_binary.h"
#include "runtime/node_mapper_pool.h"
#include "runtime/node_runtime.h"

namespace patchbay::runtime {

inline constexpr base::Millis kPatience{60000};

// What came of each call, as text: "done <value>", "fail <kind> <err>", "lost …".
class Ledger : public CallListener {
 public:
  void onHost(CallId call, std::uint64_t q, std::string_view op,
              std::string_view arguments) override {
    notes.push_back("host " + std::to_string(q) + " " + std::string(op) + " " +
                    std::string(arguments));
    if (hostReply) {
      hostReply(call, q);
    }
  }
  void onEmit(CallId call, std::optional<std::uint64_t> q, std::span<const Send> sends) override {
    for (const Send& send : sends) {
      notes.push_back("emit " + std::string(send.port) + " " + std::string(send.payload));
    }
    if (q && hostReply) {
      hostReply(call, *q);
    }
  }
  void onLog(CallId, std::string_view level, std::string_view message,
             std::string_view data) override {
    notes.push_back("log " + std::string(level) + " " + std::string(message) + " " +
                    std::string(data));
  }
  void onDone(CallId call, const Done& done) override {
    for (const Send& send : done.sends) {
      notes.push_back("send " + std::string(send.port) + " " + std::string(send.payload));
    }
    tookUrl = done.tookUrl;
    end(call, "done " + std::string(done.value));
  }
  void onFail(CallId call, const Failure& failure) override {
    end(call,
        "fail " + std::to_string(static_cast<int>(failure.kind)) + " " + std::string(failure.err));
  }
  void onLost(CallId call, const Loss& loss) override {
    losses[call] = loss;
    end(call, "lost");
  }

  std::function<void(CallId, std::uint64_t)> hostReply;
  std::vector<std::string> notes;
  std::map<CallId, std::string> ends;
  std::map<CallId, Loss> losses;
  bool tookUrl = false;

 private:
  void end(CallId call, std::string text) {
    EXPECT_FALSE(ends.contains(call)) << "call " << call << " ended twice: " << text;
    ends[call] = std::move(text);
  }
};

class Rig : public testing::Test {
 protected:
  static std::filesystem::path here() {
    return std::filesystem::path(PATCHBAY_SOURCE_DIR) / "tests/integration/runtime";
  }

  Rig() {
    nodeOptions.runtimeFolder = here() / "fake";
    nodeOptions.apiUrl = "http://127.0.0.1:1";
    nodeOptions.temporary =
        std::filesystem::temp_directory_path() / ("patchbay-runtime-" + std::to_string(getpid()));
    nodeOptions.pingEvery = base::Millis(50);
    const auto node = findNode("", std::filesystem::path(PATCHBAY_SOURCE_DIR) / "runtime-js");
    EXPECT_TRUE(node.has_value()) << node.error().message;
    nodeOptions.node = *node;
  }

  ~Rig() override {
    runtime_.reset();
    mappers_.reset();
    spawner_.reset();
    executor.runUntil([] { return true; }, base::Millis(0));
    EXPECT_TRUE(base::endedChildren().empty()) << "children that were not reaped";
    EXPECT_TRUE(base::descendantsOf(getpid(), "", {}).certain.empty()) << "processes left behind";
    std::filesystem::remove_all(nodeOptions.temporary);
  }

  NodeHost& host() {
    if (!host_) {
      spawner_ = std::make_unique<base::Spawner>(executor);
      host_ = std::make_unique<NodeHost>(
          executor, *spawner_, sandbox.value_or(Sandbox::of(Isolation::kTree)), nodeOptions);
    }
    return *host_;
  }
  NodeRuntime& runtime() {
    if (!runtime_) {
      runtime_ = std::make_unique<NodeRuntime>(host(), clock, runtimeOptions);
    }
    return *runtime_;
  }
  NodeMapperPool& mappers() {
    if (!mappers_) {
      mappers_ = std::make_unique<NodeMapperPool>(host(), mapperOptions);
    }
    return *mappers_;
  }

  Invocation invocation(const std::string& members, base::Millis deadline = kPatience) {
    Invocation out;
    out.spec = spec;
    out.members = members;
    out.deadline = deadline;
    return out;
  }
  // `act`: of the fake worker.
  base::Result<CallId> tryCall(const std::string& act, base::Millis deadline = kPatience,
                               bool alone = false) {
    Invocation out = invocation("\"act\":\"" + act + "\"", deadline);
    out.alone = alone;
    return runtime().call(std::move(out), ledger);
  }
  CallId call(const std::string& act, base::Millis deadline = kPatience, bool alone = false) {
    const auto id = tryCall(act, deadline, alone);
    EXPECT_TRUE(id.has_value()) << (id ? "" : id.error().message);
    return id ? *id : 0;
  }
  bool waitFor(const std::function<bool()>& what) { return executor.runUntil(what, kPatience); }
  std::string endOf(CallId id) {
    EXPECT_TRUE(waitFor([&] { return ledger.ends.contains(id); }))
        << "call " << id << " has not ended";
    return ledger.ends[id];
  }
  json::value valueOf(CallId id) {
    const std::string end = endOf(id);
    EXPECT_TRUE(end.starts_with("done ")) << end << " " << ledger.losses[id].reason;
    return end.starts_with("done ") ? json::parseOwn(end.substr(5)) : json::value();
  }
  Loss lossOf(CallId id) {
    EXPECT_EQ(endOf(id), "lost");
    return ledger.losses[id];
  }
  // Waits for the end of a process, not for time.
  bool waitUntilGone(std::int64_t pid) {
    const base::Descriptor ending = base::watchProcess(static_cast<pid_t>(pid));
    boost::asio::posix::stream_descriptor watched(executor.context());
    bool isOver = !ending;
    if (ending) {
      watched.assign(dup(ending.get()));
      watched.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [&isOver](const auto& error) { isOver = !error; });
    }
    return waitFor([&isOver] { return isOver; });
  }

  base::AsioExecutor executor;
  base::SystemClock clock;
  NodeOptions nodeOptions;
  RuntimeOptions runtimeOptions;
  MapperOptions mapperOptions;
  std::optional<Sandbox> sandbox;
  std::shared_ptr<const WorkerSpec> spec =
      std::make_shared<WorkerSpec>(WorkerSpec{"fake 1.0.0", here()});
  Ledger ledger;

 private:
  std::unique_ptr<base::Spawner> spawner_;
  std::unique_ptr<NodeHost> host_;
  std::unique_ptr<NodeRuntime> runtime_;
  std::unique_ptr<NodeMapperPool> mappers_;
};

}  // namespace patchbay::runtime

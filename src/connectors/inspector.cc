#include "connectors/inspector.h"

#include <condition_variable>

#include "base/json.h"

namespace patchbay::connectors {
namespace {

constexpr std::size_t kMaxError = 4'000;
constexpr base::Millis kLookAgain{200};
constexpr base::Millis kSlack{60'000};  // for a worker's start, beyond the call's own deadline

json::object toObject(const std::map<std::string, std::string>& entries) {
  json::object out;
  for (const auto& [name, folder] : entries) {
    out[name] = folder;
  }
  return out;
}

std::string membersOf(const InspectionOrder& order) {
  const json::object data{{"components", toObject(order.components)},
                          {"auth", toObject(order.auths)},
                          {"quota", toObject(order.quotas)}};
  return "\"m\":\"inspect\",\"data\":" + json::write(data);
}

std::string errorOf(const json::object& row) {
  const json::value* error = json::find(row, "error");
  std::string text = !error               ? ""
                     : error->is_string() ? std::string(error->as_string())
                                          : json::write(*error);
  if (text.size() > kMaxError) {
    text.resize(kMaxError);
  }
  return text;
}

void readAnswer(const json::object& value, const InspectionOrder& order, Inspection& into) {
  const json::object& components = json::getObject(value, "components");
  for (const auto& [name, folder] : order.components) {
    const json::object& row = json::getObject(components, name);
    const std::string error = errorOf(row);
    into.componentErrors[name] = json::getBool(row, "ok") ? ""
                                 : error.empty()          ? "it was not loaded"
                                                          : error;
    if (json::getBool(row, "ok")) {
      into.methods[name] = json::getStrings(row, "methods");
      into.usesScope[name] = json::getBool(row, "usesScope", true);
    }
  }
  const json::object& auths = json::getObject(value, "auth");
  for (const auto& [name, folder] : order.auths) {
    const json::object& row = json::getObject(auths, name);
    const json::value* fields = json::find(row, "fields");
    into.auths.push_back({name, folder, json::getString(row, "type"),
                          fields ? *fields : json::value(), errorOf(row)});
  }
  const json::object& quotas = json::getObject(value, "quota");
  for (const auto& [name, folder] : order.quotas) {
    into.quotas[name] = json::getObject(quotas, name);
  }
  into.usesState = json::getBool(value, "usesState", true);
  into.usesDescriptor = json::getBool(value, "usesDescriptor", true);
}

}  // namespace

struct RuntimeInspector::Answer {
  enum class Kind { kDone, kFailed, kLost, kRefused } kind = Kind::kRefused;
  json::value value;
  base::Error error;  // all but kDone
};

// One call; lives on the engine loop until its outcome, held by both threads.
class RuntimeInspector::Call : public runtime::CallListener,
                               public std::enable_shared_from_this<Call> {
 public:
  Call(runtime::Runtime& runtime, base::Executor& loop) : runtime_(runtime), loop_(loop) {}

  void begin(runtime::Invocation invocation) {  // on the loop
    auto started = runtime_.call(std::move(invocation), *this);
    if (!started) {
      finish({Answer::Kind::kRefused, {}, started.error()});
      return;
    }
    call_ = *started;
    held_ = isOver_ ? nullptr : shared_from_this();
  }

  Answer wait(base::Millis patience, const std::atomic<bool>& stopped) {
    const auto end = std::chrono::steady_clock::now() + patience;
    std::unique_lock lock(mutex_);
    while (!answer_ && !stopped && std::chrono::steady_clock::now() < end) {
      changed_.wait_for(lock, kLookAgain);
    }
    if (answer_) {
      return std::move(*answer_);
    }
    lock.unlock();
    loop_.post([self = shared_from_this()] { self->abandon(); });
    if (stopped) {
      return {Answer::Kind::kRefused,
              {},
              base::fail(base::Code::kUnavailable, "The server stops. Nothing was installed.")};
    }
    return {Answer::Kind::kLost,
            {},
            base::fail(base::Code::kDeadline, "no answer from the worker in time")};
  }

  void onHost(runtime::CallId call, std::uint64_t q, std::string_view, std::string_view) override {
    runtime_.replyError(
        call, q,
        R"({"name":"Error","message":"not available while a component is loaded for inspection"})");
  }
  void onEmit(runtime::CallId call, std::optional<std::uint64_t> q,
              std::span<const runtime::Send>) override {
    if (q) {
      runtime_.replyError(
          call, *q,
          R"({"name":"Error","message":"nothing can be sent while a component is loaded for inspection"})");
    }
  }
  void onLog(runtime::CallId, std::string_view, std::string_view, std::string_view) override {}
  void onDone(runtime::CallId, const runtime::Done& done) override {
    auto value = json::parse(done.value, "the worker's answer");
    if (!value || !value->is_object()) {
      finish({Answer::Kind::kFailed,
              {},
              base::fail(base::Code::kInternal, "the worker's answer cannot be read")});
    } else {
      finish({Answer::Kind::kDone, std::move(value).value(), {}});
    }
  }
  void onFail(runtime::CallId, const runtime::Failure& failure) override {
    auto err = json::parse(failure.err, "the worker's error");
    const bool isObject = err && err->is_object();
    finish({Answer::Kind::kFailed,
            {},
            base::fail(base::Code::kComponentBroken,
                       isObject ? json::getString(err->as_object(), "message", "it failed")
                                : "it failed")});
  }
  void onLost(runtime::CallId, const runtime::Loss& loss) override {
    finish({Answer::Kind::kLost,
            {},
            base::fail(base::Code::kWorkerLost,
                       loss.deadline ? "loading it takes too long"
                                     : "loading it ends the process: " + loss.reason)});
  }

 private:
  void finish(Answer answer) {
    isOver_ = true;
    const auto keep = std::move(held_);  // may be the last owner; released after the lock
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
    changed_.notify_all();
  }
  void abandon() {
    if (held_) {
      runtime_.cancel(call_);
      held_ = nullptr;
    }
  }

  runtime::Runtime& runtime_;
  base::Executor& loop_;
  runtime::CallId call_ = 0;
  std::shared_ptr<Call> held_;  // while a call is open; on the loop only
  bool isOver_ = false;         // on the loop only
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Answer> answer_;
};

RuntimeInspector::Answer RuntimeInspector::run(const InspectionOrder& order,
                                               base::Millis deadline) {
  // A key of its own each time: a crash here never counts against another pool.
  const std::string key = "probation-" + std::to_string(++counter_);
  runtime::Invocation invocation;
  invocation.spec = std::make_shared<runtime::WorkerSpec>(runtime::WorkerSpec{key, order.root});
  invocation.members = membersOf(order);
  invocation.deadline = deadline;
  invocation.alone = true;
  auto call = std::make_shared<Call>(runtime_, loop_);
  loop_.post(
      [call, invocation = std::move(invocation)]() mutable { call->begin(std::move(invocation)); });
  Answer answer = call->wait(deadline + kSlack, stopped_);
  loop_.post([&runtime = runtime_, key] { runtime.retire(key); });
  return answer;
}

// Something in the order takes the whole process with it: each half is tried alone until the
// culprits are found.
base::Status RuntimeInspector::divide(const InspectionOrder& order, Inspection& into,
                                      std::size_t depth) {
  Answer answer = run(order, depth == 0 ? deadline_ : deadline_ / 4);
  if (answer.kind == Answer::Kind::kDone) {
    readAnswer(answer.value.as_object(), order, into);
    return {};
  }
  if (answer.kind == Answer::Kind::kRefused) {
    return answer.error;
  }
  const std::size_t count = order.components.size() + order.auths.size() + order.quotas.size();
  if (count <= 1 || depth > 16) {
    for (const auto& [name, folder] : order.components) {
      into.componentErrors[name] = answer.error.message;
    }
    for (const auto& [name, folder] : order.auths) {
      into.auths.push_back({name, folder, "", nullptr, answer.error.message});
    }
    for (const auto& [name, folder] : order.quotas) {
      into.quotas[name] = json::object{{"error", answer.error.message}};
    }
    return {};
  }
  InspectionOrder left{order.root, {}, {}, {}}, right = left;
  std::size_t index = 0;
  const auto share = [&](const auto& from, auto member) {
    for (const auto& entry : from) {
      ((index++ < count / 2 ? left : right).*member).insert(entry);
    }
  };
  share(order.components, &InspectionOrder::components);
  share(order.auths, &InspectionOrder::auths);
  share(order.quotas, &InspectionOrder::quotas);
  if (auto status = divide(left, into, depth + 1); !status) {
    return status;
  }
  return divide(right, into, depth + 1);
}

base::Result<Inspection> RuntimeInspector::inspect(const InspectionOrder& order) {
  Inspection inspection;
  if (auto status = divide(order, inspection, 0); !status) {
    return status.error();
  }
  return inspection;
}

}  // namespace patchbay::connectors

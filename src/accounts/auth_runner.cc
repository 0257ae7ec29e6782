#include "accounts/auth_runner.h"

#include <future>

#include "base/json.h"

namespace patchbay::accounts {

namespace {

constexpr base::Millis kDeadline{30'000};
constexpr base::Millis kWaitForPlace{15'000};
constexpr base::Millis kTryAgain{50};
constexpr base::Millis kGrace{5'000};

void member(std::string_view name, const json::value& value, std::string& out) {
  out += ",\"";
  out += name;
  out += "\":";
  json::write(value, out);
}

std::string membersOf(const AuthRequest& request) {
  std::string members = "\"m\":\"auth\"";
  member("op", json::value(request.op), members);
  member("dir", json::value(request.dir), members);
  member("service", json::value(request.service), members);
  member("data", json::value(request.data), members);
  member("config", json::value(request.config), members);
  if (request.profileInfo) {
    member("profileInfo", *request.profileInfo, members);
  }
  member("deadlineMs", json::value(kDeadline.count()), members);
  return members;
}

base::Error moduleError(std::string_view err) {
  const auto parsed = json::parse(err, "error");
  std::string message = "The connector's sign-in code failed.";
  if (parsed && parsed->is_object()) {
    message = json::getString(parsed->get_object(), "message", message);
  }
  return base::fail(base::Code::kInvalid, std::move(message));
}

// One call; keeps itself until it has ended.
class AuthCall : public runtime::CallListener, public std::enable_shared_from_this<AuthCall> {
 public:
  AuthCall(runtime::Runtime& runtime, base::Executor& loop, AuthRequest request,
           AuthRunner::Told told)
      : runtime_(runtime), loop_(loop), request_(std::move(request)), told_(std::move(told)) {}

  void begin(base::Millis waited = base::Millis(0)) {
    const auto& spec = request_.revision->worker;
    if (runtime_.capacity(*spec) == 0) {
      if (waited >= kWaitForPlace) {
        end(base::fail(base::Code::kUnavailable, "The connector's workers are busy. Try again."));
        return;
      }
      loop_.after(kTryAgain, [self = shared_from_this(), waited] { self->begin(waited + kTryAgain); });
      return;
    }
    runtime::Invocation invocation;
    invocation.spec = spec;
    invocation.members = membersOf(request_);
    invocation.deadline = kDeadline;
    self_ = shared_from_this();
    auto call = runtime_.call(std::move(invocation), *this);
    if (!call) {
      end(call.error());
    }
  }

  void onHost(runtime::CallId call, std::uint64_t q, std::string_view op, std::string_view) override {
    json::object err{{"name", "Error"},
                     {"message", std::string(op) + " is not available in auth.js"}};
    runtime_.replyError(call, q, json::write(json::value(std::move(err))));
  }
  void onEmit(runtime::CallId call, std::optional<std::uint64_t> q,
              std::span<const runtime::Send>) override {
    if (q) {
      runtime_.replyError(call, *q, R"({"name":"Error","message":"auth.js cannot send"})");
    }
  }
  void onLog(runtime::CallId, std::string_view, std::string_view, std::string_view) override {}
  void onDone(runtime::CallId, const runtime::Done& done) override {
    if (done.value.empty()) {
      end(json::value());
      return;
    }
    end(json::parse(done.value, "The answer of the connector's sign-in code"));
  }
  void onFail(runtime::CallId, const runtime::Failure& failure) override {
    end(moduleError(failure.err));
  }
  void onLost(runtime::CallId, const runtime::Loss& loss) override {
    end(loss.deadline ? base::fail(base::Code::kDeadline,
                                   "The connector's sign-in code took longer than 30 s.")
                      : base::fail(base::Code::kWorkerLost,
                                   "The connector's worker ended: " + loss.reason));
  }

 private:
  void end(base::Result<json::value> result) {
    const auto keep = std::move(self_);
    if (const auto told = std::exchange(told_, nullptr)) {
      told(std::move(result));
    }
  }

  runtime::Runtime& runtime_;
  base::Executor& loop_;
  AuthRequest request_;
  AuthRunner::Told told_;
  std::shared_ptr<AuthCall> self_;
};

class WorkerAuthRunner : public AuthRunner {
 public:
  WorkerAuthRunner(runtime::Runtime& runtime, base::Executor& loop)
      : runtime_(runtime), loop_(loop) {}

  void start(AuthRequest request, Told told) override {
    auto call =
        std::make_shared<AuthCall>(runtime_, loop_, std::move(request), std::move(told));
    loop_.post([call] { call->begin(); });
  }

  base::Result<json::value> run(AuthRequest request) override {
    using Outcome = base::Result<json::value>;
    auto promise = std::make_shared<std::promise<Outcome>>();
    auto outcome = promise->get_future();
    start(std::move(request), [promise](Outcome result) { promise->set_value(std::move(result)); });
    if (outcome.wait_for(kDeadline + kWaitForPlace + kGrace) != std::future_status::ready) {
      return base::fail(base::Code::kUnavailable, "The server is stopping. Try again later.");
    }
    return outcome.get();
  }

 private:
  runtime::Runtime& runtime_;
  base::Executor& loop_;
};

}  // namespace

std::unique_ptr<AuthRunner> makeAuthRunner(runtime::Runtime& runtime, base::Executor& loop) {
  return std::make_unique<WorkerAuthRunner>(runtime, loop);
}

}  // namespace patchbay::accounts

#include "accounts/auth_runner.h"

#include <future>

#include "base/json.h"
#include "runtime/question.h"

namespace patchbay::accounts {

namespace {

constexpr base::Millis kDeadline{30'000};
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

class WorkerAuthRunner : public AuthRunner {
 public:
  WorkerAuthRunner(runtime::Runtime& runtime, base::Executor& loop)
      : runtime_(runtime), loop_(loop) {}

  void start(AuthRequest request, Told told) override {
    runtime::ask(runtime_, loop_, {request.revision->worker, membersOf(request), kDeadline, "The connector's auth.js"},
                 std::move(told));
  }

  base::Result<json::value> run(AuthRequest request) override {
    using Outcome = base::Result<json::value>;
    auto promise = std::make_shared<std::promise<Outcome>>();
    auto outcome = promise->get_future();
    start(std::move(request), [promise](Outcome result) { promise->set_value(std::move(result)); });
    if (outcome.wait_for(kDeadline + runtime::kWaitForPlace + kGrace) != std::future_status::ready) {
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

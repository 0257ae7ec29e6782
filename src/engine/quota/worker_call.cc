#include "engine/quota/worker_call.h"

#include "base/json.h"

namespace patchbay::engine {

namespace {

constexpr base::Millis kDeadline{10'000};
constexpr base::Millis kWaitForPlace{15'000};
constexpr base::Millis kTryAgain{50};

std::string membersOf(const QuotaQuestion& question) {
  std::string members = "\"m\":\"quota\",\"op\":\"" + question.op + "\",\"dir\":";
  json::writeString(question.dir, members);
  if (!question.source.empty()) {
    members += ",\"source\":";
    json::writeString(question.source, members);
  }
  members += ",\"rule\":" + std::to_string(question.rule) +
             ",\"deadlineMs\":" + std::to_string(kDeadline.count());
  return members;
}

class QuotaCall : public runtime::CallListener, public std::enable_shared_from_this<QuotaCall> {
 public:
  using Told = std::function<void(base::Result<json::value>)>;
  QuotaCall(runtime::Runtime& runtime, base::Executor& loop, QuotaQuestion question, Told told)
      : runtime_(runtime), loop_(loop), question_(std::move(question)), told_(std::move(told)) {}

  void begin(base::Millis waited = base::Millis(0)) {
    if (runtime_.capacity(*question_.worker) == 0) {
      if (waited >= kWaitForPlace) {
        end(base::fail(base::Code::kUnavailable, "The connector's workers are busy. Try again."));
        return;
      }
      loop_.after(kTryAgain,
                  [self = shared_from_this(), waited] { self->begin(waited + kTryAgain); });
      return;
    }
    runtime::Invocation invocation;
    invocation.spec = question_.worker;
    invocation.members = membersOf(question_);
    invocation.deadline = kDeadline;
    self_ = shared_from_this();
    if (auto call = runtime_.call(std::move(invocation), *this); !call) {
      end(call.error());
    }
  }

  void onHost(runtime::CallId call, std::uint64_t q, std::string_view op,
              std::string_view) override {
    runtime_.replyError(
        call, q,
        json::write(json::object{{"name", "Error"},
                                 {"message", std::string(op) + " is not available in quota.js"}}));
  }
  void onEmit(runtime::CallId call, std::optional<std::uint64_t> q,
              std::span<const runtime::Send>) override {
    if (q) {
      runtime_.replyError(call, *q, R"({"name":"Error","message":"quota.js cannot send"})");
    }
  }
  void onLog(runtime::CallId, std::string_view, std::string_view, std::string_view) override {}
  void onDone(runtime::CallId, const runtime::Done& done) override {
    end(json::parse(done.value, "The answer of quota.js"));
  }
  void onFail(runtime::CallId, const runtime::Failure& failure) override {
    const auto err = json::parse(failure.err, "error");
    const std::string message =
        err && err->is_object() ? json::getString(err->get_object(), "message") : std::string();
    end(base::fail(base::Code::kInvalid,
                   message.empty() ? "The code of quota.js failed." : message));
  }
  void onLost(runtime::CallId, const runtime::Loss& loss) override {
    end(loss.deadline
            ? base::fail(base::Code::kDeadline, "The code of quota.js took longer than 10 s.")
            : base::fail(base::Code::kWorkerLost, "The connector's worker ended: " + loss.reason));
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
  QuotaQuestion question_;
  Told told_;
  std::shared_ptr<QuotaCall> self_;
};

}  // namespace

void askQuotaCode(runtime::Runtime& runtime, base::Executor& loop, QuotaQuestion question,
                  std::function<void(base::Result<json::value>)> told) {
  auto call = std::make_shared<QuotaCall>(runtime, loop, std::move(question), std::move(told));
  loop.post([call] { call->begin(); });
}

}  // namespace patchbay::engine

#include "runtime/question.h"

#include <utility>

#include "base/json.h"

namespace patchbay::runtime {

namespace {

constexpr base::Millis kTryAgain{50};

class OneQuestion : public CallListener, public std::enable_shared_from_this<OneQuestion> {
 public:
  using Told = std::function<void(base::Result<json::value>)>;

  OneQuestion(Runtime& runtime, base::Executor& loop, Question question, Told told)
      : runtime_(runtime), loop_(loop), question_(std::move(question)), told_(std::move(told)) {}

  void begin(base::Millis waited = base::Millis(0)) {
    if (runtime_.capacity(*question_.worker) == 0) {
      wait(waited);
      return;
    }
    Invocation invocation;
    invocation.spec = question_.worker;
    invocation.members = std::move(question_.members);
    invocation.deadline = question_.deadline;
    self_ = shared_from_this();
    if (auto call = runtime_.call(std::move(invocation), *this); !call) {
      end(call.error());
    }
  }

  void onHost(CallId call, std::uint64_t q, std::string_view op, std::string_view) override {
    refuse(call, q, question_.what + " may not call " + std::string(op) + ".");
  }
  void onEmit(CallId call, std::optional<std::uint64_t> q, std::span<const Send>) override {
    if (q) {
      refuse(call, *q, question_.what + " cannot send.");
    }
  }
  void onLog(CallId, std::string_view, std::string_view, std::string_view) override {}
  void onDone(CallId, const Done& done) override {
    if (done.value.empty()) {
      end(json::value());
    } else {
      end(json::parse(done.value, "The answer"));
    }
  }
  void onFail(CallId, const Failure& failure) override {
    const auto err = json::parse(failure.err, "error");
    const std::string said = err && err->is_object() ? json::getString(err->get_object(), "message") : std::string();
    end(base::fail(base::Code::kInvalid, said.empty() ? question_.what + " failed." : said));
  }
  void onLost(CallId, const Loss& loss) override {
    end(loss.deadline ? base::fail(base::Code::kDeadline, question_.what + " took longer than " +
                                                              std::to_string(question_.deadline.count() / 1000) + " s.")
                      : base::fail(base::Code::kWorkerLost, "The connector's worker ended: " + loss.reason));
  }

 private:
  void wait(base::Millis waited) {
    if (waited >= kWaitForPlace) {
      end(base::fail(base::Code::kUnavailable, "The connector's workers are busy. Try again."));
      return;
    }
    loop_.after(kTryAgain, [self = shared_from_this(), waited] { self->begin(waited + kTryAgain); });
  }

  void refuse(CallId call, std::uint64_t q, const std::string& message) {
    runtime_.replyError(call, q, json::write(json::object{{"name", "Error"}, {"message", message}}));
  }

  void end(base::Result<json::value> result) {
    const auto keep = std::move(self_);
    if (const auto told = std::exchange(told_, nullptr)) {
      told(std::move(result));
    }
  }

  Runtime& runtime_;
  base::Executor& loop_;
  Question question_;
  Told told_;
  std::shared_ptr<OneQuestion> self_;  // while a call is open
};

}  // namespace

void ask(Runtime& runtime, base::Executor& loop, Question question, std::function<void(base::Result<json::value>)> told) {
  auto one = std::make_shared<OneQuestion>(runtime, loop, std::move(question), std::move(told));
  loop.post([one] { one->begin(); });
}

}  // namespace patchbay::runtime

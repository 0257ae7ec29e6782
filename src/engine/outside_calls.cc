#include "engine/outside_calls.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "engine/outcome.h"
#include "runtime/question.h"

namespace patchbay::engine {

namespace {
constexpr std::size_t kMostAtOnce = 64;
constexpr base::Millis kTryAgain{50};
}  // namespace

void OutsideCalls::run(OutsideCall call) {
  tryNow(std::make_shared<OutsideCall>(std::move(call)), base::Millis(0));
}

void OutsideCalls::tryNow(const std::shared_ptr<OutsideCall>& call, base::Millis waited) {
  const auto& worker = call->attempt->node->found.revision->worker;
  if (call->attempt->fenced) {
    return;
  }
  if (pending_.size() >= kMostAtOnce || waited >= runtime::kWaitForPlace) {
    call->told(
        base::fail(base::Code::kUnavailable, "Too many components are asked at once. Try again."));
    return;
  }
  if (parts_.runtime.capacity(*worker) == 0) {
    parts_.loop.after(kTryAgain, [this, call, waited] { tryNow(call, waited + kTryAgain); });
    return;
  }
  runtime::Invocation invocation;
  invocation.spec = worker;
  invocation.flow = call->attempt->flow->frame;
  invocation.members = std::move(call->members);
  invocation.deadline = call->deadline;
  auto started = parts_.runtime.call(std::move(invocation), *this);
  if (!started) {
    call->told(started.error());
    return;
  }
  call->attempt->call = *started;
  pending_.emplace(*started, call);
}

void OutsideCalls::cancel(const AttemptPtr& attempt) {
  attempt->fenced = true;
  if (pending_.erase(attempt->call) > 0) {
    parts_.runtime.cancel(attempt->call);
  }
}

void OutsideCalls::onHost(runtime::CallId call, std::uint64_t q, std::string_view op,
                          std::string_view arguments) {
  const auto found = pending_.find(call);
  if (found == pending_.end()) {
    return;
  }
  const OutsideCall& asks = *found->second;
  if (std::find(asks.hostCalls.begin(), asks.hostCalls.end(), op) == asks.hostCalls.end()) {
    const std::string refusal =
        std::string(op) + " is not available in " + std::string(asks.kind) + ".";
    parts_.runtime.replyError(call, q, hostError(base::fail(base::Code::kInvalid, refusal)));
    return;
  }
  hostCalls_.handle(asks.attempt, q, op, arguments);
}

void OutsideCalls::onEmit(runtime::CallId call, std::optional<std::uint64_t> q,
                          std::span<const runtime::Send> sends) {
  const auto found = pending_.find(call);
  if (found == pending_.end()) {
    return;
  }
  const OutsideCall& sender = *found->second;
  if (sender.sent) {
    std::for_each(sends.begin(), sends.end(), sender.sent);
  }
  if (q && sender.sent) {
    parts_.runtime.reply(call, *q, "{}");
  } else if (q) {
    const std::string refusal = "Nothing is sent into a flow by " + std::string(sender.kind) + ".";
    parts_.runtime.replyError(call, *q, hostError(base::fail(base::Code::kInvalid, refusal)));
  }
}

void OutsideCalls::end(runtime::CallId call, base::Result<std::string> result) {
  auto found = pending_.extract(call);
  if (!found.empty()) {
    found.mapped()->attempt->fenced = true;
    found.mapped()->told(std::move(result));
  }
}

void OutsideCalls::onDone(runtime::CallId call, const runtime::Done& done) {
  const auto found = pending_.find(call);
  if (found != pending_.end() && found->second->sent) {
    std::for_each(done.sends.begin(), done.sends.end(), found->second->sent);
  }
  end(call, done.value.empty() ? std::string("null") : std::string(done.value));
}

void OutsideCalls::onFail(runtime::CallId call, const runtime::Failure& failure) {
  const Outcome outcome = Outcome::parse(OutcomeKind::kFailed, failure.err);
  const auto document = json::parse(failure.err, "the component's error", 64);
  base::Error error = base::fail(
      base::Code::kInvalid, outcome.message.empty() ? "The component failed." : outcome.message);
  if (const json::value* data = document ? json::find(*document, "data") : nullptr) {
    error.data = *data;
  }
  end(call, std::move(error));
}

void OutsideCalls::onLost(runtime::CallId call, const runtime::Loss& loss) {
  end(call,
      base::fail(loss.deadline ? base::Code::kDeadline : base::Code::kWorkerLost,
                 loss.deadline ? "The component took longer than it may here." : loss.reason));
}

}  // namespace patchbay::engine

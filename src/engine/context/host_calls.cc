#include "engine/context/host_calls.h"

#include <boost/asio/post.hpp>

#include "base/json.h"

namespace patchbay::engine {

std::string hostError(const base::Error& error) {
  json::object err{{"name", "Error"},
                   {"message", error.message},
                   {"code", base::codeText(error.code)},
                   {"statusCode", base::codeStatus(error.code)}};
  if (!error.data.is_null()) {
    err["data"] = error.data;
  }
  return json::write(err);
}

void Answer::ok(std::string_view json) const {
  if (!attempt_->fenced) {
    parts_->runtime.reply(attempt_->call, q_, json);
  }
}

void Answer::fail(const base::Error& error) const { failAs(hostError(error)); }

void Answer::failAs(std::string_view errJson) const {
  if (!attempt_->fenced) {
    parts_->runtime.replyError(attempt_->call, q_, errJson);
  }
}

void HostCalls::handle(const AttemptPtr& attempt, std::uint64_t q, std::string_view op, std::string_view arguments) {
  const Answer answer(parts_, attempt, q);
  const auto handler = handlers_.find(op);
  if (handler == handlers_.end()) {
    answer.fail(base::fail(base::Code::kInvalid, "Host call " + std::string(op) + " is not known to this engine."));
    return;
  }
  const auto document = json::parse(arguments, "The host call's arguments", 512);
  if (!document || !document->is_object()) {
    answer.fail(base::fail(base::Code::kInvalid, "The arguments of host call " + std::string(op) + " are no JSON object."));
    return;
  }
  handler->second(document->get_object(), answer);
}

void HostCalls::commit(store::Unit unit, Answer answer, std::function<std::string()> reply) {
  ++answer.attempt().writing;
  parts_.queue.enqueue({}, std::move(unit), [answer, reply = std::move(reply)](const base::Status& status) {
    --answer.attempt().writing;
    if (!status) {
      answer.fail(status.error());
    } else {
      answer.ok(reply ? reply() : "{}");
    }
  });
}

void HostCalls::inBackground(Answer answer, std::function<base::Result<std::string>()> work) {
  boost::asio::post(parts_.background, [this, answer, work = std::move(work)] {
    auto result = std::make_shared<base::Result<std::string>>(work());
    parts_.loop.post([answer, result] {
      if (*result) {
        answer.ok(result->value());
      } else {
        answer.fail(result->error());
      }
    });
  });
}

}  // namespace patchbay::engine

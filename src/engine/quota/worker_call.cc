#include "engine/quota/worker_call.h"

#include "base/json.h"
#include "runtime/question.h"

namespace patchbay::engine {

namespace {

constexpr base::Millis kDeadline{10'000};

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

}  // namespace

void askQuotaCode(runtime::Runtime& runtime, base::Executor& loop, QuotaQuestion question,
                  std::function<void(base::Result<json::value>)> told) {
  const std::string members = membersOf(question);
  runtime::ask(runtime, loop, {std::move(question.worker), members, kDeadline, "The connector's quota.js"}, std::move(told));
}

}  // namespace patchbay::engine

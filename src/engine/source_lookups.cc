#include "engine/source_lookups.h"

#include <chrono>
#include <future>
#include <optional>
#include <utility>

#include "base/json.h"

namespace patchbay::engine {

// Answers by all that they depend on.
struct SourceLookups::Memory {
  struct Answer {
    base::Time until;
    std::string json;
  };
  std::mutex mutex;
  std::map<std::string, Answer> answers;  // under the mutex

  std::optional<std::string> find(const std::string& key, base::Time now) {
    const std::lock_guard lock(mutex);
    const auto found = answers.find(key);
    return found != answers.end() && found->second.until > now ? std::optional(found->second.json)
                                                               : std::nullopt;
  }

  void put(const std::string& key, base::Time now, const std::string& json) {
    if (json.size() > kLargestRemembered) {
      return;
    }
    const std::lock_guard lock(mutex);
    if (answers.size() >= kRemembered) {
      answers.clear();
    }
    answers[key] = {now + kFresh, json};
  }
};

namespace {

// Each part as JSON text, so that none runs into the next.
std::string keyOf(const SourceLookups::Flow& flow, const flows::SourceCall& call) {
  std::string key;
  for (const std::string* part : {&flow.userId, &flow.flowId, &call.componentId, &call.type,
                                  &call.outPort, &call.transform}) {
    json::writeString(*part, key);
  }
  return key + std::to_string(flow.version) + call.properties + call.messages;
}

StaticCall staticCall(const SourceLookups::Flow& flow, const flows::SourceCall& source) {
  StaticCall call;
  call.type = source.type;
  call.userId = flow.userId;
  call.flowId = flow.flowId;
  call.componentId = source.componentId;
  call.outPort = source.outPort;
  call.properties = source.properties;
  call.messages = source.messages;
  call.transform = source.transform;
  return call;
}

}  // namespace

SourceLookups::SourceLookups(StaticCalls& calls, const base::Clock& clock)
    : calls_(calls), clock_(clock), memory_(std::make_shared<Memory>()) {}

std::vector<base::Result<std::string>> SourceLookups::ask(
    const Flow& flow, const std::vector<flows::SourceCall>& calls, bool remembered) {
  const bool waits = waiting_.try_acquire();
  auto results = ask(flow, calls, remembered, waits ? kPatience : base::Millis(0));
  if (waits) {
    waiting_.release();
  }
  return results;
}

std::vector<base::Result<std::string>> SourceLookups::ask(
    const Flow& flow, const std::vector<flows::SourceCall>& calls, bool remembered,
    base::Millis patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  std::vector<std::future<base::Result<std::string>>> answers;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    auto answer = std::make_shared<std::promise<base::Result<std::string>>>();
    answers.push_back(answer->get_future());
    const std::string key = keyOf(flow, calls[i]);
    if (auto known = remembered ? memory_->find(key, clock_.now()) : std::nullopt) {
      answer->set_value(*std::move(known));
      continue;
    }
    if (i >= kAtOnce && answers[i - kAtOnce].wait_until(end) != std::future_status::ready) {
      answer->set_value(base::fail(base::Code::kDeadline,
                                   "There was no time left to ask for these fields. Try again."));
      continue;
    }
    calls_.run(staticCall(flow, calls[i]),
               [answer, key, memory = memory_, &clock = clock_](base::Result<std::string> told) {
                 if (told) {
                   memory->put(key, clock.now(), *told);
                 }
                 answer->set_value(std::move(told));
               });
  }
  std::vector<base::Result<std::string>> results;
  for (auto& answer : answers) {
    if (answer.wait_until(end) == std::future_status::ready) {
      results.push_back(answer.get());
    } else {
      results.emplace_back(
          base::fail(base::Code::kDeadline, "These fields take long to come. Try again."));
    }
  }
  return results;
}

}  // namespace patchbay::engine

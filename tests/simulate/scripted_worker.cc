#include "scripted_worker.h"

#include <algorithm>

#include "base/json.h"

namespace patchbay::simulate {

namespace {

constexpr std::size_t kCallsOfRevision = 6;
constexpr std::size_t kCallsOfProcess = 4;
constexpr std::int64_t kLongestStep = 30;      // ms
constexpr std::int64_t kLongestTimer = 4'000;  // ms
constexpr const char* kResponse = R"({"status":200,"body":{}})";

bool answers(Kind kind) { return kind == Kind::kHook || kind == Kind::kSink; }

std::string payloadOf(const std::string& id) {
  return "{\"id\":\"" + id + "\"}";
}

std::vector<runtime::Send> sendsOf(const std::vector<std::string>& payloads) {
  std::vector<runtime::Send> sends;
  for (const std::string& payload : payloads) {
    sends.push_back({"out", payload, {}, {}});
  }
  return sends;
}

std::vector<std::string> payloadsOf(const std::vector<std::string>& ids) {
  std::vector<std::string> payloads;
  for (const std::string& id : ids) {
    payloads.push_back(payloadOf(id));
  }
  return payloads;
}

// {"in": {"content": {"id"}}}; the content of a webhook has it in `data`.
std::string idOf(const json::object& messages) {
  for (const auto& [port, message] : messages) {
    const json::object& content = json::getObject(message.as_object(), "content");
    return json::getString(port == "webhook" ? json::getObject(content, "data") : content, "id");
  }
  return {};
}

}  // namespace

std::size_t ScriptedWorker::active(const std::string& revision) const {
  return static_cast<std::size_t>(
      std::count_if(calls_.begin(), calls_.end(),
                    [&](const auto& entry) { return entry.second.revision == revision; }));
}

std::size_t ScriptedWorker::capacity(const runtime::WorkerSpec& spec) {
  const std::size_t used = active(spec.revision);
  if (used >= kCallsOfRevision) {
    wasFull_[spec.revision] = true;
    return 0;
  }
  return kCallsOfRevision - used;
}

std::uint64_t ScriptedWorker::placeFor(const std::string& revision, bool alone) {
  std::map<std::uint64_t, std::size_t> load;
  for (const auto& [id, call] : calls_) {
    if (call.revision == revision) {
      ++load[call.process];
    }
  }
  for (const auto& [process, calls] : load) {
    if (!alone && process % 2 == 0 && calls < kCallsOfProcess) {
      return process;
    }
  }
  lastProcess_ += 2;  // even numbers are shared
  return alone ? lastProcess_ + 1 : lastProcess_;
}

void ScriptedWorker::read(const runtime::Invocation& invocation, Call& call) const {
  const json::value document = json::parseOwn("{" + invocation.members + "}");
  const json::object& members = document.as_object();
  const std::string flow = json::getString(members, "flow");
  call.facts.flowId = flow.substr(0, flow.find(':'));
  call.facts.node = json::getString(members, "componentId");
  call.facts.method = json::getString(members, "m");
  call.facts.attempt = json::getInt(members, "attempt").value_or(0);
  call.facts.id = idOf(json::getObject(members, "messages"));
  call.kind = kindOf(json::getString(members, "component"));
  call.revision = invocation.spec->revision;
}

base::Result<runtime::CallId> ScriptedWorker::call(runtime::Invocation invocation,
                                                   runtime::CallListener& listener) {
  const runtime::CallId id = ++lastCall_;
  Call& call = calls_[id];
  read(invocation, call);
  call.listener = &listener;
  call.process = placeFor(call.revision, invocation.alone);
  loop_.after(invocation.deadline, [this, id] { miss(id); });
  loop_.after(base::Millis(random_.between(0, kLongestStep)), [this, id] {
    const auto place = calls_.find(id);
    if (place != calls_.end()) {
      place->second.begun = true;
      ledger_.called(place->second.facts);
      plan(place->second);
      goOn(id);
    }
  });
  return id;
}

Fate ScriptedWorker::draw(const Call& call) {
  const Fate fate = fateOf(seed_, call.kind, call.facts.node, call.facts.id);
  if (fate != Fate::kWorks) {
    return fate;
  }
  if (random_.oneIn(mood_.fails)) {
    return Fate::kThrows;
  }
  if (random_.oneIn(mood_.hangs)) {
    return Fate::kHangs;
  }
  return random_.oneIn(mood_.kills) ? Fate::kKillsWorker : Fate::kWorks;
}

void ScriptedWorker::planFate(Call& call, Fate fate) {
  switch (fate) {
    case Fate::kWorks:
      return;
    case Fate::kThrows:
      call.steps.push_back({Do::kFail, R"({"name":"Error","message":"thrown"})", {}, {}});
      return;
    case Fate::kThrowsClient:
      call.steps.push_back(
          {Do::kFail, R"({"name":"Error","message":"gone","status":404})", {}, {}});
      return;
    case Fate::kCancels:
      call.steps.push_back({Do::kFail,
                            R"({"name":"CancelError","message":"no"})",
                            {},
                            {},
                            runtime::FailKind::kCancel});
      return;
    case Fate::kRefusesInput:
      call.steps.push_back({Do::kFail,
                            R"({"name":"ValidationError","message":"bad"})",
                            {},
                            {},
                            runtime::FailKind::kValidation});
      return;
    case Fate::kHangs:
      call.steps.push_back({Do::kHang, {}, {}, {}});
      return;
    case Fate::kKillsWorker:
      call.steps.push_back({Do::kKill, {}, {}, {}});
      return;
  }
}

// What the component does before its last step.
void ScriptedWorker::planWork(Call& call) {
  const std::string& id = call.facts.id;
  if (call.kind == Kind::kCounter) {
    call.steps.push_back({Do::kAsk,
                          R"({"name":"count","ttl":10000,"retryDelay":50,"maxRetryCount":40})",
                          "lockAcquire",
                          {}});
    call.steps.push_back(
        {Do::kAsk, R"({"scope":"component","key":")" + id + R"(","by":1})", "stateInc", {}});
    call.steps.push_back({Do::kAsk, {}, "lockRelease", {}});
  } else if (call.kind == Kind::kDelay && !isTimer(id)) {
    call.steps.push_back({Do::kAsk,
                          "{\"content\":" + payloadOf(timerOf(id)) +
                              ",\"ms\":" + std::to_string(random_.between(1, kLongestTimer)) + "}",
                          "setTimeout",
                          {}});
  } else if (answers(call.kind) && random_.oneIn(3)) {
    call.steps.push_back({Do::kAsk, kResponse, "response", {}});
  }
}

void ScriptedWorker::plan(Call& call) {
  const std::string& method = call.facts.method;
  if (method == "start" || method == "stop") {
    if (random_.oneIn(mood_.startFails)) {
      planFate(call, Fate::kThrows);
    }
    call.steps.push_back({Do::kDone, {}, {}, {}});
    return;
  }
  if (method == "tick") {
    if (mood_.ticks) {
      call.minted = ledger_.newMessage(call.facts.flowId);
      call.steps.push_back({Do::kEmitAndWait, {}, {}, {call.minted}});
    }
    call.steps.push_back({Do::kDone, {}, {}, {}});
    return;
  }
  const Fate fate = draw(call);
  std::vector<std::string> sends = sentBy(seed_, call.kind, call.facts.node, call.facts.id);
  if (fate != Fate::kWorks && random_.oneIn(2)) {
    planFate(call, fate);  // before it does anything
  }
  if (random_.oneIn(4)) {
    call.steps.push_back({Do::kPause, {}, {}, {}});
  }
  if (!sends.empty() && random_.oneIn(6)) {  // 20 ms have passed since the first send
    call.steps.push_back({Do::kEmit, {}, {}, {sends.front()}});
    sends.erase(sends.begin());
  }
  planWork(call);
  planFate(call, fate);
  const bool responds = answers(call.kind) && random_.oneIn(3);
  call.steps.push_back({Do::kDone, responds ? kResponse : "", {}, std::move(sends)});
}

// The next step, some milliseconds later.
void ScriptedWorker::goOn(runtime::CallId id) {
  loop_.after(base::Millis(random_.between(0, kLongestStep)), [this, id] {
    const auto place = calls_.find(id);
    if (place != calls_.end() && !place->second.steps.empty()) {
      Step step = std::move(place->second.steps.front());
      place->second.steps.pop_front();
      perform(place, std::move(step));
    }
  });
}

void ScriptedWorker::perform(CallPlace place, Step step) {
  const runtime::CallId id = place->first;
  Call& call = place->second;
  runtime::CallListener& listener = *call.listener;
  const std::vector<std::string> payloads = payloadsOf(step.sends);
  switch (step.what) {
    case Do::kAsk:
      if (step.op == "stateInc") {
        ledger_.countAsked(call.facts);
      } else if (step.op == "lockRelease") {
        step.text = R"({"name":"count","token":)" + call.lockToken + "}";
      }
      call.q = ++lastQuestion_;
      listener.onHost(id, call.q, step.op, step.text);
      return;
    case Do::kEmit:
      listener.onEmit(id, std::nullopt, sendsOf(payloads));
      goOn(id);
      return;
    case Do::kEmitAndWait:
      call.q = ++lastQuestion_;
      listener.onEmit(id, call.q, sendsOf(payloads));
      return;
    case Do::kPause:
      loop_.after(base::Millis(random_.between(100, 2'000)), [this, id] { goOn(id); });
      return;
    case Do::kDone:
      endWell(place, payloads, step.text);
      return;
    case Do::kFail: {
      const Call ended = end(place);
      ledger_.failed(ended.facts, step.failure);
      listener.onFail(id, {step.failure, step.text});
      return;
    }
    case Do::kHang:
      return;
    case Do::kKill:
      kill(call.process);
      return;
  }
}

void ScriptedWorker::endWell(CallPlace place, const std::vector<std::string>& payloads,
                             const std::string& response) {
  const runtime::CallId id = place->first;
  const Call ended = end(place);
  ledger_.succeeded(ended.facts);
  const std::vector<runtime::Send> sends = sendsOf(payloads);
  runtime::Done done;
  done.sends = sends;
  done.response = response;
  ended.listener->onDone(id, done);
}

// Its place is free: the engine hears of it after what it is told now.
ScriptedWorker::Call ScriptedWorker::end(CallPlace place) {
  Call ended = std::move(place->second);
  calls_.erase(place);
  if (std::exchange(wasFull_[ended.revision], false)) {
    loop_.post([this, revision = ended.revision] { told_(revision); });
  }
  return ended;
}

void ScriptedWorker::noteAnswer(Call& call, std::string_view json) {
  const json::value document = json::parseOwn(json);
  if (const auto token = json::getInt(document.as_object(), "token")) {
    call.lockToken = std::to_string(*token);
  }
  if (const auto value = json::getInt(document.as_object(), "value")) {
    ledger_.counted(call.facts, *value);
  }
  if (!call.minted.empty()) {
    ledger_.accepted(std::exchange(call.minted, {}));
  }
}

void ScriptedWorker::answered(runtime::CallId id, std::uint64_t q, std::string_view json,
                              bool good) {
  const auto place = calls_.find(id);
  if (place == calls_.end() || place->second.q != q) {
    return;
  }
  Call& call = place->second;
  call.q = 0;
  if (good) {
    noteAnswer(call, json);
  } else {  // the component throws what it got
    call.steps.clear();
    call.steps.push_back({Do::kFail, std::string(json), {}, {}});
  }
  goOn(id);
}

void ScriptedWorker::reply(runtime::CallId call, std::uint64_t q, std::string_view json) {
  answered(call, q, json, true);
}

void ScriptedWorker::replyError(runtime::CallId call, std::uint64_t q, std::string_view errJson) {
  answered(call, q, errJson, false);
}

void ScriptedWorker::cancel(runtime::CallId call) {
  const auto place = calls_.find(call);
  if (place != calls_.end()) {
    tellLate(end(place), call);
  }
}

void ScriptedWorker::tellLate(const Call& call, runtime::CallId id) {
  if (!random_.oneIn(mood_.lateOutcome)) {
    return;
  }
  loop_.after(base::Millis(random_.between(0, 500)), [listener = call.listener, id] {
    const std::string payload = payloadOf("late");
    const runtime::Send send{"out", payload, {}, {}};
    runtime::Done done;
    done.sends = {&send, 1};
    listener->onEmit(id, std::nullopt, done.sends);
    listener->onDone(id, done);
  });
}

void ScriptedWorker::miss(runtime::CallId id) {
  const auto place = calls_.find(id);
  if (place == calls_.end()) {
    return;
  }
  const Call ended = end(place);
  ledger_.lost(ended.facts);
  ended.listener->onLost(id, {true, 1, "the deadline passed"});
  tellLate(ended, id);
}

void ScriptedWorker::kill(std::uint64_t process) {
  std::vector<runtime::CallId> inside;
  for (const auto& [id, call] : calls_) {
    if (call.process == process) {
      inside.push_back(id);
    }
  }
  for (const runtime::CallId id : inside) {
    const auto place = calls_.find(id);
    if (place == calls_.end()) {
      continue;
    }
    const Call ended = end(place);
    // One that the process had not taken up is as little to blame as one of several.
    const std::size_t inFlight =
        ended.begun ? inside.size() : std::max<std::size_t>(2, inside.size());
    if (inFlight == 1) {
      ledger_.lost(ended.facts);
    }
    ended.listener->onLost(id, {false, inFlight, "killed"});
    tellLate(ended, id);
  }
}

void ScriptedWorker::killOne() {
  if (!calls_.empty()) {
    auto victim = calls_.begin();
    std::advance(victim, random_.below(calls_.size()));
    kill(victim->second.process);
  }
}

}  // namespace patchbay::simulate

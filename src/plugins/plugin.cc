#include "plugins/plugin.h"

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "base/json.h"
#include "base/log.h"

namespace patchbay::plugins {

namespace {

constexpr base::Millis kUpWithin{120'000};
constexpr base::Millis kAnswerWithin{120'000};
constexpr std::size_t kMostWaiting = 1'000;
constexpr base::Millis kFirstPause{2'000};
constexpr base::Millis kLongestPause{600'000};
// Of a call frame; what watches calls here are the timers above, since a call that the runtime ends takes its process along.
constexpr base::Millis kNever{std::chrono::hours(24 * 3650)};

std::string messageOf(std::string_view err) {
  const auto document = json::parse(err, "err", 64);
  const std::string text = document && document->is_object() ? json::getString(document->get_object(), "message") : std::string();
  return text.empty() ? "it failed without a message" : text;
}

base::Result<PluginAnswer> answerOf(const json::value& value) {
  if (!value.is_object()) {
    return base::fail(base::Code::kInternal, "The plugin's host gave no answer.");
  }
  const json::object& object = value.get_object();
  PluginAnswer answer;
  answer.status = static_cast<int>(std::clamp<std::int64_t>(json::getInt(object, "status").value_or(200), 100, 599));
  for (const auto& [name, header] : json::getObject(object, "headers")) {
    if (header.is_string()) {
      answer.headers.emplace_back(name, header.get_string());
    } else if (header.is_array()) {
      for (const json::value& one : header.get_array()) {
        if (one.is_string()) {
          answer.headers.emplace_back(name, one.get_string());
        }
      }
    }
  }
  auto body = base::fromBase64(json::getString(object, "body"));
  if (!body) {
    return base::fail(base::Code::kInternal, "The plugin's host gave a body that is no base64.");
  }
  answer.body = std::move(*body);
  return answer;
}

}  // namespace

std::string_view stateText(PluginState state) {
  switch (state) {
    case PluginState::kUp: return "up";
    case PluginState::kFailed: return "failed";
    case PluginState::kStarting: break;
  }
  return "starting";
}

Plugin::Plugin(runtime::Runtime& runtime, base::Executor& loop, Host& host, std::shared_ptr<const connectors::Revision> revision,
               std::shared_ptr<const runtime::WorkerSpec> spec, PluginFile file, json::object configuration)
    : runtime_(runtime),
      loop_(loop),
      host_(host),
      revision_(std::move(revision)),
      spec_(std::move(spec)),
      file_(std::move(file)),
      configuration_(std::move(configuration)) {}

Plugin::~Plugin() {
  *alive_ = false;
  loop_.cancel(timer_);
  state_ = PluginState::kFailed;
  error_ = "it was taken down";
  startedOrNot();
  while (!pending_.empty()) {
    giveUp(pending_.begin()->first, base::fail(base::Code::kUnavailable, "Plugin " + file_.name + " was taken down. Try again."));
  }
  if (call_ != 0) {
    runtime_.cancel(call_);
  }
}

void Plugin::begin() { start(); }

base::Result<runtime::CallId> Plugin::callWith(std::string members) {
  runtime::Invocation invocation;
  invocation.spec = spec_;
  json::addText(members, "plugin", file_.name);
  json::addRaw(members, "deadlineMs", std::to_string(kNever.count()));
  invocation.members = std::move(members);
  invocation.deadline = kNever;
  return runtime_.call(std::move(invocation), *this);
}

void Plugin::start() {
  timer_ = 0;
  state_ = PluginState::kStarting;
  std::string members;
  json::addText(members, "m", "plugin");
  json::addText(members, "dir", file_.name);
  json::addText(members, "service", file_.service);
  json::addRaw(members, "config", json::write(configuration_));
  auto call = callWith(std::move(members));
  if (!call) {
    failed(call.error().message);
    return;
  }
  call_ = *call;
  timer_ = loop_.after(kUpWithin, [this] {
    timer_ = 0;
    runtime_.cancel(std::exchange(call_, 0));
    failed("it was not up within " + std::to_string(kUpWithin.count() / 1000) + " s");
  });
}

void Plugin::failed(std::string error) {
  loop_.cancel(timer_);
  call_ = 0;
  host_.onDown(*this);
  state_ = PluginState::kFailed;
  error_ = std::move(error);
  const base::Millis pause = std::min(base::Millis(kFirstPause.count() << std::min(failures_++, 12)), kLongestPause);
  spdlog::warn("plugin {} of {} is down: {}; it is started again in {} s", file_.name, revision_->id, error_, pause.count() / 1000);
  timer_ = loop_.after(pause, [this] { start(); });
  startedOrNot();
}

// What came meanwhile has its turn, whatever it finds.
void Plugin::startedOrNot() {
  for (const auto& next : std::exchange(waiting_, {})) {
    next();
  }
}

void Plugin::request(PluginRequest request, PluginRespond respond) {
  if (state_ == PluginState::kStarting && waiting_.size() < kMostWaiting) {
    waiting_.push_back([this, request = std::move(request), respond = std::move(respond)] { this->request(request, respond); });
    return;
  }
  if (state_ != PluginState::kUp) {
    respond(base::fail(base::Code::kUnavailable,
                       "Plugin " + file_.name + " is down: " + error_ + ". The call was not accepted: try again."));
    return;
  }
  std::string members;
  json::addText(members, "m", "request");
  json::addText(members, "method", request.method);
  json::addText(members, "path", request.path);
  json::addRaw(members, "headers", request.headers);
  json::addRaw(members, "user", request.user);
  json::addText(members, "remoteAddress", request.remoteAddress);
  json::addText(members, "hostname", request.hostname);
  if (!request.body.empty()) {
    json::addText(members, "body", base::toBase64(request.body));
  }
  ask(std::move(members), {std::move(respond), {}, {}});
}

// Fenced when it takes too long; what the plugin goes on doing is its own.
void Plugin::ask(std::string members, Pending pending) {
  auto call = callWith(std::move(members));
  if (!call) {
    refuse(pending, call.error());
    return;
  }
  pending.timer = loop_.after(kAnswerWithin, [this, id = *call] {
    giveUp(id, base::fail(base::Code::kDeadline, "Plugin " + file_.name + " did not answer within " +
                                                     std::to_string(kAnswerWithin.count() / 1000) + " s."));
  });
  pending_.emplace(*call, std::move(pending));
}

void Plugin::listenerAdded(const std::string& listener, std::function<void(base::Result<std::string>)> told) {
  if (state_ == PluginState::kStarting && waiting_.size() < kMostWaiting) {
    waiting_.push_back([this, listener, told = std::move(told)] { listenerAdded(listener, told); });
    return;
  }
  if (state_ != PluginState::kUp) {
    told(base::fail(base::Code::kUnavailable, "Plugin " + file_.name + " is not up" + (error_.empty() ? "" : ": " + error_) + "."));
    return;
  }
  std::string members;
  json::addText(members, "m", "listenerAdded");
  json::addRaw(members, "listener", listener);
  ask(std::move(members), {{}, std::move(told), {}});
}

void Plugin::onHost(runtime::CallId call, std::uint64_t q, std::string_view op, std::string_view arguments) {
  if (op == "answerHead") {
    onAnswerHead(call, q, arguments);
  } else if (op == "answerPiece") {
    onAnswerPiece(call, q, arguments);
  } else if (call != call_) {
    runtime_.replyError(call, q, R"({"name":"Error","message":"Only the plugin itself may ask for this."})");
  } else if (op == "pluginUp") {
    onUp(q, arguments);
  } else {
    host_.onHostCall(*this, q, op, arguments);
  }
}

void Plugin::onUp(std::uint64_t q, std::string_view arguments) {
  const auto document = json::parse(arguments, "pluginUp", 64);
  if (document && document->is_object()) {
    const json::value* routes = json::find(*document, "routes");
    const json::value* jobs = json::find(*document, "jobs");
    routes_ = routes == nullptr ? json::value(json::array()) : *routes;
    jobs_ = jobs == nullptr ? json::value(json::array()) : *jobs;
  }
  loop_.cancel(std::exchange(timer_, 0));
  state_ = PluginState::kUp;
  error_.clear();
  failures_ = 0;
  runtime_.reply(call_, q, "{}");
  startedOrNot();
}

void Plugin::onAnswerHead(runtime::CallId call, std::uint64_t q, std::string_view arguments) {
  const auto found = pending_.find(call);
  const auto document = json::parse(arguments, "answerHead", 64);
  if (found == pending_.end() || !found->second.respond || !document) {
    runtime_.replyError(call, q, R"({"name":"Error","message":"This request has its answer."})");
    return;
  }
  auto answer = answerOf(*document);
  loop_.cancel(std::exchange(found->second.timer, 0));
  const auto respond = std::exchange(found->second.respond, {});
  if (answer) {
    found->second.stream = answer->stream = std::make_shared<AnswerStream>([this, alive = alive_, call] {
      loop_.post([this, alive, call] {
        if (*alive && pending_.erase(call) > 0) {
          runtime_.cancel(call);
        }
      });
    });
  }
  respond(std::move(answer));
  runtime_.reply(call, q, "{}");
}

void Plugin::onAnswerPiece(runtime::CallId call, std::uint64_t q, std::string_view arguments) {
  const auto found = pending_.find(call);
  const auto document = json::parse(arguments, "answerPiece", 8);
  auto bytes = document && document->is_object() ? base::fromBase64(json::getString(document->get_object(), "data")) : std::nullopt;
  if (found == pending_.end() || !found->second.stream || !bytes) {
    runtime_.replyError(call, q, R"({"name":"Error","message":"Nobody takes this piece."})");
    return;
  }
  if (bytes->empty()) {  // which would be the end
    runtime_.reply(call, q, "{}");
    return;
  }
  found->second.stream->piece(std::move(*bytes), [this, alive = alive_, call, q](bool isTaken) {
    loop_.post([this, alive, call, q, isTaken] {
      if (!*alive) {
        return;
      }
      if (isTaken) {
        runtime_.reply(call, q, "{}");
      } else {
        runtime_.replyError(call, q, R"({"name":"Error","message":"The client has gone."})");
      }
    });
  });
}

void Plugin::onEmit(runtime::CallId call, std::optional<std::uint64_t> q, std::span<const runtime::Send>) {
  if (q) {
    runtime_.replyError(call, *q, R"({"name":"Error","message":"A plugin has no ports."})");
  }
}

void Plugin::onLog(runtime::CallId, std::string_view level, std::string_view message, std::string_view data) {
  const auto at = level == "error"  ? spdlog::level::err
                  : level == "warn" ? spdlog::level::warn
                  : level == "info" ? spdlog::level::info
                                    : spdlog::level::debug;
  spdlog::log(at, "plugin {}: {}{}{}", file_.name, message, data.empty() ? "" : " ", data);
}

void Plugin::onDone(runtime::CallId call, const runtime::Done& done) {
  if (call == call_) {
    failed("it ended by itself");
  } else {
    end(call, std::string(done.value.empty() ? "null" : done.value));
  }
}

void Plugin::onFail(runtime::CallId call, const runtime::Failure& failure) {
  if (call == call_) {
    failed(messageOf(failure.err));
  } else {
    end(call, base::fail(base::Code::kInvalid, messageOf(failure.err)));
  }
}

void Plugin::onLost(runtime::CallId call, const runtime::Loss& loss) {
  if (call == call_) {
    failed("its process ended: " + loss.reason);
  } else {
    giveUp(call, base::fail(base::Code::kUnavailable, "The process of plugin " + file_.name + " ended: " + loss.reason + ". Try again."));
  }
}

void Plugin::end(runtime::CallId call, base::Result<std::string> value) {
  const auto found = pending_.find(call);
  if (found == pending_.end()) {
    return;
  }
  if (!value) {
    giveUp(call, value.error());
    return;
  }
  const Pending pending = std::move(found->second);
  pending_.erase(found);
  loop_.cancel(pending.timer);
  if (pending.stream) {
    pending.stream->end();
  } else if (pending.told) {
    pending.told(std::move(value));
  } else if (pending.respond) {
    const auto document = json::parse(*value, "The answer", 64);
    pending.respond(document ? answerOf(*document) : base::Result<PluginAnswer>(document.error()));
  }
}

void Plugin::giveUp(runtime::CallId call, base::Error error) {
  const auto found = pending_.find(call);
  if (found == pending_.end()) {
    return;
  }
  const Pending pending = std::move(found->second);
  pending_.erase(found);
  loop_.cancel(pending.timer);
  runtime_.cancel(call);
  refuse(pending, std::move(error));
}

void Plugin::refuse(const Pending& pending, base::Error error) {
  if (pending.stream) {
    pending.stream->fail(std::move(error));
  } else if (pending.told) {
    pending.told(std::move(error));
  } else if (pending.respond) {
    pending.respond(std::move(error));
  }
}

}  // namespace patchbay::plugins

#include "runtime/worker.h"

#include "base/json.h"

namespace patchbay::runtime {
namespace {

using Steady = std::chrono::steady_clock;

// More than this not yet taken by the process: it gets no further calls.
constexpr std::size_t kCongestedBytes = 4U * 1024 * 1024;
// With others in flight, how long after a missed deadline the process may take to answer a ping.
constexpr base::Millis kAnswerGrace{2000};

constexpr const char* kDeadlineReason = "another call in it passed its deadline";

std::string helloFrame(const NodeOptions& options, const WorkerSpec& spec) {
  json::object limits{{"messageBytes", 15728640},
                      {"documentBytes", 16777216},
                      {"holdMs", 20},
                      {"holdCount", 64},
                      {"holdBytes", 1048576}};
  json::object hello{{"t", "hello"},
                     {"protocol", 1},
                     {"root", std::filesystem::absolute(spec.root).string()},
                     {"revision", spec.revision},
                     {"apiUrl", options.apiUrl},
                     {"gridInstanceId", "patchbay"},
                     {"limits", std::move(limits)}};
  return json::write(json::value(std::move(hello)));
}

NodeOrder orderFor(const NodeOptions& options, const WorkerSpec& spec) {
  NodeOrder order;
  order.name = (spec.program == "worker" ? "Worker of " : "Plugin host of ") + spec.revision;
  order.script = options.runtimeFolder / spec.program / "main.js";
  order.readable = {std::filesystem::absolute(spec.root)};
  order.hello = helloFrame(options, spec);
  return order;
}

std::string seconds(base::Millis time) {
  const std::string text = std::to_string(time.count() / 1000);
  return time.count() % 1000 == 0 ? text : text + "." + std::to_string(time.count() % 1000 / 100);
}

}  // namespace

Worker::Worker(NodeHost& host, const WorkerSpec& spec, Pool& pool, bool forAlone)
    : host_(host),
      pool_(pool),
      forAlone_(forAlone),
      idleSince_(Steady::now()),
      process_(NodeProcess::start(host, orderFor(host.options(), spec), *this)) {}

Worker::~Worker() {
  host_.executor().cancel(deadlineTimer_);
  host_.executor().cancel(graceTimer_);
  process_->detach();
}

void Worker::call(CallId id, const Invocation& invocation, CallListener& listener) {
  if (invocation.flow) {
    sendFlow(*invocation.flow);
  }
  process_->write({R"({"t":"call","id":)", std::to_string(id), ",", invocation.members, "}"});
  const Moment deadline = Steady::now() + invocation.deadline;
  calls_.emplace(id, InFlight{&listener, deadline, invocation.deadline});
  armDeadline(deadline);
  process_->watch();
}

void Worker::sendFlow(const FlowFrame& flow) {
  const FlowCache::Use use = flows_.use(flow.key);
  if (use.evicted) {
    std::string key;
    json::writeString(*use.evicted, key);
    process_->write({R"({"t":"unflow","key":)", key, "}"});
  }
  if (use.isNew) {
    std::string key;
    json::writeString(flow.key, key);
    process_->write({R"({"t":"flow","key":)", key, R"(,"flow":)", flow.json, "}"});
  }
}

void Worker::reply(CallId call, std::uint64_t q, std::string_view name, std::string_view json) {
  if (calls_.contains(call)) {
    process_->write({R"({"t":"reply","id":)", std::to_string(call), R"(,"q":)", std::to_string(q),
                     ",\"", name, "\":", json, "}"});
  }
}

void Worker::cancel(CallId call) {
  const auto place = calls_.find(call);
  if (place == calls_.end()) {
    return;
  }
  take(place, false);
  process_->write({R"({"t":"cancel","id":)", std::to_string(call), "}"});
  hasChanged_ = false;
  endIfEmpty();
  pool_.onWorkerChanged(*this);
}

void Worker::drain() {
  isDraining_ = true;
  endIfEmpty();
}

bool Worker::isCongested() const {
  return process_->pendingBytes() > kCongestedBytes;
}

// A call that runs alone may keep the event loop busy until its deadline: nobody else waits.
bool Worker::expectsAnswers() const {
  return !calls_.empty() && !forAlone_;
}

void Worker::onFrame(const UpFrame& frame) {
  if (frame.type == FrameType::kMapped) {
    process_->kill("it broke the protocol: a worker does not map");
    return;
  }
  const auto place = calls_.find(frame.id);
  if (place == calls_.end()) {
    return;  // fenced
  }
  CallListener& listener = *place->second.listener;
  switch (frame.type) {
    case FrameType::kHost:
      listener.onHost(frame.id, *frame.q, frame.op, frame.arguments);
      break;
    case FrameType::kEmit:
      listener.onEmit(frame.id, frame.q, frame.sends);
      break;
    case FrameType::kLog:
      listener.onLog(frame.id, frame.level, frame.message, frame.data);
      break;
    case FrameType::kDone:
      take(place, true);
      listener.onDone(frame.id, Done{frame.sends, frame.tookUrl, frame.value, frame.response});
      break;
    case FrameType::kFail:
      take(place, true);
      listener.onFail(frame.id, Failure{frame.kind, frame.err});
      break;
    default:
      break;
  }
}

Worker::InFlight Worker::take(Calls::iterator place, bool good) {
  const CallId id = place->first;
  const InFlight call = place->second;
  calls_.erase(place);
  hasChanged_ = true;
  if (calls_.empty()) {
    idleSince_ = Steady::now();
  }
  pool_.onCallOver(id, good);
  return call;
}

void Worker::onFramesRead() {
  if (std::exchange(hasChanged_, false)) {
    endIfEmpty();
    pool_.onWorkerChanged(*this);
  }
}

void Worker::endIfEmpty() {
  if (isDraining_ && calls_.empty()) {
    if (overdue_ > 0) {
      process_->kill(kDeadlineReason, false);
    } else {
      process_->stop();
    }
  }
}

// One timer, set for the earliest deadline known when it was set; calls that end in time leave it
// alone.
void Worker::armDeadline(Moment deadline) {
  if (armed_ && *armed_ <= deadline) {
    return;
  }
  host_.executor().cancel(deadlineTimer_);
  armed_ = deadline;
  const auto delay = std::chrono::ceil<base::Millis>(deadline - Steady::now());
  deadlineTimer_ = host_.executor().after(std::max(delay, base::Millis(0)), [this] {
    armed_.reset();
    onDeadline();
  });
}

void Worker::onDeadline() {
  const Moment now = Steady::now();
  std::vector<CallId> passed;
  for (const auto& [id, call] : calls_) {
    if (call.deadline <= now) {
      passed.push_back(id);
    } else {
      armDeadline(call.deadline);
    }
  }
  if (passed.empty()) {
    return;
  }
  endOverdue(passed);
  for (const CallId id : passed) {
    const auto place = calls_.find(id);  // a listener may have cancelled it
    if (place != calls_.end()) {
      const InFlight call = take(place, false);
      call.listener->onLost(
          id, Loss{true, 1, "took longer than its deadline of " + seconds(call.allowed) + " s"});
    }
  }
  onFramesRead();
}

// Before the listeners hear of it, so that what they call next goes to another process.
void Worker::endOverdue(const std::vector<CallId>& passed) {
  isDraining_ = true;
  overdue_ += passed.size();
  if (passed.size() == calls_.size()) {
    process_->kill(kDeadlineReason, false);
    return;
  }
  for (const CallId id : passed) {
    process_->write({R"({"t":"cancel","id":)", std::to_string(id), "}"});
  }
  if (graceTimer_ == 0) {
    process_->ping();
    graceTimer_ = host_.executor().after(kAnswerGrace, [this, pongs = process_->pongs()] {
      if (process_->pongs() == pongs) {
        process_->kill(kDeadlineReason, false);
      }
    });
  }
}

void Worker::onEnded(const NodeEnd& end) {
  host_.executor().cancel(deadlineTimer_);
  host_.executor().cancel(graceTimer_);
  isDraining_ = true;
  lose(end);
  pool_.onWorkerEnded(*this, end);
}

// A process that was never ready has run nothing: none of its calls is to blame, so they count as
// several.
void Worker::lose(const NodeEnd& end) {
  const std::size_t inFlight =
      std::max<std::size_t>(calls_.size() + overdue_, end.wasReady ? 1 : 2);
  while (!calls_.empty()) {  // a listener may cancel others
    const CallId id = calls_.begin()->first;
    const InFlight call = take(calls_.begin(), false);
    call.listener->onLost(id,
                          Loss{false, inFlight, "the connector's process was lost: " + end.reason});
  }
}

}  // namespace patchbay::runtime

#include "runtime/mapper_process.h"

#include <algorithm>

#include "base/json.h"

namespace patchbay::runtime {
namespace {

using Steady = std::chrono::steady_clock;

NodeOrder orderFor(const NodeOptions& options) {
  NodeOrder order;
  order.name = "Mapper";
  order.script = options.runtimeFolder / "mapper" / "main.js";
  order.network = false;
  order.hello = R"({"t":"hello","protocol":1})";
  return order;
}

std::string errorText(std::string_view err) {
  const auto document = json::parse(err, "err");
  const bool isObject = document && document->is_object();
  const std::string text =
      isObject ? json::getString(document->get_object(), "message") : std::string();
  return text.empty() ? "The mapping failed" : text;
}

}  // namespace

MapperProcess::MapperProcess(NodeHost& host, Pool& pool, base::Millis deadline)
    : host_(host),
      pool_(pool),
      deadline_(deadline),
      turnSince_(Steady::now()),
      process_(NodeProcess::start(host, orderFor(host.options()), *this)) {}

MapperProcess::~MapperProcess() {
  host_.executor().cancel(timer_);
  process_->detach();
}

void MapperProcess::send(std::uint64_t id, MapRequest request) {
  process_->write(
      {R"({"t":")", request.type, R"(","id":)", std::to_string(id), ",", request.members, "}"});
  if (requests_.empty()) {
    turnSince_ = Steady::now();
  }
  requests_.push_back({id, std::move(request)});
  armDeadline();
}

void MapperProcess::setModifiers(std::uint64_t version, const std::string& document) {
  if (document.empty()) {
    process_->write({R"({"t":"modifiers","version":)", std::to_string(version), "}"});
  } else {
    process_->write({R"({"t":"modifiers","version":)", std::to_string(version), R"(,"document":)",
                     document, "}"});
  }
}

void MapperProcess::stop() {
  process_->stop();
}

void MapperProcess::onFrame(const UpFrame& frame) {
  if (frame.type != FrameType::kMapped) {
    process_->kill("it broke the protocol: a mapper only maps");
    return;
  }
  const auto place = std::find_if(requests_.begin(), requests_.end(),
                                  [&frame](const InFlight& one) { return one.id == frame.id; });
  if (place == requests_.end()) {
    return;
  }
  const InFlight answered = std::move(*place);
  requests_.erase(place);
  turnSince_ = Steady::now();
  answer(answered.request, frame);
}

void MapperProcess::answer(const MapRequest& request, const UpFrame& frame) {
  if (!frame.err.empty()) {
    request.told(base::fail(base::Code::kInvalid, errorText(frame.err)));
    return;
  }
  Mapped mapped;
  if (!frame.value.empty()) {
    mapped.value = std::string(frame.value);
  }
  for (const std::string_view warning : frame.warnings) {
    mapped.warnings.emplace_back(warning);
  }
  request.told(std::move(mapped));
}

void MapperProcess::onFramesRead() {
  pool_.onMapperChanged(*this);
}

// One timer while requests are in flight; it looks whether the oldest has had its turn too long and
// sets itself again. The start of the process is not counted, it has a limit of its own.
void MapperProcess::armDeadline() {
  if (timer_ == 0 && !requests_.empty()) {
    const auto left = std::chrono::ceil<base::Millis>(turnSince_ + deadline_ - Steady::now());
    timer_ = host_.executor().after(std::max(left, base::Millis(1)), [this] {
      timer_ = 0;
      onDeadline();
    });
  }
}

void MapperProcess::onDeadline() {
  if (!process_->isReady()) {
    turnSince_ = Steady::now();
  }
  if (requests_.empty() || Steady::now() - turnSince_ < deadline_) {
    armDeadline();
    return;
  }
  process_->kill("a mapping in it passed its deadline", false);
  const InFlight oldest = std::move(requests_.front());
  requests_.pop_front();
  oldest.request.told(base::fail(
      base::Code::kDeadline, "The mapping took longer than " + std::to_string(deadline_.count()) +
                                 " ms and was ended. Simplify its modifiers."));
}

void MapperProcess::onEnded(const NodeEnd& end) {
  host_.executor().cancel(timer_);
  std::deque<MapRequest> left;
  for (InFlight& one : requests_) {
    left.push_back(std::move(one.request));
  }
  requests_.clear();
  pool_.onMapperEnded(*this, end, std::move(left));
}

}  // namespace patchbay::runtime

#include "catalogue.h"

#include <array>

#include "base/json.h"
#include "connectors/manifest.h"
#include "seeded_random.h"

namespace patchbay::simulate {

namespace {

constexpr std::array<std::string_view, kKinds> kTypes = {
    "sim.main.core.Hook",  "sim.main.core.Ticker",  "sim.main.core.Relay", "sim.spare.core.Relay",
    "sim.main.core.Split", "sim.main.core.Counter", "sim.main.core.Delay", "sim.main.core.Sink"};

json::array ports(bool any, const char* name) {
  return any ? json::array{json::object{{"name", name}}} : json::array{};
}

connectors::Component component(Kind kind) {
  const bool isTrigger = kind == Kind::kHook || kind == Kind::kTicker;
  connectors::Component made =
      connectors::describeComponent(json::object{{"name", typeOf(kind)},
                                                 {"inPorts", ports(!isTrigger, "in")},
                                                 {"outPorts", ports(kind != Kind::kSink, "out")},
                                                 {"webhook", kind == Kind::kHook},
                                                 {"tick", kind == Kind::kTicker}});
  made.dir = typeOf(kind);
  made.usesScope = false;
  const bool lives = kind == Kind::kHook || kind == Kind::kSpare;
  made.hasStart = lives;
  made.hasStop = lives;
  made.hasTick = kind == Kind::kTicker;
  return made;
}

std::shared_ptr<const connectors::Revision> revision(std::string bundle, int version,
                                                     const std::vector<Kind>& kinds) {
  auto made = std::make_shared<connectors::Revision>();
  made->version = "1.0." + std::to_string(version);
  made->id = bundle + "/" + made->version + "-00000000";
  made->bundle = std::move(bundle);
  for (const Kind kind : kinds) {
    made->components.push_back(component(kind));
  }
  auto worker = std::make_shared<runtime::WorkerSpec>();
  worker->revision = made->id;
  made->worker = std::move(worker);
  return made;
}

}  // namespace

std::string typeOf(Kind kind) {
  return std::string(kTypes[static_cast<std::size_t>(kind)]);
}

Kind kindOf(std::string_view type) {
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (kTypes[kind] == type) {
      return static_cast<Kind>(kind);
    }
  }
  return Kind::kRelay;
}

std::shared_ptr<const connectors::Revision> mainRevision() {
  static const auto kMain = revision("sim.main", 0,
                                     {Kind::kHook, Kind::kTicker, Kind::kRelay, Kind::kSplit,
                                      Kind::kCounter, Kind::kDelay, Kind::kSink});
  return kMain;
}

std::shared_ptr<const connectors::Revision> spareRevision(int version) {
  return revision(std::string(kSpareBundle), version, {Kind::kSpare});
}

Fate fateOf(std::uint64_t seed, Kind kind, std::string_view node, std::string_view id) {
  if (kind == Kind::kTicker || kind == Kind::kHook) {
    return Fate::kWorks;
  }
  const std::uint64_t drawn = hashOf(seed, std::string(node) + " meets " + std::string(id)) % 120;
  constexpr std::array kFates = {Fate::kThrows,       Fate::kThrowsClient, Fate::kCancels,
                                 Fate::kRefusesInput, Fate::kHangs,        Fate::kKillsWorker};
  return drawn < kFates.size() ? kFates[drawn] : Fate::kWorks;
}

std::vector<std::string> sentBy(std::uint64_t seed, Kind kind, std::string_view node,
                                std::string_view id) {
  std::size_t count = 1;
  if (kind == Kind::kSink || (kind == Kind::kDelay && !isTimer(id))) {
    count = 0;
  } else if (kind == Kind::kSplit) {
    count = 2 + hashOf(seed, id) % 2;
  }
  std::vector<std::string> sent;
  for (std::size_t nth = 0; nth < count; ++nth) {
    sent.push_back(std::string(id) + "." + std::string(node) + static_cast<char>('a' + nth));
  }
  return sent;
}

std::string timerOf(std::string_view id) {
  return std::string(id) + "~";
}
bool isTimer(std::string_view id) {
  return id.ends_with('~');
}

}  // namespace patchbay::simulate

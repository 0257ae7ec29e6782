#include "world.h"

#include <algorithm>

#include "base/json.h"
#include "policy.h"
#include "store/flows.h"
#include "store/settings.h"
#include "store/sqlite/connection.h"
#include "stored_rows.h"

namespace patchbay::simulate {

namespace {

constexpr std::size_t kMostFlows = 3;
constexpr std::size_t kStepsToRunDry = 60'000;
constexpr base::Millis kPatience{5'000};  // of a stop of the server
constexpr base::Millis kTurn{1'500};      // between two acts, at most
constexpr base::Millis kPause{30'000};

access::Caller owner() {
  return {"u1", "u1", "u1@example.com", {"user"}, {}};
}

}  // namespace

LossyDisk::Image firstStart(Idle& idle) {
  World world(idle, {}, {});
  return world.firstImage();
}

World::World(Idle& idle, const LossyDisk::Image& image, const WorldOptions& options)
    : options_(options),
      random_(hashOf(options.seed, "world")),
      trace_(clock_, options.prints),
      ledger_(options.seed, trace_),
      scheduler_(clock_, random_.fork("scheduler")),
      loop_(scheduler_),
      commits_(scheduler_),
      disk_(random_.fork("disk"), image),
      vfs_(disk_, clock_, random_.fork("vfs")),
      around_{idle,
              clock_,
              loop_,
              commits_,
              ledger_,
              options.seed,
              random_.fork("server"),
              options.acknowledgesEarly},
      revisions_{mainRevision(), spareRevision(1)} {
  disk_.onSync([this] {
    if (scheduler_.runs(commits_)) {
      scheduler_.whileBlocked();
    }
  });
}

World::~World() {
  if (server_ != nullptr) {
    disk_.failPower();
    end();
  }
}

LossyDisk::Image World::firstImage() {
  boot();
  access::SystemConfiguration& configuration = server_->configuration();
  for (const auto& [key, value] :
       {std::pair<const char*, std::int64_t>("RETRY_MAX_COUNT", kMaxTries),
        {"RETRY_INIT_EXP", kFirstDelayMs},
        {"COMPONENT_RECEIVE_TIMEOUT", kDeadlineMs},
        {"COMPONENT_FACTORY_TIMEOUT", kDeadlineMs},
        {"WEBHOOK_REQUEST_TIMEOUT", kReplyTimeoutMs},
        {"TICK_PERIOD", kTickPeriodMs}}) {
    if (const base::Status put = configuration.put(key, value); !put) {
      ledger_.fail(put.error().message);
    }
  }
  const base::Status named = server_->store().write([](store::Transaction& tx) {
    tx.settings().put("server", "messageSalt",
                      "\"00000000000000aa\"");  // the queue draws its own from the system
    return base::Status();
  });
  if (!named) {
    ledger_.fail(named.error().message);
  }
  for (const auto& revision : revisions_) {
    if (const base::Status installed = server_->install(revision); !installed) {
      ledger_.fail(installed.error().message);
    }
  }
  end();
  return disk_.image();
}

WorldReport World::run() {
  addFlows();
  storm();
  calm();
  WorldReport report;
  report.failure = ledger_.failure();
  report.hash = trace_.hash();
  report.steps = scheduler_.steps();
  report.lives = life_;
  report.accepted = ledger_.acceptedMessages();
  report.calls = ledger_.calls();
  report.deadLetters = deadLettersLeft_;
  return report;
}

// ---- the server's lives ----

void World::boot() {
  constexpr int kTries = 4;
  for (int tries = 0; true; ++tries) {
    if (tries == kTries) {
      disk_.setWeather({});
    }
    server_ = std::make_unique<SimulatedServer>(around_, ++life_);
    const base::Status opened = server_->open(revisions_);
    if (opened) {
      break;
    }
    trace_.note("could not start: " + opened.error().message);
    if (tries > kTries) {
      ledger_.fail("the server does not start on a disk that works: " + opened.error().message);
      return;
    }
    end();
    if (disk_.powerFailed()) {
      disk_.crash();
    }
  }
  trace_.note("life " + std::to_string(life_));
  server_->worker().setMood(mood_);
}

void World::end() {
  server_->drain();
  scheduler_.dropAll();
  server_.reset();
  scheduler_.dropAll();
  ledger_.crashed();
  for (Flow& flow : flows_) {
    flow.commanded = false;
  }
}

void World::crash() {
  trace_.note("power failure");
  disk_.failPower();
  end();
  disk_.crash();
  boot();
}

void World::restart() {
  trace_.note("restart");
  bool closed = false;
  server_->engine().close(kPatience, [&closed] { closed = true; });
  while (!closed && goOn(1, kPatience)) {
  }
  if (!closed) {
    return;  // the power failed, or the ledger knows what is wrong
  }
  end();
  if (disk_.powerFailed()) {
    disk_.crash();
  }
  boot();
}

bool World::goOn(std::size_t steps, base::Millis time) {
  const base::Time until = clock_.now() + time;
  while (steps > 0 && !disk_.powerFailed() && !ledger_.failure() && scheduler_.step(until)) {
    --steps;
  }
  return !disk_.powerFailed() && !ledger_.failure();
}

// ---- what happens to it ----

void World::addFlows() {
  boot();
  const std::size_t count = 1 + random_.below(kMostFlows);
  for (std::size_t nth = 0; nth < count; ++nth) {
    flows_.push_back({FlowGraph::draw("f" + std::to_string(nth), random_)});
    ledger_.addFlow(flows_.back().graph);
  }
  const base::Status written = server_->store().write([this](store::Transaction& tx) {
    for (const Flow& flow : flows_) {
      store::FlowRecord record;
      record.flowId = flow.graph.flowId;
      record.userId = owner().userId;
      record.name = flow.graph.flowId;
      record.stage = "stopped";
      record.document = json::write(flow.graph.document());
      tx.flows().put(record);
      std::vector<store::FlowComponentRecord> components;
      for (const auto& [name, node] : flow.graph.nodes) {
        components.push_back({record.flowId, name, typeOf(node.kind)});
      }
      tx.flows().setComponents(record.flowId, components);
    }
    return base::Status();
  });
  if (!written) {
    ledger_.fail(written.error().message);
  }
  for (Flow& flow : flows_) {
    trace_.note(json::write(flow.graph.document()));
    start(flow);
  }
}

void World::storm() {
  mood_ = {30, 120, 150, 12, 3, true};
  server_->worker().setMood(mood_);
  goOn(200, kTurn);
  for (std::uint64_t turns = 20 + random_.below(60); turns > 0 && !ledger_.failure(); --turns) {
    if (!goOn(random_.below(40), kTurn) && !ledger_.failure()) {
      crash();
    }
    act();
  }
}

void World::act() {
  const std::uint64_t drawn = random_.below(100);
  if (drawn < 45) {
    offer();
  } else if (drawn < 63) {
    command();
  } else if (drawn < 72) {
    changeWeather();
  } else if (drawn < 76) {
    crash();
  } else if (drawn < 79) {
    restart();
  } else if (drawn < 84) {
    server_->worker().killOne();
  } else if (drawn < 89) {
    setSpare(!hasSpare());
  } else if (drawn < 94) {
    replay();
  } else {
    goOn(300, kPause);
  }
}

World::Flow& World::anyFlow() {
  return flows_[random_.below(flows_.size())];
}

void World::offer() {
  const FlowGraph& graph = anyFlow().graph;
  if (graph.nodes.at(graph.trigger).kind != Kind::kHook) {
    return;
  }
  const std::string id = ledger_.newMessage(graph.flowId);
  trace_.note("offer " + graph.flowId + " " + id);
  unanswered_[id] = life_;
  engine::WebhookCall call;
  call.flowId = graph.flowId;
  call.componentId = graph.trigger;
  call.envelope =
      R"({"method":"POST","data":{"id":")" + id + R"("},"query":{},"headers":{},"hostname":""})";
  call.enqueueOnly = random_.oneIn(2);
  server_->engine().intake().accept(
      std::move(call),
      [this, id, life = life_](const webhooks::Reply& reply) { answered(id, life, reply); });
}

void World::answered(const std::string& id, std::uint64_t life, const webhooks::Reply& reply) {
  if (life != life_) {
    ledger_.fail(id + " was answered by a server that is gone");
    return;
  }
  if (unanswered_.erase(id) == 0) {
    ledger_.fail(id + " was answered twice");
  }
  if (reply.status < 300 || reply.status == 400) {  // 400: stored, and an attempt has failed
    ledger_.accepted(id);
    return;
  }
  const json::value body = json::parseOwn(reply.body);
  const std::string code = json::getString(body.as_object(), "code");
  if (code == "NOT_FOUND" || code == "UNAVAILABLE") {
    ledger_.refused(id);
  } else if (code != "STORE_FAILED" &&
             code != "DISK_FULL") {  // those may have come down all the same
    ledger_.fail(id + " was answered with " + reply.body);
  }
}

void World::command() {
  Flow& flow = anyFlow();
  if (flow.commanded) {
    return;
  }
  if (random_.oneIn(2)) {
    start(flow);
  } else {
    stop(flow);
  }
}

void World::start(Flow& flow) {
  flow.commanded = true;
  ledger_.startAsked(flow.graph.flowId);
  server_->engine().start(
      flow.graph.flowId, owner(),
      [this, &flow, life = life_](const base::Status& status) { started(flow, life, status); });
}

void World::started(Flow& flow, std::uint64_t life, const base::Status& status) {
  if (life != life_) {
    return;
  }
  flow.commanded = false;
  if (status) {
    ledger_.startTold(flow.graph.flowId, true);
    checkStage(flow.graph.flowId, "running");
  } else if (status.error().code != base::Code::kInvalid) {
    // Another command was under way; or a commit failed, and a failed sync may have come down all
    // the same.
    ledger_.commandFailed(flow.graph.flowId);
  } else {
    ledger_.startTold(flow.graph.flowId, false);
    checkStage(flow.graph.flowId, "stopped");
  }
}

void World::stop(Flow& flow) {
  const bool drops = random_.oneIn(2);
  flow.commanded = true;
  ledger_.stopAsked(flow.graph.flowId, drops);
  server_->engine().stop(
      flow.graph.flowId, drops ? flows::StopReason::kOwner : flows::StopReason::kAdmin,
      flows::InProgressData::kDefault,
      [this, &flow, life = life_](const base::Status& status) { stopped(flow, life, status); });
}

void World::stopped(Flow& flow, std::uint64_t life, const base::Status& status) {
  if (life != life_) {
    return;
  }
  flow.commanded = false;
  if (status) {
    ledger_.stopTold(flow.graph.flowId);
    checkStage(flow.graph.flowId, "stopped");
  } else {
    ledger_.commandFailed(flow.graph.flowId);
  }
}

void World::checkStage(const std::string& flowId, std::string_view stage) {
  const auto found = storedStage(server_->store(), flowId);
  if (found && *found != stage) {
    ledger_.fail("flow " + flowId + " is told to be " + std::string(stage) + " and its row says " +
                 *found);
  }
}

void World::replay() {
  std::vector<std::string> names;
  const std::vector<Ledger::DeadLetter> letters = deadLetters(server_->store(), &names);
  if (letters.empty()) {
    return;
  }
  const std::size_t nth = random_.below(letters.size());
  ledger_.replayAsked(letters[nth].flowId, letters[nth].id);
  server_->engine().retry(names[nth], [](const base::Status&) {});
}

void World::changeWeather() {
  weather_ = {};
  switch (random_.below(5)) {
    case 0:
      weather_.full = true;
      break;
    case 1:
      weather_.writeFails = 30;
      break;
    case 2:
      weather_.syncFails = 8;
      break;
    case 3:
      weather_.powerFails = 40;
      break;
    default:
      break;
  }
  weather_.readFails = random_.oneIn(4) ? 60 : 0;
  trace_.note(
      std::string("weather") + (weather_.full ? " full" : "") +
      (weather_.writeFails != 0 ? " writes" : "") + (weather_.syncFails != 0 ? " syncs" : "") +
      (weather_.powerFails != 0 ? " power" : "") + (weather_.readFails != 0 ? " reads" : ""));
  disk_.setWeather(weather_);
}

bool World::hasSpare() {
  return server_->registry().current(kSpareBundle) != nullptr;
}

// Installed again as it was, or as a newer version.
void World::setSpare(bool installed) {
  if (installed == hasSpare()) {
    return;
  }
  trace_.note(installed ? "connector installed" : "connector removed");
  base::Status changed;
  if (!installed) {
    ledger_.spareRemoved();
    changed = server_->uninstall(std::string(kSpareBundle));
  } else {
    if (random_.oneIn(2)) {
      revisions_.push_back(spareRevision(static_cast<int>(revisions_.size())));
    }
    changed = server_->install(revisions_.back());
  }
  if (!changed) {
    trace_.note("and was not: " + changed.error().message);
  }
}

// ---- how it ends ----

void World::calm() {
  trace_.note("calm");
  disk_.setWeather({});
  mood_ = {};
  mood_.ticks = false;
  if (ledger_.failure()) {
    return;
  }
  if (disk_.powerFailed()) {
    crash();
  }
  server_->worker().setMood(mood_);
  setSpare(true);
  const std::size_t until = scheduler_.steps() + kStepsToRunDry;
  while (goOn(40, kPause) && !isDry()) {
    if (scheduler_.steps() > until) {
      ledger_.fail("the server does not come to rest: " + std::to_string(server_->queue().depth()) +
                   " messages, " + std::to_string(server_->worker().calls()) + " calls");
    }
  }
  goOn(200, kPatience);
  if (!ledger_.failure()) {
    account();
  }
}

bool World::isDry() {
  return allRun() && server_->queue().depth() == 0 && server_->worker().calls() == 0 &&
         server_->replies().size() == 0;
}

// Those that do not run are started.
bool World::allRun() {
  bool all = true;
  for (Flow& flow : flows_) {
    const auto found = storedStage(server_->store(), flow.graph.flowId);
    if (!found) {
      ledger_.fail("flow " + flow.graph.flowId + " cannot be read");
    }
    const std::string stage = found.value_or("");
    all = all && stage == "running" && !flow.commanded;
    if (stage == "stopped" && !flow.commanded) {
      start(flow);
    }
  }
  return all;
}

void World::account() {
  const std::vector<Ledger::DeadLetter> letters = deadLetters(server_->store());
  deadLettersLeft_ = letters.size();
  ledger_.check(letters);
  for (const auto& [id, life] : unanswered_) {
    if (life == life_) {
      ledger_.fail(id + " was never answered");
    }
  }
  checkRows("at rest");
  commitOnce();
  crash();
  checkRows("after a last power failure");
}

// A commit that failed on its sync may still come down after a power failure, unless another one
// has taken its place in the log.
void World::commitOnce() {
  const base::Status written = server_->store().write([](store::Transaction& tx) {
    tx.settings().put("server", "rest", "true");
    return base::Status();
  });
  if (!written) {
    ledger_.fail("a commit on a disk that works failed: " + written.error().message);
  }
}

void World::checkRows(const std::string& when) {
  const auto rows = queueRows(server_->store());
  if (!rows || rows->messages != 0 || rows->payloads != 0) {
    ledger_.fail(when + " there are " + (rows ? std::to_string(rows->messages) : "nobody knows how many") +
                 " messages and " + (rows ? std::to_string(rows->payloads) : "as many") +
                 " payloads left");
  }
  for (const Flow& flow : flows_) {
    checkStage(flow.graph.flowId, "running");
  }
}

}  // namespace patchbay::simulate

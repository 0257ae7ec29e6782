// One seed: a server, its users, its connectors and its bad luck; then calm, and the account of
// what became of everything.
//
// First the storm: webhooks come in, people start and stop flows, a connector goes and comes,
// workers die, the disk fails and fills up, the power fails. Then the calm: nothing fails any more,
// every flow runs, and the server works until it has nothing left to do. What must be true then,
// and all along, is the ledger's business (ledger.h). Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flow_graph.h"
#include "ledger.h"
#include "lossy_disk.h"
#include "lossy_vfs.h"
#include "scheduler.h"
#include "simulated_server.h"
#include "trace.h"

namespace patchbay::simulate {

struct WorldOptions {
  std::uint64_t seed = 0;
  bool prints = false;             // the trace
  bool acknowledgesEarly = false;  // the planted bug
};

struct WorldReport {
  std::optional<std::string> failure;
  std::uint64_t hash = 0;  // of the trace
  std::size_t steps = 0, lives = 0, accepted = 0, calls = 0, deadLetters = 0;
};

// A disk with a database as a first start leaves it: worlds begin with it, and need not make one
// each.
LossyDisk::Image firstStart(Idle& idle);

class World {
 public:
  World(Idle& idle, const LossyDisk::Image& image, const WorldOptions& options);
  ~World();

  WorldReport run();
  // Instead of run(): starts a server and stops it.
  LossyDisk::Image firstImage();

 private:
  struct Flow {
    FlowGraph graph;
    bool commanded = false;  // a start or stop has not been told
  };

  // The server's lives.
  void boot();
  void end();
  void crash();
  void restart();
  // So many steps of its threads, or that long. False: the power has failed, or something is wrong.
  bool goOn(std::size_t steps, base::Millis time);

  // What happens to it.
  void addFlows();
  void storm();
  void act();
  void offer();
  void command();
  void start(Flow& flow);
  void stop(Flow& flow);
  void replay();
  void changeWeather();
  bool hasSpare();
  void setSpare(bool installed);
  Flow& anyFlow();

  // How it ends.
  void calm();
  bool isDry();
  bool allRun();
  void account();
  void commitOnce();
  void checkRows(const std::string& when);
  void answered(const std::string& id, std::uint64_t life, const webhooks::Reply& reply);
  void started(Flow& flow, std::uint64_t life, const base::Status& status);
  void stopped(Flow& flow, std::uint64_t life, const base::Status& status);
  void checkStage(const std::string& flowId, std::string_view stage);

  const WorldOptions options_;
  SeededRandom random_;
  SimulatedClock clock_;
  Trace trace_;
  Ledger ledger_;
  Scheduler scheduler_;
  SimulatedExecutor loop_;
  SimulatedExecutor commits_;
  LossyDisk disk_;
  LossyVfs vfs_;
  Surroundings around_;
  std::vector<std::shared_ptr<const connectors::Revision>>
      revisions_;  // known; the newest spare is the last
  Mood mood_;
  Weather weather_;
  std::vector<Flow> flows_;
  std::map<std::string, std::uint64_t> unanswered_;  // webhook → the life it was offered to
  std::uint64_t life_ = 0;
  std::size_t deadLettersLeft_ = 0;
  std::unique_ptr<SimulatedServer> server_;
};

}  // namespace patchbay::simulate

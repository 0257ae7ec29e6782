// `simulate`: runs worlds, one a seed, and says which of them went wrong. See README.md.
//
// Exit code: 0 when all went well (with --plant: when the planted bug was found), 1 when not, 2 for
// bad options.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "base/log.h"
#include "world.h"

namespace {

using namespace patchbay;

struct Options {
  std::uint64_t seeds = 2'000;
  std::uint64_t first = 1;
  std::uint64_t seed = 0;
  bool isSingle = false;
  bool verbose = false;
  std::string plant;
};

struct Totals {
  std::size_t worlds = 0, failed = 0, lives = 0, accepted = 0, calls = 0, deadLetters = 0,
              steps = 0;

  void add(const simulate::WorldReport& report) {
    ++worlds;
    failed += report.failure ? 1 : 0;
    lives += report.lives;
    accepted += report.accepted;
    calls += report.calls;
    deadLetters += report.deadLetters;
    steps += report.steps;
  }
};

void tellFailure(const Options& options, std::uint64_t seed, const std::string& failure) {
  std::printf("seed %llu: %s\n  again: simulate --seed %llu --verbose%s%s\n",
              static_cast<unsigned long long>(seed), failure.c_str(),
              static_cast<unsigned long long>(seed), options.plant.empty() ? "" : " --plant ",
              options.plant.c_str());
}

int run(const Options& options) {
  simulate::Idle idle;
  const simulate::LossyDisk::Image image = simulate::firstStart(idle);
  const auto began = std::chrono::steady_clock::now();
  Totals totals;
  const std::uint64_t first = options.isSingle ? options.seed : options.first;
  const std::uint64_t count = options.isSingle ? 1 : options.seeds;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    simulate::World world(idle, image, {seed, options.verbose, !options.plant.empty()});
    const simulate::WorldReport report = world.run();
    totals.add(report);
    if (report.failure) {
      tellFailure(options, seed, *report.failure);
      if (!options.plant.empty()) {
        std::printf("the planted bug was found by seed %llu of %llu\n",
                    static_cast<unsigned long long>(seed - first + 1),
                    static_cast<unsigned long long>(count));
        return 0;
      }
    } else if (options.isSingle) {
      std::printf("seed %llu went well; trace %016llx\n", static_cast<unsigned long long>(seed),
                  static_cast<unsigned long long>(report.hash));
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf(
      "%zu worlds in %.1f s, %zu failed: %zu lives of servers, %zu accepted messages, %zu calls, "
      "%zu dead letters, %zu steps\n",
      totals.worlds, took.count(), totals.failed, totals.lives, totals.accepted, totals.calls,
      totals.deadLetters, totals.steps);
  return totals.failed == 0 && options.plant.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app(
      "Simulates servers, one a seed: the real engine, queue and store under a simulated clock, a "
      "disk that forgets, and "
      "scripted workers.");
  app.add_option("--seeds", options.seeds, "how many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--first", options.first, "the first of them")->capture_default_str();
  const CLI::Option* single = app.add_option("--seed", options.seed, "this one only");
  app.add_flag("--verbose", options.verbose, "print what happens");
  app.add_option("--plant", options.plant, "plant a bug; succeed when it is found")
      ->check(CLI::IsMember({"early-acknowledgement"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  options.isSingle = single->count() > 0;
  base::initLog(base::LogForm::kText, options.verbose ? "info" : "off");
  return run(options);
}

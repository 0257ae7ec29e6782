#include "app/serve.h"

#include <csignal>
#include <cstdio>

#include "app/server.h"
#include "base/log.h"

namespace patchbay::app {

namespace {

// Signals are taken by this thread alone, when it asks.
sigset_t blockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

}  // namespace

int serve(const Options& options) {
  base::initLog(options.jsonLog ? base::LogForm::kJson : base::LogForm::kText, options.logLevel);
  const sigset_t signals = blockSignals();
  Server server(options);
  if (const base::Status opened = server.open(); !opened) {
    std::fprintf(stderr, "patchbay could not start: %s\n", opened.error().message.c_str());
    return 1;
  }
  std::printf("Patchbay is ready: %s\n", server.publicUrl().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  spdlog::info("signal {}: draining", signal);
  server.close();
  return 0;
}

}  // namespace patchbay::app

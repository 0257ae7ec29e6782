// What all connections of a server share.
#pragma once

#include <atomic>
#include <cstddef>

#include "http/detail/request_threads.h"
#include "http/pipeline.h"
#include "http/server.h"

namespace patchbay::http {

struct Service {
  const Router& router;
  Pipeline& pipeline;
  BodyLimit limit;
  ServerOptions options;
  RequestThreads* threads = nullptr;
  std::atomic<std::size_t> bodiesBytes{0};
  std::atomic<bool> draining{false};  // connections close after their answer
};

}  // namespace patchbay::http

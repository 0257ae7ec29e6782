// The HTTP/1.1 server: connections in, requests through the pipeline to their route, answers out.
//
// Threads: start and stop from one thread. Each I/O thread owns its connections; blocking handlers
// run on request threads; an AsyncHandler is called on the I/O thread and answers from any thread.
// Pieces of a streamed answer (body_stream.h) come from any thread. Limits: connections, header
// bytes, body bytes by route, bytes held in all bodies, waiting requests; each refusal is a JSON
// error. Ownership: router, pipeline and what their handlers use must outlive the server. The
// destructor stops.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "access/system_configuration.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/pipeline.h"
#include "http/route.h"

namespace patchbay::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0 = any free one
  std::size_t ioThreads = 1;
  std::size_t requestThreads = 16;
  std::size_t maxWaiting = 256;  // requests waiting for a request thread
  std::size_t maxConnections = 4096;
  std::size_t maxHeaderBytes = 32 * 1024;
  std::size_t maxBodiesBytes = std::size_t{512} * 1024 * 1024;  // of all requests together
  base::Millis headerTime{20'000};     // from the first byte of a request to the end of its header
  base::Millis bodyIdleTime{30'000};   // between two reads of a body
  base::Millis bodyTime{600'000};      // for a whole body
  base::Millis idleTime{75'000};       // between two requests
  base::Millis writeTime{60'000};      // between two writes of an answer
  base::Millis heartbeatTime{15'000};  // of a streamed answer that has nothing to say
  base::Millis drainTime{10'000};      // stop(): for requests at work
};

// Bytes that a body of this route may have.
using BodyLimit = std::function<std::size_t(const Route&)>;
// By the system configuration, with the documented defaults (rest-api §1.6).
BodyLimit configuredLimits(const access::SystemConfiguration& configuration);

class Server {
 public:
  Server(const Router& router, Pipeline& pipeline, BodyLimit limit, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  base::Status start();  // kConflict: the port is taken
  std::uint16_t port() const;
  // No new connections; requests at work get their answer, at most for drainTime; then everything is closed.
  void stop();

  struct Counts {
    std::uint64_t requests = 0;
    std::size_t connections = 0;
  };
  Counts counts() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace patchbay::http

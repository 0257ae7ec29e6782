#include "http/server.h"

#include <condition_variable>
#include <mutex>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "http/detail/io_loop.h"
#include "http/detail/request_threads.h"
#include "http/detail/response_head.h"
#include "http/detail/session.h"
#include "http/error_body.h"

namespace patchbay::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kDefaultBody = 2 * 1024 * 1024;

constexpr std::pair<std::string_view, std::size_t> kLimits[] = {
    {"LIMIT_FLOW_UPDATE_BYTES", 2097152},
    {"LIMIT_CC_ARCHIVE_MAX_BYTES", 10485760},
    {"LIMIT_WEBHOOK_BYTES", 1048576},
    {"LIMIT_PLUGIN_BYTES", 10485760},
    {"LIMIT_COMPONENT_STATIC_CALL_MAX_BYTES", 104857600},
    {"LIMIT_MESSAGE_MAX_BYTES", 15728640},
    {"LIMIT_FILE_UPLOAD_BYTES", 52428800},
};

}  // namespace

BodyLimit configuredLimits(const access::SystemConfiguration& configuration) {
  return [&configuration](const Route& route) {
    if (route.limit.empty()) {
      return kDefaultBody;
    }
    std::size_t absent = kDefaultBody;
    for (const auto& [key, bytes] : kLimits) {
      if (key == route.limit) {
        absent = bytes;
      }
    }
    return configuration.bytes(route.limit, absent);
  };
}

struct Server::Parts {
  Parts(const Router& router, Pipeline& pipeline, BodyLimit limit, ServerOptions given)
      : service{router, pipeline, std::move(limit), std::move(given), nullptr, {}} {}

  void accept();
  void onAccept(asio::ip::tcp::socket socket, std::shared_ptr<IoLoop> loop);
  std::size_t connections() const;
  void waitUntilDrained();

  Service service;
  std::unique_ptr<RequestThreads> threads;
  std::vector<std::shared_ptr<IoLoop>> loops;
  std::unique_ptr<asio::ip::tcp::acceptor> acceptor;
  std::unique_ptr<asio::steady_timer> retry;
  std::size_t next = 0;
  std::uint16_t port = 0;
  bool stopping = false;  // on the first loop
};

std::size_t Server::Parts::connections() const {
  std::size_t all = 0;
  for (const auto& loop : loops) {
    all += loop->connections();
  }
  return all;
}

void Server::Parts::accept() {
  auto loop = loops[next++ % loops.size()];
  acceptor->async_accept(
      loop->context(), [this, loop](const error_code& failure, asio::ip::tcp::socket socket) {
        if (stopping || failure == asio::error::operation_aborted) {
          return;
        }
        if (!failure) {
          onAccept(std::move(socket), loop);
          accept();
          return;
        }
        // Out of descriptors, most likely: try again when some may be free.
        spdlog::warn("A connection could not be accepted: {}", failure.message());
        retry->expires_after(std::chrono::milliseconds(100));
        retry->async_wait([this](const error_code& cancelled) {
          if (!cancelled && !stopping) {
            accept();
          }
        });
      });
}

void Server::Parts::onAccept(asio::ip::tcp::socket socket, std::shared_ptr<IoLoop> loop) {
  if (connections() >= service.options.maxConnections) {
    const Response full = errorResponse(
        base::fail(base::Code::kUnavailable, "There are too many connections. Try again soon."));
    std::string bytes;
    HeadOptions options;
    options.close = true;
    options.date = loop->date();
    writeHead(full, options, bytes);
    bytes += full.body;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(bytes), ignored);
    return;
  }
  auto session = std::make_shared<Session>(std::move(socket), loop, service);
  if (loop->onThread()) {
    session->start();
  } else {
    asio::post(loop->context(), [session] { session->start(); });
  }
}

void Server::Parts::waitUntilDrained() {
  const auto end = std::chrono::steady_clock::now() + service.options.drainTime;
  while (connections() > 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

Server::Server(const Router& router, Pipeline& pipeline, BodyLimit limit, ServerOptions options)
    : parts_(std::make_unique<Parts>(router, pipeline, std::move(limit), std::move(options))) {}

Server::~Server() { stop(); }

base::Status Server::start() {
  Parts& parts = *parts_;
  const ServerOptions& options = parts.service.options;
  parts.threads = std::make_unique<RequestThreads>(options.requestThreads, options.maxWaiting);
  parts.service.threads = parts.threads.get();
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options.ioThreads); ++i) {
    parts.loops.push_back(std::make_shared<IoLoop>());
  }
  auto& context = parts.loops.front()->context();
  parts.acceptor = std::make_unique<asio::ip::tcp::acceptor>(context);
  parts.retry = std::make_unique<asio::steady_timer>(context);
  error_code failure;
  const auto address = asio::ip::make_address(options.address, failure);
  const asio::ip::tcp::endpoint endpoint(address, options.port);
  const auto step = [&failure](auto&& act) {
    if (!failure) {
      act();
    }
  };
  step([&] { parts.acceptor->open(endpoint.protocol(), failure); });
  step([&] { parts.acceptor->set_option(asio::socket_base::reuse_address(true), failure); });
  step([&] { parts.acceptor->bind(endpoint, failure); });
  step([&] { parts.acceptor->listen(4096, failure); });
  if (failure) {
    parts.acceptor.reset();
    parts.retry.reset();
    parts.threads.reset();
    parts.loops.clear();
    return base::fail(base::Code::kConflict, "Cannot listen on " + options.address + ":" +
                                                 std::to_string(options.port) + ": " +
                                                 failure.message() + ".");
  }
  parts.port = parts.acceptor->local_endpoint().port();
  for (const auto& loop : parts.loops) {
    loop->start();
  }
  asio::post(context, [&parts] { parts.accept(); });
  return {};
}

std::uint16_t Server::port() const { return parts_->port; }

void Server::stop() {
  Parts& parts = *parts_;
  if (parts.loops.empty()) {
    return;
  }
  parts.service.draining = true;  // for all loops, before any of them closes a connection
  asio::post(parts.loops.front()->context(), [&parts] {
    parts.stopping = true;
    error_code ignored;
    parts.acceptor->close(ignored);
    parts.retry->cancel();
  });
  for (const auto& loop : parts.loops) {
    asio::post(loop->context(), [loop] { loop->closeIdle(); });
  }
  parts.waitUntilDrained();
  for (const auto& loop : parts.loops) {
    loop->end();
  }
  parts.threads.reset();
  parts.acceptor.reset();
  parts.retry.reset();
  parts.loops.clear();
}

Server::Counts Server::counts() const {
  Counts counts;
  for (const auto& loop : parts_->loops) {
    counts.requests += loop->served();
  }
  counts.connections = parts_->connections();
  return counts;
}

}  // namespace patchbay::http

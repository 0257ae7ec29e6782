// One connection: reads a request, lets it be answered, writes the answer, and again.
//
// Threads: on its loop's thread only. Ownership: the loop holds it until it closes; asynchronous
// operations hold it too. Requests of a connection are answered one after another; bytes of the
// next ones wait unread (pipelining). A streamed answer is written piece by piece: the next is
// asked for when the one before is in the socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "http/detail/io_loop.h"
#include "http/detail/request_parser.h"
#include "http/detail/service.h"

namespace patchbay::http {

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket socket, std::shared_ptr<IoLoop> loop, Service& service);
  ~Session();

  void start();
  // The answer to request `number`; one that is not awaited (any more) is dropped.
  void answer(std::uint64_t number, Response response);
  void checkDeadline(IoLoop::Instant now);
  void closeIfIdle();
  void close();

 private:
  enum class State { kIdle, kHeader, kBody, kHandling, kWriting, kStreaming, kLingering, kClosed };

  void beginRequest();
  void read();
  void onRead(std::size_t bytes);
  void parse();
  void keepUnread();
  void onParseError(const boost::system::error_code& failure);
  bool onHeader();
  void refuse(Response response, bool closeAfter = false);
  void sendContinue();
  void onMessage();
  void dispatch(Request request);
  void dispatchAsync(Request request);
  void dispatchToThread(Request request, bool async);
  void accountBody(std::size_t bytes);

  void write(Response response);
  void beginStream(Response& response);
  void askForPiece();
  void onPiece(std::uint64_t number, base::Result<std::string> piece);
  void takePiece(std::string piece);
  void writePiece(std::string piece);
  void goOn();
  void endStream();
  void watchClient();
  bool mayBeSilent() const { return stream_ != nullptr && !stream_->heartbeat().empty(); }
  void flush();
  void writeRest(std::size_t written);
  void onWritten();
  void linger();
  void readAway();
  void extend(base::Millis time) { deadline_ = loop_->now() + time; }

  boost::asio::ip::tcp::socket socket_;
  std::shared_ptr<IoLoop> loop_;
  Service& service_;
  State state_ = State::kIdle;
  IoLoop::Instant deadline_{};
  IoLoop::Instant bodyEnd_{};
  std::string clientAddress_;

  std::vector<char> in_;
  std::size_t inBegin_ = 0, inEnd_ = 0;
  std::optional<RequestParser> parser_;
  bool headerSeen_ = false;

  std::uint64_t number_ = 0;           // of the request at hand
  const Route* route_ = nullptr;
  std::optional<Response> early_;      // the answer, once the body has been read away
  bool headOnly_ = false;
  bool keepAlive_ = true;
  std::size_t accounted_ = 0;

  std::string out_;
  std::string outBody_;

  std::shared_ptr<BodyStream> stream_;  // while it has more
  bool chunked_ = false;
  std::optional<std::uint64_t> streamLeft_;  // bytes that are to come, when its length was told
  bool asked_ = false;                       // for the next piece
  bool flushing_ = false;                    // a write is under way
  std::optional<std::string> held_;          // a piece that came while a heartbeat was written
};

}  // namespace patchbay::http

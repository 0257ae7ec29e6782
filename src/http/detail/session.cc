#include "http/detail/session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <charconv>
#include <cstring>
#include <utility>

#include "http/detail/heading.h"
#include "http/detail/pending_reply.h"
#include "http/detail/response_head.h"
#include "http/error_body.h"

namespace patchbay::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

namespace {

constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::size_t kMaxReadBytes = 256 * 1024;
constexpr std::size_t kInlineBody = 16 * 1024;
constexpr std::size_t kMaxReadAway = 1024 * 1024;
constexpr base::Millis kLingerTime{2000};

}  // namespace

Session::Session(asio::ip::tcp::socket socket, std::shared_ptr<IoLoop> loop, Service& service)
    : socket_(std::move(socket)), loop_(std::move(loop)), service_(service), in_(kReadBytes) {
  error_code ignored;
  const auto remote = socket_.remote_endpoint(ignored);
  clientAddress_ = ignored ? std::string() : remote.address().to_string();
}

Session::~Session() = default;

void Session::start() {
  loop_->enter(shared_from_this());
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  beginRequest();
  read();
}

void Session::beginRequest() {
  parser_.emplace(service_.options.maxHeaderBytes);
  headerSeen_ = false;
  route_ = nullptr;
  early_.reset();
  headOnly_ = false;
  keepAlive_ = true;
  state_ = State::kIdle;
  ++number_;
  extend(service_.options.idleTime);
}

void Session::read() {
  auto self = shared_from_this();
  socket_.async_read_some(asio::buffer(in_.data() + inEnd_, in_.size() - inEnd_),
                          [self](const error_code& failure, std::size_t bytes) {
                            if (failure) {
                              self->close();
                            } else {
                              self->onRead(bytes);
                            }
                          });
}

void Session::onRead(std::size_t bytes) {
  if (state_ != State::kIdle && state_ != State::kHeader && state_ != State::kBody) {
    return;  // refused meanwhile
  }
  inEnd_ += bytes;
  if (state_ == State::kIdle) {
    state_ = State::kHeader;
    extend(service_.options.headerTime);
  } else if (state_ == State::kBody) {
    extend(service_.options.bodyIdleTime);
  }
  parse();
}

void Session::parse() {
  while (inBegin_ < inEnd_) {
    error_code failure;
    inBegin_ += parser_->put(asio::const_buffer(in_.data() + inBegin_, inEnd_ - inBegin_), failure);
    if (failure && failure != beast::http::error::need_more) {
      onParseError(failure);
      return;
    }
    if (!headerSeen_ && parser_->is_header_done()) {
      headerSeen_ = true;
      state_ = State::kBody;
      extend(service_.options.bodyIdleTime);
      bodyEnd_ = loop_->now() + service_.options.bodyTime;
      if (!onHeader()) {
        return;
      }
    }
    if (headerSeen_) {
      accountBody(parser_->request.body.size());
      if (parser_->bodyBytes > kMaxReadAway && early_) {
        write(std::move(*early_));
        return;
      }
    }
    if (parser_->is_done()) {
      onMessage();
      return;
    }
    if (failure) {
      break;
    }
  }
  keepUnread();
  read();
}

// Unread bytes to the front; more room when a header or a large body wants it.
void Session::keepUnread() {
  if (inBegin_ > 0) {
    std::memmove(in_.data(), in_.data() + inBegin_, inEnd_ - inBegin_);
    inEnd_ -= inBegin_;
    inBegin_ = 0;
  }
  const bool full = inEnd_ == in_.size();
  const bool largeBody = headerSeen_ && parser_->bodyBytes >= in_.size();
  if ((full || largeBody) && in_.size() < kMaxReadBytes) {
    in_.resize(in_.size() * 2);
  }
}

void Session::onParseError(const error_code& failure) {
  using Error = beast::http::error;
  keepAlive_ = false;
  if (failure == Error::body_limit) {
    const std::size_t limit = route_ != nullptr ? service_.limit(*route_) : kMaxReadAway;
    write(early_ ? std::move(*early_) : bodyTooLarge(limit));
  } else if (failure == Error::header_limit) {
    write(errorResponse(431, "HEADER_TOO_LARGE", "The request's header is too large."));
  } else if (failure == Error::bad_version) {
    write(errorResponse(505, "BAD_HTTP_VERSION", "Only HTTP/1.1 and HTTP/1.0 are spoken here."));
  } else {
    write(errorResponse(400, "BAD_HTTP", "This is not a valid HTTP/1.1 request: " +
                                             failure.message() + "."));
  }
}

// Decides what can be decided before the body comes. False: the answer is on its way.
bool Session::onHeader() {
  keepAlive_ = parser_->keep_alive();
  parser_->limitBody(kMaxReadAway + kMaxReadBytes);
  const auto expects = parser_->request.headers.find("expect");
  const bool waits = expects != parser_->request.headers.end();
  Heading heading = readHeading(*parser_, service_, clientAddress_);
  route_ = heading.route;
  headOnly_ = heading.headOnly;
  early_ = std::move(heading.refusal);
  if (!early_) {
    if (waits) {
      sendContinue();
    }
    return true;
  }
  // Refused: a short body is read away and the connection kept, a long or a waiting one ends it.
  parser_->discardBody();
  if (waits || announcesBodyOver(*parser_, kMaxReadAway)) {
    keepAlive_ = false;
    write(std::move(*early_));
    return false;
  }
  return true;
}

void Session::sendContinue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  error_code failure;
  socket_.write_some(asio::buffer(kContinue.data(), kContinue.size()), failure);
  if (failure && failure != asio::error::would_block) {
    close();
  }
}

void Session::accountBody(std::size_t bytes) {
  if (bytes > accounted_) {
    service_.bodiesBytes.fetch_add(bytes - accounted_, std::memory_order_relaxed);
  } else if (bytes < accounted_) {
    service_.bodiesBytes.fetch_sub(accounted_ - bytes, std::memory_order_relaxed);
  }
  accounted_ = bytes;
}

void Session::onMessage() {
  if (early_) {
    write(std::move(*early_));
  } else {
    state_ = State::kHandling;
    dispatch(std::move(parser_->request));
  }
  loop_->countRequest();
}

void Session::dispatch(Request request) {
  if (route_->asyncHandler) {
    dispatchAsync(std::move(request));
  } else {
    dispatchToThread(std::move(request), false);
  }
}

void Session::dispatchAsync(Request request) {
  base::Error refusal;
  switch (service_.pipeline.tryAdmit(*route_, request, refusal)) {
    case Pipeline::Admitted::kYes:
      Pipeline::runAsync(*route_, std::move(request), PendingReply::make(shared_from_this(), loop_, number_));
      return;
    case Pipeline::Admitted::kNo:
      write(errorResponse(refusal));
      return;
    case Pipeline::Admitted::kMustAsk:
      dispatchToThread(std::move(request), true);
      return;
  }
}

void Session::dispatchToThread(Request request, bool async) {
  auto held = std::make_shared<Request>(std::move(request));
  std::function<void()> work = [held, async, route = route_, &pipeline = service_.pipeline,
                                respond = PendingReply::make(shared_from_this(), loop_, number_)] {
    if (auto admitted = pipeline.admit(*route, *held); !admitted) {
      respond(admitted.error());
    } else if (async) {
      Pipeline::runAsync(*route, std::move(*held), respond);
    } else {
      respond(Pipeline::run(*route, *held));
    }
  };
  if (!service_.threads->submit(work)) {
    write(serverBusy());
  }
}

void Session::answer(std::uint64_t number, Response response) {
  if (number == number_ && state_ == State::kHandling) {
    write(std::move(response));
  }
}

void Session::write(Response response) {
  if (state_ == State::kClosed) {
    return;
  }
  state_ = State::kWriting;
  accountBody(0);
  if (!parser_->is_done()) {
    keepAlive_ = false;  // bytes of its body are still to come
  }
  keepAlive_ = keepAlive_ && !service_.draining.load(std::memory_order_relaxed);
  beginStream(response);
  HeadOptions options;
  options.close = !keepAlive_;
  options.chunked = chunked_;
  options.keepAlive10 = keepAlive_ && parser_->version < 11;
  options.date = loop_->date();
  out_.clear();
  outBody_.clear();
  writeHead(response, options, out_);
  if (!headOnly_ && hasBody(response.status)) {
    if (response.body.size() <= kInlineBody) {
      out_ += response.body;
    } else {
      outBody_ = std::move(response.body);
    }
  }
  flush();
}

// Decides how the end of a streamed body is told: by its length, by chunks, or by the end of the
// connection.
void Session::beginStream(Response& response) {
  chunked_ = false;
  if (response.stream == nullptr || !hasBody(response.status)) {
    return;
  }
  response.body.clear();
  if (!response.streamLength) {
    chunked_ = parser_->version >= 11;
    keepAlive_ = keepAlive_ && chunked_;
  }
  if (headOnly_) {
    return;
  }
  stream_ = response.stream;
  streamLeft_ = response.streamLength;
  asked_ = false;
  held_.reset();
  state_ = State::kStreaming;
  if (mayBeSilent()) {
    watchClient();
  }
}

void Session::askForPiece() {
  if (mayBeSilent() && service_.draining.load(std::memory_order_relaxed)) {
    close();
    return;
  }
  asked_ = true;
  extend(service_.options.heartbeatTime);
  // The stream keeps this while it has no piece; it must not keep the session that keeps it.
  stream_->next([session = weak_from_this(), loop = loop_,
                 number = number_](base::Result<std::string> piece) {
    loop->post(
        [session, number, piece = std::make_shared<base::Result<std::string>>(std::move(piece))] {
          if (const auto alive = session.lock()) {
            alive->onPiece(number, std::move(*piece));
          }
        });
  });
}

void Session::onPiece(std::uint64_t number, base::Result<std::string> piece) {
  if (number != number_ || stream_ == nullptr || !asked_) {
    return;
  }
  if (!piece) {
    close();
  } else if (flushing_) {
    held_ = std::move(*piece);
  } else {
    takePiece(std::move(*piece));
  }
}

void Session::takePiece(std::string piece) {
  asked_ = false;
  if (piece.empty()) {
    endStream();
  } else {
    writePiece(std::move(piece));
  }
}

void Session::writePiece(std::string piece) {
  out_.clear();
  if (chunked_) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16);
    out_.append(digits.data(), end.ptr).append("\r\n");
    piece += "\r\n";
  } else if (streamLeft_) {
    if (piece.size() > *streamLeft_) {
      close();
      return;
    }
    *streamLeft_ -= piece.size();
  }
  outBody_ = std::move(piece);
  flush();
}

// A write has ended: of the head, a piece, or a heartbeat while a piece is asked for.
void Session::goOn() {
  if (!asked_) {
    askForPiece();
  } else if (held_) {
    takePiece(*std::exchange(held_, std::nullopt));
  } else {
    extend(service_.options.heartbeatTime);
  }
}

void Session::endStream() {
  stream_.reset();
  if (streamLeft_.value_or(0) > 0) {
    close();
    return;
  }
  state_ = State::kWriting;
  out_ = chunked_ ? "0\r\n\r\n" : "";
  outBody_.clear();
  flush();
}

// A client that leaves while there is nothing to write is noticed by its end of file.
void Session::watchClient() {
  socket_.async_wait(asio::ip::tcp::socket::wait_read,
                     [self = shared_from_this(), number = number_](const error_code& failure) {
                       if (failure || number != self->number_ || self->stream_ == nullptr) {
                         return;
                       }
                       char byte = 0;
                       error_code unread;
                       self->socket_.receive(asio::buffer(&byte, 1),
                                             asio::ip::tcp::socket::message_peek, unread);
                       if (unread == asio::error::would_block) {
                         self->watchClient();
                       } else if (unread) {
                         self->close();
                       }  // else it sends its next request already; from here on writing tells
                     });
}

void Session::flush() {
  extend(service_.options.writeTime);
  flushing_ = true;
  error_code failure;
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(out_), asio::buffer(outBody_)};
  const std::size_t written = socket_.write_some(buffers, failure);
  if (failure && failure != asio::error::would_block) {
    close();
  } else if (written == out_.size() + outBody_.size()) {
    onWritten();
  } else {
    writeRest(written);
  }
}

void Session::writeRest(std::size_t written) {
  auto self = shared_from_this();
  const std::size_t ofHead = std::min(written, out_.size());
  const std::array<asio::const_buffer, 2> buffers{
      asio::buffer(out_) + ofHead, asio::buffer(outBody_) + (written - ofHead)};
  socket_.async_write_some(buffers, [self, written](const error_code& failure, std::size_t bytes) {
    if (failure || self->state_ == State::kClosed) {
      self->close();
      return;
    }
    self->extend(self->service_.options.writeTime);
    if (written + bytes < self->out_.size() + self->outBody_.size()) {
      self->writeRest(written + bytes);
    } else {
      self->onWritten();
    }
  });
}

void Session::onWritten() {
  flushing_ = false;
  outBody_ = std::string();
  if (stream_ != nullptr) {
    goOn();
    return;
  }
  if (!keepAlive_) {
    linger();
    return;
  }
  beginRequest();
  if (inBegin_ == inEnd_) {
    inBegin_ = inEnd_ = 0;
    if (in_.size() > kReadBytes) {
      in_.resize(kReadBytes);
      in_.shrink_to_fit();
    }
    read();
    return;
  }
  // The next request is here already: a fresh turn, so that a long pipeline does not grow the stack.
  auto self = shared_from_this();
  asio::post(loop_->context(), [self] { self->onRead(0); });
}

// Closing at once would reset the connection while the client still sends, and it would never see our answer.
void Session::linger() {
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  if (parser_->is_done()) {
    close();
    return;
  }
  state_ = State::kLingering;
  extend(kLingerTime);
  readAway();
}

void Session::readAway() {
  auto self = shared_from_this();
  socket_.async_read_some(asio::buffer(in_), [self](const error_code& failure, std::size_t) {
    if (failure || self->state_ != State::kLingering) {
      self->close();
    } else {
      self->readAway();
    }
  });
}

void Session::checkDeadline(IoLoop::Instant now) {
  const bool waits = state_ == State::kStreaming && !flushing_;
  if (state_ == State::kHandling || state_ == State::kClosed || (waits && !mayBeSilent())) {
    return;
  }
  const bool bodyTooSlow = state_ == State::kBody && now >= bodyEnd_;
  if (now < deadline_ && !bodyTooSlow) {
    return;
  }
  if (waits) {
    writePiece(std::string(stream_->heartbeat()));
    return;
  }
  if (state_ == State::kHeader || state_ == State::kBody) {
    keepAlive_ = false;
    write(errorResponse(408, "REQUEST_TIMEOUT", "The request took too long to arrive."));
    return;
  }
  close();
}

void Session::closeIfIdle() {
  if (state_ == State::kIdle || (mayBeSilent() && !flushing_)) {
    close();
  }
}

void Session::close() {
  if (state_ == State::kClosed) {
    return;
  }
  state_ = State::kClosed;
  stream_.reset();
  accountBody(0);
  error_code ignored;
  socket_.close(ignored);
  loop_->leave(shared_from_this());
}

}  // namespace patchbay::http

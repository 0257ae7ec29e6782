// An answer of unknown length: pieces that a plugin sends, one at a time, to a client that takes them.
//
// Threads: the plugin's side on the loop; next() and the end on the threads of the HTTP server (http/body_stream.h is the form there, which
// this room does not know: `http/routes/plugins` wraps it). Ownership: shared by both sides.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"

namespace patchbay::plugins {

class AnswerStream {
 public:
  using Deliver = std::function<void(base::Result<std::string>)>;  // empty: the end
  using Taken = std::function<void(bool isTaken)>;

  // `gone`: the client left before the end. Any thread, once.
  explicit AnswerStream(std::function<void()> gone) : gone_(std::move(gone)) {}

  // The client's side.
  void next(Deliver deliver);
  void leave();

  // The plugin's side. `taken`: the client has this piece, or (false) it is gone.
  void piece(std::string bytes, Taken taken);
  void end();
  // The plugin is lost: the client is cut off.
  void fail(base::Error error);

 private:
  void finish(base::Result<std::string> last);

  struct Piece {
    std::string bytes;
    Taken taken;
  };
  std::mutex mutex_;
  std::function<void()> gone_;
  Deliver waiting_;
  std::optional<Piece> piece_;
  std::optional<base::Result<std::string>> last_;  // the end or the failure
  bool isLeft_ = false;
};

}  // namespace patchbay::plugins

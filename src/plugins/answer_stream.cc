#include "plugins/answer_stream.h"

#include <utility>

namespace patchbay::plugins {

void AnswerStream::next(Deliver deliver) {
  std::optional<Piece> piece;
  std::optional<base::Result<std::string>> last;
  {
    const std::lock_guard lock(mutex_);
    piece = std::exchange(piece_, std::nullopt);
    if (!piece) {
      last = last_;
    }
    if (!piece && !last) {
      waiting_ = std::move(deliver);
      return;
    }
  }
  if (piece) {
    deliver(std::move(piece->bytes));
    piece->taken(true);
  } else {
    deliver(std::move(*last));
  }
}

void AnswerStream::leave() {
  std::function<void()> gone;
  std::optional<Piece> piece;
  {
    const std::lock_guard lock(mutex_);
    isLeft_ = true;
    waiting_ = {};
    piece = std::exchange(piece_, std::nullopt);
    gone = last_ ? std::function<void()>() : std::exchange(gone_, {});
  }
  if (piece) {
    piece->taken(false);
  }
  if (gone) {
    gone();
  }
}

void AnswerStream::piece(std::string bytes, Taken taken) {
  Deliver deliver;
  bool isLeft = false;
  {
    const std::lock_guard lock(mutex_);
    isLeft = isLeft_;
    if (!isLeft && !waiting_) {
      piece_ = Piece{std::move(bytes), std::move(taken)};
      return;
    }
    deliver = std::exchange(waiting_, {});
  }
  if (!isLeft) {
    deliver(std::move(bytes));
  }
  taken(!isLeft);
}

void AnswerStream::end() { finish(std::string()); }

void AnswerStream::fail(base::Error error) { finish(std::move(error)); }

void AnswerStream::finish(base::Result<std::string> last) {
  Deliver deliver;
  {
    const std::lock_guard lock(mutex_);
    last_ = last;
    deliver = std::exchange(waiting_, {});
  }
  if (deliver) {
    deliver(std::move(last));
  }
}

}  // namespace patchbay::plugins

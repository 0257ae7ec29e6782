#include "http/detail/pending_reply.h"

#include "http/detail/io_loop.h"
#include "http/detail/session.h"
#include "http/error_body.h"

namespace patchbay::http {

PendingReply::PendingReply(std::shared_ptr<Session> session, std::shared_ptr<IoLoop> loop,
                           std::uint64_t number)
    : session_(std::move(session)), loop_(std::move(loop)), number_(number) {}

PendingReply::~PendingReply() {
  if (!used_.test()) {
    send(base::fail(base::Code::kInternal, "The server gave this request up without an answer."));
  }
}

void PendingReply::send(base::Result<Response> result) {
  if (used_.test_and_set()) {
    return;
  }
  Response response = result ? std::move(*result) : errorResponse(result.error());
  loop_->deliver(std::move(session_), number_, std::move(response));
}

Respond PendingReply::make(std::shared_ptr<Session> session, std::shared_ptr<IoLoop> loop,
                           std::uint64_t number) {
  auto pending = std::make_shared<PendingReply>(std::move(session), std::move(loop), number);
  return [pending](base::Result<Response> result) { pending->send(std::move(result)); };
}

}  // namespace patchbay::http

#include "flows/unprocessed_bulk.h"

#include <future>
#include <map>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/log.h"

namespace patchbay::flows {

namespace {

constexpr std::int64_t kPage = 200;
constexpr std::size_t kMostReasons = 20;
constexpr std::chrono::milliseconds kLookAgain{200};  // when the queue has no room
constexpr std::string_view kRetryKind = "retry-unprocessed";
constexpr std::string_view kDeleteKind = "delete-unprocessed";

}  // namespace

// One command as it goes on; its members are the operation's document.
struct UnprocessedBulk::Work {
  store::OperationRecord operation;
  UnprocessedFilter filter;
  std::string owner;                          // empty = anybody's
  std::int64_t cursor = 0, last = 0;          // numbers of the store
  std::int64_t total = 0, done = 0, failed = 0;
  std::map<std::string, std::int64_t> errors;

  static Work read(store::OperationRecord operation) {
    Work work;
    const json::value document = json::parseOwn(operation.document);
    const json::object& members = document.as_object();
    const auto number = [&](std::string_view name) { return json::getInt(members, name).value_or(0); };
    if (auto filter = UnprocessedFilter::parse(json::getObject(members, "filter"))) {
      work.filter = std::move(*filter);
    }
    work.owner = json::getString(members, "owner");
    work.cursor = number("cursor");
    work.last = number("last");
    work.total = number("total");
    work.done = number("done");
    work.failed = number("failed");
    for (const json::value& error : json::getArray(members, "errors")) {
      work.errors[json::getString(error.as_object(), "message")] = json::getInt(error.as_object(), "count").value_or(0);
    }
    work.operation = std::move(operation);
    return work;
  }

  json::array reasons() const {
    json::array list;
    for (const auto& [message, count] : errors) {
      list.push_back(json::object{{"message", message}, {"count", count}});
    }
    return list;
  }

  std::string document() const {
    return json::write(json::object{{"filter", filter.document()}, {"owner", owner}, {"cursor", cursor}, {"last", last},
                                    {"total", total}, {"done", done}, {"failed", failed}, {"errors", reasons()}});
  }

  void count(const base::Status& status) {
    if (status) {
      ++done;
      return;
    }
    ++failed;
    const bool known = errors.contains(status.error().message);
    ++errors[known || errors.size() < kMostReasons ? status.error().message : "other reasons"];
  }

  bool retries() const { return operation.kind == kRetryKind; }
};

UnprocessedBulk::UnprocessedBulk(store::Store& store, Flows& flows, UnprocessedReplay& replay, base::Random& random,
                                 const base::Clock& clock)
    : store_(store),
      flows_(flows),
      replay_(replay),
      random_(random),
      clock_(clock),
      thread_(store, {kRetryKind, kDeleteKind},
              [this](store::OperationRecord operation) { carryOut(Work::read(std::move(operation))); }) {}

base::Result<UnprocessedBulk::Begun> UnprocessedBulk::begin(const access::Caller& caller, Action action,
                                                            const UnprocessedFilter& filter) {
  if (!filter.flowId.empty()) {
    const Right right = action == Action::kRetry ? Right::kStart : Right::kWrite;
    if (auto flow = flows_.find(caller, filter.flowId, right); !flow) {
      return flow.error();
    }
  }
  Work work;
  work.filter = filter;
  work.owner = filter.flowId.empty() && !caller.isAdmin() ? caller.userId : "";
  work.operation.ticket = base::newUuid(random_);
  work.operation.kind = action == Action::kRetry ? kRetryKind : kDeleteKind;
  work.operation.userId = caller.userId;
  work.operation.created = base::toMillis(clock_.now());
  base::Status status = store_.read([&](store::Transaction& tx) {
    work.last = tx.unprocessed().lastNumber();
    for (std::int64_t after = 0;;) {
      const auto page = tx.unprocessed().after(work.owner, filter.flowId, after, kPage);
      for (const store::UnprocessedRecord& record : page) {
        work.total += filter.admits(record) ? 1 : 0;
      }
      if (page.empty()) {
        return;
      }
      after = page.back().number;
    }
  });
  if (!status) {
    return status.error();
  }
  work.operation.status = "in-progress";
  work.operation.updated = work.operation.created;
  work.operation.document = work.document();
  status = store_.write([&](store::Transaction& tx) -> base::Status {
    tx.operations().put(work.operation);
    return {};
  });
  if (!status) {
    return status.error();
  }
  Begun begun{work.operation.ticket, work.total};
  thread_.add(std::move(work.operation));
  return begun;
}

base::Result<store::OperationRecord> UnprocessedBulk::operationOf(const access::Caller& caller, const std::string& ticket) {
  std::optional<store::OperationRecord> operation;
  const base::Status status = store_.read([&](store::Transaction& tx) { operation = tx.operations().byTicket(ticket); });
  if (!status) {
    return status.error();
  }
  if (!operation || !thread_.owns(*operation) || (operation->userId != caller.userId && !caller.isAdmin())) {
    return base::fail(base::Code::kNotFound, "Ticket " + ticket + " was not found.");
  }
  return std::move(*operation);
}

base::Result<json::object> UnprocessedBulk::status(const access::Caller& caller, const std::string& ticket) {
  auto operation = operationOf(caller, ticket);
  if (!operation) {
    return operation.error();
  }
  const Work work = Work::read(std::move(*operation));
  return json::object{{"ticket", ticket},
                      {"action", work.retries() ? "retry" : "delete"},
                      {"status", work.operation.status},
                      {"total", work.total},
                      {"done", work.done},
                      {"failed", work.failed},
                      {"errors", work.reasons()},
                      {"created", base::toIso(base::fromMillis(work.operation.created))},
                      {"updated", base::toIso(base::fromMillis(work.operation.updated))}};
}

base::Status UnprocessedBulk::cancel(const access::Caller& caller, const std::string& ticket) {
  auto operation = operationOf(caller, ticket);
  if (!operation) {
    return operation.error();
  }
  if (operation->status == "in-progress") {
    const std::lock_guard lock(mutex_);
    cancelled_.insert(ticket);
  }
  return {};
}

bool UnprocessedBulk::stopped(const std::string& ticket) {
  if (thread_.ending()) {
    return true;
  }
  const std::lock_guard lock(mutex_);
  return cancelled_.contains(ticket);
}

void UnprocessedBulk::carryOut(Work work) {
  const std::string& ticket = work.operation.ticket;
  while (!stopped(ticket) && step(work)) {
    save(work, "in-progress");
  }
  if (thread_.ending()) {
    return;  // goes on at the next start
  }
  const std::lock_guard lock(mutex_);
  save(work, cancelled_.erase(ticket) > 0 ? "cancelled" : "completed");
}

// One page. False: nothing is left.
bool UnprocessedBulk::step(Work& work) {
  std::vector<store::UnprocessedRecord> page;
  const base::Status status = store_.read([&](store::Transaction& tx) {
    page = tx.unprocessed().after(work.owner, work.filter.flowId, work.cursor, kPage);
  });
  if (!status) {
    spdlog::error("Unprocessed messages could not be read, trying again: {}", status.error().message);
    thread_.wait(kLookAgain);
    return true;
  }
  std::erase_if(page, [&](const store::UnprocessedRecord& record) { return record.number > work.last; });
  if (page.empty()) {
    return false;
  }
  work.cursor = page.back().number;
  std::erase_if(page, [&](const store::UnprocessedRecord& record) { return !work.filter.admits(record); });
  work.retries() ? retryPage(work, page) : deletePage(work, page);
  return true;
}

// All of a page under way at once, so that their commits are few.
void UnprocessedBulk::retryPage(Work& work, const std::vector<store::UnprocessedRecord>& page) {
  std::vector<std::pair<std::string, std::future<base::Status>>> answers;
  for (const store::UnprocessedRecord& record : page) {
    auto told = std::make_shared<std::promise<base::Status>>();
    answers.emplace_back(record.messageId, told->get_future());
    replay_.retry(record.messageId, [told](base::Status status) { told->set_value(std::move(status)); });
  }
  for (auto& [messageId, answer] : answers) {
    base::Status status = answer.get();
    while (!status && status.error().code == base::Code::kUnavailable && !stopped(work.operation.ticket)) {
      thread_.wait(kLookAgain);
      status = retryOne(messageId);
    }
    work.count(status);
  }
}

base::Status UnprocessedBulk::retryOne(const std::string& messageId) {
  auto told = std::make_shared<std::promise<base::Status>>();
  replay_.retry(messageId, [told](base::Status status) { told->set_value(std::move(status)); });
  return told->get_future().get();
}

void UnprocessedBulk::deletePage(Work& work, const std::vector<store::UnprocessedRecord>& page) {
  std::int64_t gone = 0;
  const base::Status status = store_.write([&](store::Transaction& tx) -> base::Status {
    for (const store::UnprocessedRecord& record : page) {
      gone += tx.unprocessed().erase(record.messageId) ? 1 : 0;
    }
    return {};
  });
  if (status) {
    work.done += gone;
    return;
  }
  for (std::size_t i = 0; i < page.size(); ++i) {
    work.count(status);
  }
}

void UnprocessedBulk::save(const Work& work, const std::string& status) {
  store::OperationRecord operation = work.operation;
  operation.status = status;
  operation.updated = base::toMillis(clock_.now());
  operation.document = work.document();
  const base::Status saved = store_.write([&](store::Transaction& tx) -> base::Status {
    tx.operations().put(operation);
    return {};
  });
  if (!saved) {
    spdlog::error("The progress of ticket {} was not saved: {}", operation.ticket, saved.error().message);
  }
}

}  // namespace patchbay::flows

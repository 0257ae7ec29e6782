#include "access/user_removal.h"

#include <spdlog/spdlog.h>

#include "base/json.h"

namespace patchbay::access {

namespace {

constexpr std::string_view kKind = "delete-user";

std::string userOf(const store::OperationRecord& operation) {
  return json::getString(json::parseOwn(operation.document).as_object(), "userId");
}

}  // namespace

UserRemoval::UserRemoval(store::Store& store, Users& users, base::Random& random,
                         const base::Clock& clock)
    : store_(store),
      users_(users),
      random_(random),
      clock_(clock),
      thread_(store, {kKind}, [this](store::OperationRecord operation) { removeOne(std::move(operation)); }) {}

void UserRemoval::addStep(Step step) { steps_.push_back(std::move(step)); }

base::Result<std::string> UserRemoval::begin(const std::string& userId,
                                             const std::string& askedBy, const store::Unit& also) {
  if (auto user = users_.byId(userId); !user) {
    return user.error();
  }
  store::OperationRecord operation;
  auto status = store_.write([&](store::Transaction& rows) -> base::Status {
    for (const auto& other : rows.operations().byStatus("in-progress")) {
      if (other.kind == kKind && userOf(other) == userId) {
        operation.ticket = other.ticket;
        return {};
      }
    }
    operation.ticket = base::newUuid(random_);
    operation.kind = kKind;
    operation.status = "in-progress";
    operation.userId = askedBy;
    operation.created = operation.updated = base::toMillis(clock_.now());
    operation.document = json::write(json::object{
        {"userId", userId}, {"stepsDone", 0}, {"stepsTotal", steps_.size() + 1}});
    rows.operations().put(operation);
    return also ? also(rows) : base::Status();
  });
  if (!status) {
    return status.error();
  }
  std::string ticket = operation.ticket;
  if (!operation.kind.empty()) {
    thread_.add(std::move(operation));
  }
  return ticket;
}

base::Result<boost::json::object> UserRemoval::status(const std::string& userId,
                                                      const std::string& ticket) {
  std::optional<store::OperationRecord> operation;
  auto read = store_.read(
      [&](store::Transaction& rows) { operation = rows.operations().byTicket(ticket); });
  if (!read) {
    return read.error();
  }
  if (!operation || operation->kind != kKind || userOf(*operation) != userId) {
    return base::fail(base::Code::kNotFound, "Ticket " + ticket + " was not found.");
  }
  json::object view = json::parseOwn(operation->document).as_object();
  json::eraseKey(view, "userId");
  view["status"] = operation->status;
  return view;
}

void UserRemoval::save(store::OperationRecord& operation, const std::string& userId,
                       std::size_t stepsDone) {
  operation.updated = base::toMillis(clock_.now());
  operation.document = json::write(json::object{
      {"userId", userId}, {"stepsDone", stepsDone}, {"stepsTotal", steps_.size() + 1}});
  auto status = store_.write([&operation](store::Transaction& rows) -> base::Status {
    rows.operations().put(operation);
    return {};
  });
  if (!status) {
    spdlog::error("The progress of a user's removal was not saved: {}", status.error().message);
  }
}

void UserRemoval::removeOne(store::OperationRecord operation) {
  const std::string userId = userOf(operation);
  std::size_t done = 0;
  base::Status status;
  for (const Step& step : steps_) {
    if (thread_.ending()) {
      return;  // goes on at the next start
    }
    status = step(userId);
    if (!status) {
      break;
    }
    save(operation, userId, ++done);
  }
  if (status) {
    status = users_.remove(userId);
    // Gone already: this removal was cut off after its last step.
    if (status || status.error().code == base::Code::kNotFound) {
      status = {};
      ++done;
    }
  }
  if (!status) {
    spdlog::error("User {} was not removed: {}", userId, status.error().message);
  }
  operation.status = status ? "completed" : "failed";
  save(operation, userId, done);
}

}  // namespace patchbay::access

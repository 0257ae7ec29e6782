#include "connectors/publisher.h"

#include <algorithm>

#include "base/json.h"
#include "base/log.h"
#include "connectors/bundle_layout.h"
#include "store/operations.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kThreads = 2;
constexpr std::size_t kMaxWaiting = 16;
constexpr int kSteps = 6;  // read, lay out, compose, dependencies, inspect, switch
constexpr std::size_t kMaxWarnings = 100;

std::vector<std::string> fileNames(const BundleReader& reader) {
  std::vector<std::string> names;
  for (const auto& entry : reader.entries()) {
    if (!entry.isFolder) {
      names.push_back(entry.name);
    }
  }
  return names;
}

base::Status checkVendors(const Layout& layout, const VendorRights& rights) {
  for (const std::string& vendor : layout.vendors) {
    if (auto status = rights.check(vendor); !status) {
      return status;
    }
  }
  return {};
}

// Whose bundles these are, before the ticket. What is wrong with the archive otherwise is said
// behind it.
base::Status checkVendorsOf(const PublishOrder& order) {
  auto reader = BundleReader::open(order.archive, order.limits);
  if (!reader) {
    return {};
  }
  std::map<std::string, const BundleReader::Entry*> entries;
  for (const auto& entry : reader->entries()) {
    entries.emplace(entry.name, &entry);
  }
  const auto layout = layOut(
      fileNames(*reader), [&](const std::string& name) { return reader->read(*entries.at(name)); });
  return layout ? checkVendors(*layout, order.rights) : base::Status();
}

json::array toData(const base::Error& error) {
  json::array data;
  if (error.data.is_array()) {
    for (const json::value& row : error.data.as_array()) {
      if (row.is_object() && row.as_object().contains("message")) {
        data.push_back(row);
      }
    }
  }
  return data;
}

class StagingFolder {
 public:
  explicit StagingFolder(fs::path folder) : folder_(std::move(folder)) {
    std::error_code failure;
    fs::create_directories(folder_, failure);
  }
  ~StagingFolder() { removeTree(folder_); }
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;
  const fs::path& path() const { return folder_; }

 private:
  fs::path folder_;
};

}  // namespace

bool VendorRights::owns(std::string_view vendor) const {
  return all || std::find(vendors.begin(), vendors.end(), vendor) != vendors.end();
}

base::Status VendorRights::check(std::string_view vendor) const {
  return owns(vendor) ? base::Status()
                      : base::Status(base::fail(
                            base::Code::kForbidden,
                            "You are not the owner of vendor \"" + std::string(vendor) +
                                "\". Ask an administrator to add it to your user's vendors."));
}

Publisher::Publisher(const Parts& parts)
    : parts_(parts), maker_(parts.packages, parts.inspector, parts.bundles.folder()) {
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

Publisher::~Publisher() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    queued_.notify_all();
  }
  parts_.packages.stop();
  parts_.inspector.stop();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

base::Result<std::string> Publisher::publish(PublishOrder order) {
  if (auto status = BundleReader::sniff(order.archive, order.limits); !status) {
    return status.error();
  }
  if (auto status = checkVendorsOf(order); !status) {
    return status.error();
  }
  Job job{base::newUuid(parts_.random), std::move(order), parts_.clock.now()};
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= kMaxWaiting) {
      return base::fail(base::Code::kTooMany,
                        "Too many archives wait to be installed. Try again in a minute.");
    }
  }
  const auto record = recordOf(job, "in-progress", {});
  auto status = parts_.store.write([&record](store::Transaction& rows) {
    rows.operations().put(record);
    return base::Status();
  });
  if (!status) {
    return status.error();
  }
  std::string ticket = job.ticket;
  const std::lock_guard lock(mutex_);
  steps_[ticket] = 0;
  jobs_.push_back(std::move(job));
  queued_.notify_one();
  return ticket;
}

base::Result<json::object> Publisher::ticket(const std::string& ticket, const std::string& userId,
                                             bool isAdmin) const {
  std::optional<store::OperationRecord> record;
  if (auto status = parts_.store.read(
          [&](store::Transaction& rows) { record = rows.operations().byTicket(ticket); });
      !status) {
    return status.error();
  }
  if (!record || record->kind != "publish" || (!isAdmin && record->userId != userId)) {
    return base::fail(base::Code::kNotFound, "There is no upload with this ticket.");
  }
  // A ticket has ended when its work has: what its commit made current is then in the registry,
  // too.
  const std::lock_guard lock(mutex_);
  const auto at = steps_.find(ticket);
  if (at == steps_.end() && record->status != "in-progress") {
    return json::parseOwn(record->document).as_object();
  }
  const int done = at == steps_.end() ? 0 : at->second;
  return json::object{{"progress", json::object{{"stepsDone", done}, {"stepsTotal", kSteps}}}};
}

void Publisher::noteStep(const std::string& ticket, int done) {
  const std::lock_guard lock(mutex_);
  int& at = steps_[ticket];
  at = std::max(at, done);
}

store::OperationRecord Publisher::recordOf(const Job& job, std::string_view status,
                                           const json::object& document) const {
  store::OperationRecord record;
  record.ticket = job.ticket;
  record.kind = "publish";
  record.status = status;
  record.userId = job.order.userId;
  record.document = json::write(document);
  record.created = base::toMillis(job.created);
  record.updated = base::toMillis(parts_.clock.now());
  return record;
}

void Publisher::work() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      queued_.wait(lock, [this] { return stopped_ || !jobs_.empty(); });
      if (stopped_) {
        return;
      }
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    run(job);
    const std::lock_guard lock(mutex_);
    steps_.erase(job.ticket);
  }
}

void Publisher::run(const Job& job) {
  base::Status status;
  {
    const StagingFolder staging(parts_.bundles.stagingFolder(job.ticket));
    status = install(job, staging.path());
  }
  if (status || stopped_) {
    return;  // done, or left to the next start
  }
  const base::Error& error = status.error();
  SPDLOG_INFO("publish {} failed: {}", job.ticket, error.message);
  json::object document{{"finished", base::toIso(parts_.clock.now())},
                        {"err", error.message},
                        {"code", std::string(base::codeText(error.code))}};
  if (json::array data = toData(error); !data.empty()) {
    document["data"] = std::move(data);
  }
  const auto record = recordOf(job, "failed", document);
  auto stored = parts_.store.write([&record](store::Transaction& rows) {
    rows.operations().put(record);
    return base::Status();
  });
  if (!stored) {
    SPDLOG_ERROR("the end of publish {} could not be stored: {}", job.ticket,
                 stored.error().message);
  }
}

base::Status Publisher::install(const Job& job, const fs::path& staging) {
  auto reader = BundleReader::open(job.order.archive, job.order.limits);
  if (!reader) {
    return reader.error();
  }
  const fs::path unpacked = staging / "archive";
  if (auto status = reader->extractTo(unpacked); !status) {
    return status;
  }
  noteStep(job.ticket, 1);
  const auto layout = layOut(fileNames(*reader), [&unpacked](const std::string& name) {
    return readFile(unpacked / name, kMaxManifestBytes + 1);
  });
  if (!layout) {
    return layout.error();
  }
  if (auto status = checkVendors(*layout, job.order.rights); !status) {
    return status;
  }
  noteStep(job.ticket, 2);
  const auto claim = parts_.bundles.claim(layout->services, stopped_);
  if (!claim) {
    return base::fail(base::Code::kUnavailable, "The server stops. Nothing was installed.");
  }
  return installLaidOut(job, *layout, staging);
}

base::Status Publisher::installLaidOut(const Job& job, const Layout& layout,
                                       const fs::path& staging) {
  auto candidates =
      compose(layout, staging / "archive", parts_.registry.allCurrent(), job.order.replaceAll);
  if (!candidates) {
    return candidates.error();
  }
  noteStep(job.ticket, 3);
  const auto step = [&](std::string_view name) {
    noteStep(job.ticket, name == "dependencies" ? 3 : 4);
  };
  Activation activation;
  std::vector<std::string> warnings = layout.warnings;
  json::array bundles;
  for (const Candidate& candidate : *candidates) {
    bundles.push_back(json::object{{"name", candidate.bundle}, {"version", candidate.version}});
    if (parts_.registry.byId(candidate.id())) {
      if (!candidate.previous || candidate.previous->id != candidate.id()) {
        activation.known.push_back(candidate.id());
      }
      continue;
    }
    auto staged = maker_.make(candidate, staging / std::to_string(activation.fresh.size()), step);
    if (!staged) {
      return staged.error();
    }
    warnings.insert(warnings.end(), staged->warnings.begin(), staged->warnings.end());
    activation.fresh.push_back(std::move(staged).value());
  }
  if (auto status = checkPlan(activation.fresh); !status) {
    return status;
  }
  if (stopped_) {
    return base::fail(base::Code::kUnavailable, "The server stops. Nothing was installed.");
  }
  noteStep(job.ticket, 5);
  warnings.resize(std::min(warnings.size(), kMaxWarnings));
  json::object document{{"finished", base::toIso(parts_.clock.now())},
                        {"bundles", std::move(bundles)}};
  if (!warnings.empty()) {
    document["warnings"] = json::toArray(warnings);
  }
  activation.operation = recordOf(job, "completed", document);
  return parts_.bundles.activate(std::move(activation));
}

// The seam for impact analysis (R21, R24): here the plan of what the new revisions do to flows is
// computed, and publishing that needs a confirmation it has not got ends. Until then every publish
// proceeds.
base::Status Publisher::checkPlan(const std::vector<StagedRevision>&) const {
  return {};
}

}  // namespace patchbay::connectors

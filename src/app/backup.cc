#include "app/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "files/blob.h"
#include "store/bundles.h"
#include "store/files.h"
#include "store/sqlite/snapshot.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::app {

namespace {

namespace fs = std::filesystem;

constexpr int kAll = 0;
constexpr int kNothing = 2;
constexpr int kSomeLeftOut = 10;
// What the database names may be removed before it is copied; a later moment does not name it.
constexpr int kMoments = 3;
constexpr const char* kDatabase = "patchbay.db";
constexpr const char* kLogs = "logs.db";
constexpr const char* kLock = "lock";
constexpr const char* kKey = "secret.key";

struct Report {
  std::size_t connectors = 0;  // versions of them, those in the trash too
  std::size_t files = 0;
  bool logs = false;
  bool key = false;
  std::vector<std::string> leftOut;
};

// What rows name, as paths below the data folder.
struct Named {
  std::vector<fs::path> revisions, blobs;
};

base::Error failed(const std::string& doing, const std::error_code& failure) {
  return base::fail(failure == std::errc::no_space_on_device ? base::Code::kDiskFull : base::Code::kStoreFailed,
                    doing + ": " + failure.message() + ".");
}

bool isBelow(const fs::path& path, const fs::path& folder) {
  const fs::path relative = fs::weakly_canonical(path).lexically_relative(fs::weakly_canonical(folder));
  return !relative.empty() && *relative.begin() != "..";
}

// All that was written to the folder's file system is on the disk.
base::Status syncAll(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && syncfs(descriptor) == 0;
  const std::error_code failure(errno, std::generic_category());
  if (descriptor >= 0) {
    close(descriptor);
  }
  return synced ? base::Status() : failed("The backup could not be brought to the disk", failure);
}

class Backup {
 public:
  explicit Backup(const BackupOrder& order) : order_(order), partial_(order.to.string() + ".partial") {}  // no slash at its end

  base::Result<Report> make() {
    if (base::Status status = begin(); !status) {
      return status.error();
    }
    base::Status status = fill();
    status = status ? finish() : status;
    if (!status) {
      std::error_code ignored;
      fs::remove_all(partial_, ignored);
      return status.error();
    }
    return report_;
  }

 private:
  // Refuses what would go wrong or overwrite something.
  base::Status begin() {
    std::error_code failure;
    if (!fs::is_regular_file(order_.data / kDatabase, failure)) {
      return base::fail(base::Code::kInvalid, order_.data.string() + " is no data folder: it has no " + kDatabase + ".");
    }
    if (isBelow(order_.to, order_.data)) {
      return base::fail(base::Code::kInvalid, "The backup would lie in the data folder itself: choose another place.");
    }
    if (fs::exists(order_.to, failure)) {
      return base::fail(base::Code::kInvalid, order_.to.string() + " exists already; nothing was changed. Choose another name.");
    }
    if (fs::exists(partial_, failure)) {
      return base::fail(base::Code::kInvalid, partial_.string() + " is left of a backup that was cut off: remove it first.");
    }
    if (order_.to.has_parent_path() && !fs::is_directory(order_.to.parent_path(), failure)) {
      return base::fail(base::Code::kInvalid, "There is no folder " + order_.to.parent_path().string() + ".");
    }
    return {};
  }

  base::Status fill() {
    for (int moment = 1;; ++moment) {
      if (base::Status status = takeDatabase(); !status) {
        return status;
      }
      const base::Result<Named> named = rows();
      if (!named) {
        return named.error();
      }
      report_ = {};
      if (base::Status status = copyNamed(*named); !status) {
        return status;
      }
      if (report_.leftOut.empty() || moment == kMoments) {
        break;
      }
    }
    return copyRest();
  }

  base::Status takeDatabase() {
    std::error_code failure;
    fs::remove_all(partial_, failure);
    fs::create_directory(partial_, failure);
    if (failure) {
      return failed("The folder " + partial_.string() + " cannot be made", failure);
    }
    fs::permissions(partial_, fs::perms::owner_all);
    return store::sqlite::snapshot(order_.data / kDatabase, partial_ / kDatabase);
  }

  // Opened as a server would open it.
  base::Result<Named> rows() const {
    store::SqliteOptions options;
    options.folder = partial_;
    auto store = store::openSqlite(options);
    if (!store) {
      return store.error();
    }
    Named named;
    const base::Status status = (*store)->read([&](store::Transaction& tx) {
      for (const store::RevisionRecord& row : tx.bundles().all()) {
        named.revisions.push_back(fs::path("bundles") / row.id);
      }
      for (const store::FileRecord& row : tx.files().all()) {
        named.blobs.push_back(files::blobPath("files", row.blob));
      }
    });
    return status ? base::Result<Named>(std::move(named)) : status.error();
  }

  base::Status copyNamed(const Named& named) {
    for (const auto& [paths, count] : {std::pair{&named.revisions, &report_.connectors}, std::pair{&named.blobs, &report_.files}}) {
      for (const fs::path& path : *paths) {
        if (base::Status status = copy(path, *count); !status) {
          return status;
        }
      }
    }
    return {};
  }

  // A file or folder; one that goes meanwhile is left out.
  base::Status copy(const fs::path& path, std::size_t& count) {
    std::error_code failure;
    fs::create_directories((partial_ / path).parent_path(), failure);
    fs::copy(order_.data / path, partial_ / path, fs::copy_options::recursive | fs::copy_options::copy_symlinks, failure);
    if (!failure) {
      ++count;
      return {};
    }
    if (failure != std::errc::no_such_file_or_directory) {
      return failed(path.string() + " could not be copied", failure);
    }
    report_.leftOut.push_back(path.string());
    fs::remove_all(partial_ / path, failure);
    return {};
  }

  base::Status copyRest() {
    std::error_code failure;
    fs::remove(partial_ / kLock, failure);
    for (const char* name : {kKey, "admin-password"}) {
      if (fs::exists(order_.data / name, failure) && !fs::copy_file(order_.data / name, partial_ / name, failure)) {
        return failed(std::string(name) + " could not be copied", failure);
      }
    }
    report_.key = fs::exists(partial_ / kKey, failure);
    if (order_.withoutLogs || !fs::exists(order_.data / kLogs, failure)) {
      return {};
    }
    const base::Status logs = store::sqlite::snapshot(order_.data / kLogs, partial_ / kLogs);
    report_.logs = logs.has_value();
    if (!logs && logs.error().code != base::Code::kStoreFailed) {
      return logs;
    }
    if (!logs) {  // a server without its logs is better than none
      report_.leftOut.push_back(std::string(kLogs) + " (" + logs.error().message + ")");
      fs::remove(partial_ / kLogs, failure);
    }
    return {};
  }

  base::Status finish() {
    if (base::Status status = syncAll(partial_); !status) {
      return status;
    }
    std::error_code failure;
    fs::rename(partial_, order_.to, failure);
    if (failure) {
      return failed("The backup could not be given its name", failure);
    }
    base::Status named = syncAll(order_.to);
    if (!named) {
      fs::rename(order_.to, partial_, failure);  // nothing is made, and nothing left
    }
    return named;
  }

  const BackupOrder& order_;
  const fs::path partial_;
  Report report_;
};

void print(const BackupOrder& order, const Report& report, std::ostream& out) {
  out << "The backup is " << order.to.string() << ": the database" << (report.logs ? ", the logs" : "") << ", " << report.connectors
      << " versions of connectors, " << report.files << " files.\n";
  if (!report.key) {
    out << "The key that seals accounts is not in it, since it is not in the data folder (PATCHBAY_SECRET_KEY): keep it, too.\n";
  }
  out << "To go back: stop the server and start it with --data " << order.to.string() << ", or put that folder in the data folder's place.\n";
}

}  // namespace

int backup(BackupOrder order, std::ostream& out, std::ostream& errors) {
  order.to = order.to.lexically_normal();
  if (!order.to.has_filename()) {  // "copy/"
    order.to = order.to.parent_path();
  }
  const base::Result<Report> report = Backup(order).make();
  if (!report) {
    errors << "patchbay: " << report.error().message << "\n";
    return kNothing;
  }
  for (const std::string& name : report->leftOut) {
    errors << "left out: " << name << "\n";
  }
  if (order.json) {
    json::array leftOut(report->leftOut.begin(), report->leftOut.end());
    out << json::write(json::object{{"to", order.to.string()},
                                    {"logs", report->logs},
                                    {"secretKey", report->key},
                                    {"connectors", report->connectors},
                                    {"files", report->files},
                                    {"leftOut", std::move(leftOut)}})
        << "\n";
  } else {
    print(order, *report, out);
  }
  return report->leftOut.empty() ? kAll : kSomeLeftOut;
}

}  // namespace patchbay::app

#include "engine/context/file_calls.h"

#include <mutex>
#include <unordered_map>

#include "base/base64.h"
#include "base/json.h"
#include "files/file_store.h"

namespace patchbay::engine {

namespace {

constexpr std::int64_t kMaxPiece = 262'144;       // bytes of one fileRead
constexpr std::size_t kMaxOpen = 1'000;           // files being written, of all components

// Files that components are writing. A writer that is never committed goes with its attempt's weak pointer, at the next open.
class OpenFiles {
 public:
  struct Open {
    std::mutex mutex;  // pieces of one file one after the other
    std::unique_ptr<files::FileWriter> writer;
    std::weak_ptr<Attempt> attempt;
  };

  base::Result<std::string> add(std::unique_ptr<files::FileWriter> writer, const AttemptPtr& attempt) {
    const std::lock_guard lock(mutex_);
    std::erase_if(open_, [](const auto& entry) { return entry.second->attempt.expired(); });
    if (open_.size() >= kMaxOpen) {
      return base::fail(base::Code::kTooMany, "Too many files are being written at once: try again later.");
    }
    auto open = std::make_shared<Open>();
    open->writer = std::move(writer);
    open->attempt = attempt;
    const std::string handle = std::to_string(++last_);
    open_[handle] = std::move(open);
    return handle;
  }

  // Null when the handle is unknown or another attempt's.
  std::shared_ptr<Open> find(const std::string& handle, const AttemptPtr& attempt) {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(handle);
    return found == open_.end() || found->second->attempt.lock() != attempt ? nullptr : found->second;
  }
  void remove(const std::string& handle) {
    const std::lock_guard lock(mutex_);
    open_.erase(handle);
  }

 private:
  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::unordered_map<std::string, std::shared_ptr<Open>> open_;
};
using OpenFilesPtr = std::shared_ptr<OpenFiles>;

base::Error noHandle() { return base::fail(base::Code::kNotFound, "No file is being written under this handle."); }

std::string handleOf(const json::object& arguments) {
  const json::value* handle = json::find(arguments, "handle");
  return handle == nullptr ? "" : handle->is_string() ? std::string(handle->get_string()) : json::write(*handle);
}

base::Result<std::string> readPiece(files::FileStore& store, const std::string& userId, const json::object& arguments) {
  const std::int64_t offset = std::max<std::int64_t>(0, json::getInt(arguments, "offset").value_or(0));
  const std::int64_t length = std::clamp<std::int64_t>(json::getInt(arguments, "length").value_or(kMaxPiece), 1, kMaxPiece);
  const std::string fileId = json::getString(arguments, "fileId");
  auto info = store.info(userId, fileId);
  if (!info) {
    return info.error();
  }
  auto bytes = store.read(*info, offset, static_cast<std::size_t>(length));
  if (!bytes) {
    return bytes.error();
  }
  const bool eof = offset + static_cast<std::int64_t>(bytes->size()) >= info->length;
  return "{\"data\":\"" + base::toBase64(*bytes) + "\",\"eof\":" + (eof ? "true" : "false") + "}";
}

base::Result<std::string> create(files::FileStore& store, OpenFiles& open, const AttemptPtr& attempt, const json::object& arguments) {
  files::NewFile file;
  file.userId = attempt->flow->userId;
  file.flowId = attempt->flow->flowId;
  file.fileId = json::getString(arguments, "fileId");
  file.filename = json::getString(arguments, "filename");
  file.contentType = json::getString(arguments, "contentType");
  file.replace = json::getBool(arguments, "replace");
  auto writer = store.create(std::move(file));
  if (!writer) {
    return writer.error();
  }
  auto handle = open.add(std::move(*writer), attempt);
  return handle ? base::Result<std::string>("{\"handle\":\"" + *handle + "\"}") : handle;
}

base::Result<std::string> writePiece(OpenFiles& open, const AttemptPtr& attempt, const json::object& arguments) {
  const auto file = open.find(handleOf(arguments), attempt);
  if (file == nullptr) {
    return noHandle();
  }
  auto bytes = base::fromBase64(json::getString(arguments, "data"));
  if (!bytes) {
    return base::fail(base::Code::kInvalid, "data is not base64.");
  }
  const std::lock_guard lock(file->mutex);
  const base::Status written = file->writer->append(*bytes);
  return written ? base::Result<std::string>(std::string("{}")) : base::Result<std::string>(written.error());
}

base::Result<std::string> commitFile(OpenFiles& open, const AttemptPtr& attempt, const json::object& arguments) {
  const std::string handle = handleOf(arguments);
  const auto file = open.find(handle, attempt);
  if (file == nullptr) {
    return noHandle();
  }
  open.remove(handle);
  const std::lock_guard lock(file->mutex);
  auto record = file->writer->commit();
  return record ? base::Result<std::string>(json::write(files::wireFile(*record))) : base::Result<std::string>(record.error());
}

}  // namespace

void addFileCalls(HostCalls& calls, Parts& parts) {
  const auto open = std::make_shared<OpenFiles>();
  const auto add = [&calls](const char* op, std::function<base::Result<std::string>(const AttemptPtr&, const json::object&)> work) {
    calls.add(op, [&calls, work = std::move(work)](const json::object& arguments, Answer answer) {
      calls.inBackground(answer, [work, attempt = answer.attemptPtr(), arguments] { return work(attempt, arguments); });
    });
  };
  files::FileStore& store = parts.files;
  add("fileInfo", [&store](const AttemptPtr& attempt, const json::object& arguments) -> base::Result<std::string> {
    auto info = store.info(attempt->flow->userId, json::getString(arguments, "fileId"));
    return info ? base::Result<std::string>(json::write(files::wireFile(*info))) : base::Result<std::string>(info.error());
  });
  add("fileRead", [&store](const AttemptPtr& attempt, const json::object& arguments) {
    return readPiece(store, attempt->flow->userId, arguments);
  });
  add("fileCreate", [&store, open](const AttemptPtr& attempt, const json::object& arguments) {
    return create(store, *open, attempt, arguments);
  });
  add("fileWrite", [open](const AttemptPtr& attempt, const json::object& arguments) { return writePiece(*open, attempt, arguments); });
  add("fileCommit", [open](const AttemptPtr& attempt, const json::object& arguments) { return commitFile(*open, attempt, arguments); });
  add("fileAbort", [open](const AttemptPtr&, const json::object& arguments) -> base::Result<std::string> {
    open->remove(handleOf(arguments));
    return std::string("{}");
  });
  add("fileRemove", [&store](const AttemptPtr& attempt, const json::object& arguments) -> base::Result<std::string> {
    const std::string fileId = json::getString(arguments, "fileId");
    const base::Status removed = store.remove(attempt->flow->userId, fileId);
    return removed ? base::Result<std::string>(json::write(json::object{{"fileId", fileId}})) : base::Result<std::string>(removed.error());
  });
}

}  // namespace patchbay::engine

#include "http/routes/files.h"

#include <charconv>
#include <utility>

#include "base/json.h"
#include "files/uploads.h"
#include "http/body_stream.h"
#include "http/list_query.h"
#include "http/multipart.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

constexpr std::int64_t kPieceBytes = 256 * 1024;  // of a file on its way

struct Parts {
  files::FileStore& files;
  files::Uploads uploads;
  RunInBackground background;
};

// Bytes of a file, read piece by piece where reading may block.
class FileContent : public BodyStream {
 public:
  FileContent(const Parts& parts, store::FileRecord record, std::int64_t from, std::int64_t length)
      : files_(parts.files),
        background_(parts.background),
        record_(std::move(record)),
        at_(from),
        left_(length) {}

  void next(Deliver deliver) override {
    const std::int64_t bytes = std::min(left_, kPieceBytes);
    background_([&files = files_, record = record_, at = at_, bytes, deliver = std::move(deliver)] {
      deliver(bytes == 0 ? base::Result<std::string>(std::string())
                         : files.read(record, at, static_cast<std::size_t>(bytes)));
    });
    at_ += bytes;
    left_ -= bytes;
  }

 private:
  files::FileStore& files_;
  RunInBackground background_;
  store::FileRecord record_;
  std::int64_t at_, left_;
};

const ListQuery::Fields& fields() {
  static const ListQuery::Fields kFields{"fileId", {"filename"}};
  return kFields;
}

const std::string& userOf(const Request& request) { return request.caller->userId; }

std::string headerOf(const Request& request, std::string_view name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

std::optional<std::int64_t> numberOf(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size() || number < 0) {
    return std::nullopt;
  }
  return number;
}

Answer upload(Parts& parts, const Request& request) {
  auto form = parseMultipart(headerOf(request, "content-type"), request.body);
  if (!form) {
    return form.error();
  }
  const FormPart* file = nullptr;
  for (const FormPart& part : *form) {
    file = file == nullptr && part.name == "file" ? &part : file;
  }
  if (file == nullptr) {
    return base::fail(base::Code::kInvalid, "The form needs a part \"file\".");
  }
  files::Chunk chunk;
  chunk.userId = userOf(request);
  chunk.fileId = headerOf(request, "uploader-file-id");
  chunk.filename = headerOf(request, "uploader-file-name");
  chunk.filename = chunk.filename.empty() ? file->filename : chunk.filename;
  chunk.contentType = file->contentType == "application/octet-stream" ? "" : file->contentType;
  chunk.bytes = file->bytes;
  for (const auto& [name, target] :
       {std::pair("uploader-chunk-number", &chunk.number), {"uploader-chunks-total", &chunk.total}}) {
    const std::string text = headerOf(request, name);
    const auto number = text.empty() ? std::optional<std::int64_t>(1) : numberOf(text);
    if (!number) {
      return base::fail(base::Code::kInvalid, std::string(name) + " must be a number.");
    }
    *target = *number;
  }
  auto stored = parts.uploads.add(chunk);
  return stored ? Answer(jsonResponse(files::wireFile(*stored))) : Answer(stored.error());
}

base::Result<json::array> wireFiles(Parts& parts, const Request& request) {
  auto records = parts.files.list(userOf(request));
  if (!records) {
    return records.error();
  }
  json::array wire;
  for (const store::FileRecord& record : *records) {
    wire.emplace_back(files::wireFile(record));
  }
  return wire;
}

Answer list(Parts& parts, const Request& request) {
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  auto all = wireFiles(parts, request);
  return all ? Answer(jsonResponse(query->apply(std::move(*all), fields()))) : Answer(all.error());
}

Answer count(Parts& parts, const Request& request) {
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  auto all = wireFiles(parts, request);
  return all ? Answer(jsonResponse(json::object{{"count", query->count(*all, fields())}})) : Answer(all.error());
}

Answer metadata(Parts& parts, const Request& request) {
  auto record = parts.files.info(userOf(request), request.param("fileId"));
  return record ? Answer(jsonResponse(files::wireFile(*record))) : Answer(record.error());
}

struct Range {
  std::int64_t from = 0, to = 0;  // bytes, `to` included
};

// "bytes=a-b", "bytes=a-", "bytes=-n"; nothing when it is another form or lies outside.
std::optional<Range> rangeOf(std::string_view header, std::int64_t length) {
  constexpr std::string_view kUnit = "bytes=";
  const std::size_t dash = header.find('-');
  if (!header.starts_with(kUnit) || dash == std::string_view::npos || header.find(',') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view first = header.substr(kUnit.size(), dash - kUnit.size());
  const std::string_view last = header.substr(dash + 1);
  Range range{0, length - 1};
  if (first.empty()) {
    const auto count = numberOf(last);
    if (!count || *count == 0) {
      return std::nullopt;
    }
    range.from = std::max<std::int64_t>(length - *count, 0);
  } else {
    const auto from = numberOf(first);
    const auto to = last.empty() ? std::optional(length - 1) : numberOf(last);
    if (!from || !to) {
      return std::nullopt;
    }
    range = {*from, std::min(*to, length - 1)};
  }
  return range.from <= range.to ? std::optional(range) : std::nullopt;
}

// As RFC 6266: a plain name for old clients, the real one encoded.
std::string dispositionOf(const std::string& filename) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string plain, encoded;
  for (const char c : filename) {
    const auto byte = static_cast<unsigned char>(c);
    const bool isPlain = byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
    plain += isPlain ? c : '_';
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_') {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
}

// Always an attachment: what users upload is never shown as a page of this origin.
Answer content(Parts& parts, const Request& request) {
  auto record = parts.files.info(userOf(request), request.param("fileId"));
  if (!record) {
    return record.error();
  }
  const std::string wanted = headerOf(request, "range");
  const auto range = wanted.empty() ? std::nullopt : rangeOf(wanted, record->length);
  const Range bytes = range.value_or(Range{0, record->length - 1});
  const std::int64_t length = bytes.to - bytes.from + 1;
  Response response;
  response.contentType = record->contentType;
  response.stream = std::make_shared<FileContent>(parts, *record, bytes.from, length);
  response.streamLength = static_cast<std::uint64_t>(length);
  response.headers = {{"Content-Disposition", dispositionOf(record->filename)},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Accept-Ranges", "bytes"}};
  if (range) {
    response.status = 206;
    response.headers.emplace_back("Content-Range", "bytes " + std::to_string(bytes.from) + "-" +
                                                       std::to_string(bytes.to) + "/" +
                                                       std::to_string(record->length));
  }
  return response;
}

Answer remove(Parts& parts, const Request& request) {
  const base::Status removed = parts.files.remove(userOf(request), request.param("fileId"));
  return removed ? Answer(jsonResponse(json::object())) : Answer(removed.error());
}

Answer removeMatching(Parts& parts, const Request& request) {
  auto query = ListQuery::parse(request);
  if (!query) {
    return query.error();
  }
  if (request.queryValues("filter").empty()) {
    return base::fail(base::Code::kInvalid, "Name the files to remove with \"filter\". Nothing was removed.");
  }
  auto all = wireFiles(parts, request);
  if (!all) {
    return all.error();
  }
  for (const json::value& file : *all) {
    if (!query->matches(file, fields())) {
      continue;
    }
    const base::Status removed = parts.files.remove(userOf(request), json::getString(file.get_object(), "fileId"));
    if (!removed && removed.error().code != base::Code::kNotFound) {
      return removed.error();
    }
  }
  return jsonResponse(json::object());
}

}  // namespace

void addFileRoutes(Router& router, files::FileStore& files, const base::Clock& clock,
                   RunInBackground background) {
  const std::shared_ptr<Parts> parts(
      new Parts{files, files::Uploads(files, clock), std::move(background)});
  using Run = Answer (*)(Parts&, const Request&);
  const auto with = [parts](Run run) -> Handler {
    return [parts, run](Request& request) { return run(*parts, request); };
  };
  router.add(Method::kPost, "/files", {.limit = "LIMIT_FILE_UPLOAD_BYTES", .grows = true},
             "Upload a file, in one piece or in chunks", with(upload));
  router.add(Method::kGet, "/files", {}, "List files", with(list));
  router.add(Method::kDelete, "/files", {}, "Remove the files that match a filter",
             with(removeMatching));
  router.add(Method::kGet, "/files/count", {}, "Count files", with(count));
  router.add(Method::kGet, "/files/metadata/:fileId", {}, "One file without its content",
             with(metadata));
  router.add(Method::kGet, "/files/:fileId", {}, "The content of a file", with(content));
  router.add(Method::kDelete, "/files/:fileId", {}, "Remove a file", with(remove));
}

}  // namespace patchbay::http

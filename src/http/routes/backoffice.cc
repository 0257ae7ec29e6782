#include "http/routes/backoffice.h"

#include <array>
#include <fstream>
#include <iterator>
#include <map>

namespace patchbay::http {

namespace {

constexpr std::string_view kIndex = "index.html";
constexpr std::string_view kNonceMark = "__STYLE_NONCE__";
constexpr std::size_t kNonceBytes = 16;
constexpr std::string_view kForEver = "public, max-age=31536000, immutable";
constexpr std::string_view kAsk = "no-cache";

struct PageFile {
  std::string content;
  std::string packed;  // gzip; empty: there is none
  std::string contentType;
};
using PageFiles = std::map<std::string, PageFile, std::less<>>;

std::string contentTypeOf(const std::filesystem::path& file) {
  static const std::map<std::string, std::string, std::less<>> kTypes = {
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},   {".svg", "image/svg+xml"},
      {".png", "image/png"},                 {".woff2", "font/woff2"}};
  const auto type = kTypes.find(file.extension().string());
  return type == kTypes.end() ? "application/octet-stream" : type->second;
}

std::string readWhole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

PageFiles readFolder(const std::filesystem::path& folder) {
  PageFiles files;
  std::error_code failure;
  for (std::filesystem::recursive_directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const std::filesystem::path& path = entry->path();
    if (!entry->is_regular_file() || path.extension() == ".gz") {
      continue;
    }
    PageFile& file = files[path.lexically_relative(folder).generic_string()];
    file.content = readWhole(path);
    file.packed = readWhole(path.string() + ".gz");
    file.contentType = contentTypeOf(path);
  }
  return files;
}

std::string newNonce(base::Random& random) {
  std::array<std::uint8_t, kNonceBytes> bytes{};
  random.fill(bytes);
  return base::toHex(bytes);
}

std::string policy(const std::string& nonce) {
  return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce +
         "'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
         "frame-ancestors 'none'";
}

Response index(const PageFile& file, base::Random& random) {
  const std::string nonce = newNonce(random);
  Response response;
  response.contentType = file.contentType;
  response.body = file.content;
  if (const auto mark = response.body.find(kNonceMark); mark != std::string::npos) {
    response.body.replace(mark, kNonceMark.size(), nonce);
  }
  response.headers = {{"Cache-Control", "no-store"},
                      {"Content-Security-Policy", policy(nonce)},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cross-Origin-Opener-Policy", "same-origin"}};
  return response;
}

bool takesGzip(const Request& request) {
  const auto accepted = request.headers.find("accept-encoding");
  return accepted != request.headers.end() && accepted->second.find("gzip") != std::string::npos;
}

Response asset(const std::string& name, const PageFile& file, const Request& request) {
  Response response;
  response.contentType = file.contentType;
  response.headers = {{"Cache-Control", std::string(name.starts_with("assets/") ? kForEver : kAsk)},
                      {"Vary", "Accept-Encoding"},
                      {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"}};
  if (!file.packed.empty() && takesGzip(request)) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.body = file.packed;
  } else {
    response.body = file.content;
  }
  return response;
}

base::Result<Response> answer(const PageFiles& files, const Request& request, base::Random& random) {
  const std::string& name = request.param("path");
  if (const auto file = files.find(name); file != files.end() && name != kIndex) {
    return asset(name, file->second, request);
  }
  // An asset of an older build: a page in its place would be taken for its script.
  if (name.starts_with("assets/")) {
    return base::fail(base::Code::kNotFound, "This build of the Backoffice has no such file. Load the page anew.");
  }
  const auto page = files.find(kIndex);
  if (page == files.end()) {
    return base::fail(base::Code::kNotFound,
                      "The Backoffice is not part of this build; ./run builds it. The REST API works without it.");
  }
  return index(page->second, random);
}

}  // namespace

void addBackofficeRoutes(Router& router, const std::filesystem::path& folder, base::Random& random) {
  const auto files = std::make_shared<const PageFiles>(readFolder(folder));
  const Handler handler = [files, &random](Request& request) { return answer(*files, request, random); };
  const RouteRules open{.access = Access::kOpen};
  router.add(Method::kGet, "/backoffice", open, "The Backoffice", handler);
  router.add(Method::kGet, "/backoffice/*path", open, "The Backoffice: its files, and its page for every other address", handler);
}

}  // namespace patchbay::http

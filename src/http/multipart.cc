#include "http/multipart.h"

#include <algorithm>
#include <optional>

namespace patchbay::http {

namespace {

constexpr std::size_t kMaxParts = 100;
constexpr std::size_t kMaxHeaderBytes = 16 * 1024;
constexpr std::size_t kMaxBoundary = 70;  // RFC 2046

base::Error invalid(const std::string& what) {
  return base::fail(base::Code::kInvalid, "The multipart/form-data body is not understood: " + what + ".");
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return made;
}

std::string_view trim(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  return from == std::string_view::npos ? std::string_view()
                                        : text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

// The value of `name` in `text; name=value; other="quoted \" value"`.
std::optional<std::string> parameterOf(std::string_view header, std::string_view wanted) {
  std::size_t at = header.find(';');
  while (at != std::string_view::npos && at < header.size()) {
    const std::size_t equals = header.find('=', at);
    if (equals == std::string_view::npos) {
      return std::nullopt;
    }
    const std::string name = lower(trim(header.substr(at + 1, equals - at - 1)));
    std::string value;
    std::size_t end = equals + 1;
    if (end < header.size() && header[end] == '"') {
      for (++end; end < header.size() && header[end] != '"'; ++end) {
        if (header[end] == '\\' && end + 1 < header.size() && (header[end + 1] == '"' || header[end + 1] == '\\')) {
          ++end;
        }
        value.push_back(header[end]);
      }
      end = header.find(';', std::min(end, header.size()));
    } else {
      const std::size_t begun = end;
      end = header.find(';', begun);
      value = trim(header.substr(begun, end == std::string_view::npos ? end : end - begun));
    }
    if (name == wanted) {
      return value;
    }
    at = end;
  }
  return std::nullopt;
}

base::Status readHeaders(std::string_view headers, FormPart& part) {
  while (!headers.empty()) {
    const std::size_t end = headers.find("\r\n");
    const std::string_view line = headers.substr(0, end);
    headers.remove_prefix(end == std::string_view::npos ? headers.size() : end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      return invalid("a header without a colon");
    }
    const std::string name = lower(trim(line.substr(0, colon)));
    const std::string_view value = trim(line.substr(colon + 1));
    if (name == "content-disposition") {
      part.name = parameterOf(value, "name").value_or("");
      part.filename = parameterOf(value, "filename").value_or("");
    } else if (name == "content-type") {
      part.contentType = value;
    }
  }
  return {};
}

}  // namespace

base::Result<std::vector<FormPart>> parseMultipart(std::string_view contentType, std::string_view body) {
  if (!lower(contentType).starts_with("multipart/form-data")) {
    return base::fail(base::Code::kInvalid, "The body must be multipart/form-data.");
  }
  const auto boundary = parameterOf(contentType, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > kMaxBoundary) {
    return invalid("Content-Type has no boundary of 1 to 70 characters");
  }
  const std::string first = "--" + *boundary;
  const std::string delimiter = "\r\n" + first;
  std::size_t at = body.starts_with(first) ? 0 : body.find(delimiter);
  if (at == std::string_view::npos) {
    return invalid("the boundary does not appear");
  }
  at += at == 0 && body.starts_with(first) ? first.size() : delimiter.size();
  std::vector<FormPart> parts;
  while (!body.substr(at).starts_with("--")) {
    if (!body.substr(at).starts_with("\r\n")) {
      return invalid("a boundary is not followed by a line end");
    }
    const std::size_t begun = at + 2;
    const std::size_t headersEnd = body.substr(begun).starts_with("\r\n") ? begun - 2 : body.find("\r\n\r\n", begun);
    if (headersEnd == std::string_view::npos || headersEnd - begun + 2 > kMaxHeaderBytes + 2) {
      return invalid("the headers of a part do not end within 16 KiB");
    }
    const std::size_t end = body.find(delimiter, headersEnd + 2);
    if (end == std::string_view::npos || parts.size() >= kMaxParts) {
      return invalid(end == std::string_view::npos ? "the last boundary is missing" : "more than 100 parts");
    }
    FormPart part;
    if (headersEnd > begun) {
      if (base::Status read = readHeaders(body.substr(begun, headersEnd - begun), part); !read) {
        return read.error();
      }
    }
    const std::size_t content = headersEnd + 4;
    part.bytes = end > content ? body.substr(content, end - content) : std::string_view();
    parts.push_back(std::move(part));
    at = end + delimiter.size();
  }
  return parts;
}

}  // namespace patchbay::http

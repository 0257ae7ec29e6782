#include "http/detail/response_head.h"

#include <array>
#include <charconv>

#include "http/error_body.h"

namespace patchbay::http {

namespace {

bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char c = a[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != b[i]) {
      return false;
    }
  }
  return true;
}

bool ours(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kOurs = {
      "content-length", "connection", "transfer-encoding", "keep-alive",
      "upgrade",        "trailer",    "te",                "date"};
  for (const std::string_view own : kOurs) {
    if (same(name, own)) {
      return true;
    }
  }
  return false;
}

bool validName(std::string_view name) {
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && std::string_view("!#$%&'*+-.^_`|~").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return !name.empty();
}

bool validValue(std::string_view value) {
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) {
      return false;
    }
  }
  return true;
}

void line(std::string_view name, std::string_view value, std::string& out) {
  out.append(name);
  out.append(": ");
  out.append(value);
  out.append("\r\n");
}

void number(std::size_t value, std::string& out) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end.ptr);
}

}  // namespace

bool hasBody(int status) { return status >= 200 && status != 204 && status != 304; }

void writeHead(const Response& response, const HeadOptions& options, std::string& out) {
  const int status = response.status >= 200 && response.status <= 599 ? response.status : 500;
  out.append("HTTP/1.1 ");
  number(static_cast<std::size_t>(status), out);
  out.push_back(' ');
  out.append(reasonPhrase(status));
  out.append("\r\n");
  bool typed = false;
  bool origin = false;
  for (const auto& [name, value] : response.headers) {
    if (ours(name) || !validName(name) || !validValue(value)) {
      continue;
    }
    typed = typed || same(name, "content-type");
    origin = origin || same(name, "access-control-allow-origin");
    line(name, value, out);
  }
  if (!typed && !response.contentType.empty() && validValue(response.contentType)) {
    line("Content-Type", response.contentType, out);
  }
  if (options.chunked) {
    line("Transfer-Encoding", "chunked", out);
  } else if (hasBody(status) && (response.stream == nullptr || response.streamLength)) {
    out.append("Content-Length: ");
    number(response.stream == nullptr ? response.body.size() : *response.streamLength, out);
    out.append("\r\n");
  }
  if (!origin) {
    line("Access-Control-Allow-Origin", "*", out);
  }
  line("X-Content-Type-Options", "nosniff", out);
  line("Date", options.date, out);
  if (options.close) {
    line("Connection", "close", out);
  } else if (options.keepAlive10) {
    line("Connection", "keep-alive", out);
  }
  out.append("\r\n");
}

Response preflightResponse(const Request& request) {
  Response response;
  response.body = "{}";
  std::string allowed = "Authorization, Content-Type";
  const auto asked = request.headers.find("access-control-request-headers");
  if (asked != request.headers.end() && asked->second.size() < 1024) {
    allowed = "Authorization, Content-Type, " + asked->second;
  }
  response.headers = {{"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"},
                      {"Access-Control-Allow-Headers", allowed},
                      {"Access-Control-Max-Age", "86400"},
                      {"Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"}};
  return response;
}

}  // namespace patchbay::http

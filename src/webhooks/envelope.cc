#include "webhooks/envelope.h"

#include <simdjson.h>

#include "base/base64.h"
#include "base/json.h"

namespace patchbay::webhooks {

namespace {

std::string_view headerOf(const InboundCall& call, std::string_view name) {
  const auto found = call.headers.find(name);
  return found == call.headers.end() ? std::string_view() : std::string_view(found->second);
}

bool isUtf8Text(std::string_view body) {
  return body.find('\0') == std::string_view::npos && simdjson::validate_utf8(body.data(), body.size());
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string decodeForm(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out.push_back(' ');
    } else if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

// A name that comes once is a text, one that comes more often a list.
void writePairs(const Pairs& pairs, std::string& out) {
  json::object object;
  for (const auto& [name, value] : pairs) {
    json::value* known = object.if_contains(name);
    if (known == nullptr) {
      object[name] = value;
    } else if (known->is_array()) {
      known->get_array().emplace_back(value);
    } else {
      *known = json::array{*known, json::value(value)};
    }
  }
  json::write(object, out);
}

Pairs parseForm(std::string_view body) {
  Pairs pairs;
  while (!body.empty()) {
    const std::size_t end = body.find('&');
    const std::string_view pair = body.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (!pair.empty()) {
      pairs.emplace_back(decodeForm(pair.substr(0, equals)),
                         equals == std::string_view::npos ? "" : decodeForm(pair.substr(equals + 1)));
    }
    body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
  }
  return pairs;
}

void writeBytes(std::string_view body, std::string& out) {
  out += "{\"$bytes\":\"" + base::toBase64(body) + "\"}";
}

// Valid JSON whose line breaks outside strings are no more: a frame is one line.
base::Status writeJsonBody(std::string_view body, std::string& out) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    out += "{}";
    return {};
  }
  thread_local simdjson::dom::parser parser;
  std::size_t length = body.size();
  const std::size_t start = out.size();
  out.resize(start + body.size());
  if (simdjson::minify(body.data(), body.size(), out.data() + start, length) != simdjson::SUCCESS) {
    return base::fail(base::Code::kInvalid, "The request body is not valid JSON, although its content type says so.");
  }
  out.resize(start + length);
  const auto parsed = parser.parse(out.data() + start, length);
  if (parsed.error() != simdjson::SUCCESS) {
    return base::fail(base::Code::kInvalid, std::string("The request body is not valid JSON: ") +
                                                simdjson::error_message(parsed.error()));
  }
  return {};
}

base::Status writeBody(const InboundCall& call, std::string& out) {
  const std::string_view type = headerOf(call, "content-type");
  if (type.find("json") != std::string_view::npos) {
    return writeJsonBody(call.body, out);
  }
  if (call.body.empty()) {
    out += "{}";
  } else if (type.starts_with("application/x-www-form-urlencoded")) {
    writePairs(parseForm(call.body), out);
  } else if (isUtf8Text(call.body)) {
    json::writeString(call.body, out);
  } else {
    writeBytes(call.body, out);
  }
  return {};
}

}  // namespace

base::Result<std::string> makeEnvelope(const InboundCall& call) {
  std::string out;
  out.reserve(call.body.size() + 512);
  out += "{\"method\":";
  json::writeString(call.method, out);
  out += ",\"data\":";
  if (base::Status status = writeBody(call, out); !status) {
    return status.error();
  }
  out += ",\"query\":";
  writePairs(call.query, out);
  out += ",\"headers\":{";
  bool first = true;
  for (const auto& [name, value] : call.headers) {
    if (name == "authorization" || name == "cookie" || !isUtf8Text(value)) {
      continue;  // credentials of our own API are not for components
    }
    out += std::exchange(first, false) ? "" : ",";
    json::writeString(name, out);
    out.push_back(':');
    json::writeString(value, out);
  }
  out += "},\"hostname\":";
  const std::string_view host = headerOf(call, "host");
  json::writeString(isUtf8Text(host) ? host.substr(0, host.rfind(':')) : "", out);
  out += "}";
  return out;
}

}  // namespace patchbay::webhooks

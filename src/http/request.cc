#include "http/route.h"

#include "base/json.h"

namespace patchbay::http {

namespace {
constexpr std::size_t kMaxJsonDepth = 128;
}  // namespace

const std::string& Request::param(std::string_view name) const {
  static const std::string kNone;
  const auto found = params.find(name);
  return found == params.end() ? kNone : found->second;
}

std::optional<std::string> Request::queryValue(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) {
      return value;
    }
  }
  return std::nullopt;
}

bool Request::saysYes(std::string_view name) const {
  const auto text = queryValue(name);
  return text && (*text == "yes" || *text == "true" || *text == "1");
}

std::vector<std::string> Request::queryValues(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : query) {
    if (key == name) {
      values.push_back(value);
    }
  }
  return values;
}

base::Result<boost::json::value> Request::json() const {
  if (body.find_first_not_of(" \t\r\n") == std::string::npos) {
    return boost::json::value(boost::json::object());
  }
  return json::parse(body, "The request body", kMaxJsonDepth);
}

Response jsonResponse(const boost::json::value& document, int status) {
  return jsonText(json::write(document), status);
}

Response jsonText(std::string text, int status) {
  Response response;
  response.status = status;
  response.body = std::move(text);
  return response;
}

}  // namespace patchbay::http

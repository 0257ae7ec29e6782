#include "http/error_body.h"

#include "base/json.h"

namespace patchbay::http {

std::string_view reasonPhrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Payload Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Entity";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

namespace {

Response errorOf(int status, std::string_view code, std::string_view message,
                 const boost::json::value& data) {
  json::object body;
  body["statusCode"] = status;
  body["error"] = json::value(std::string(reasonPhrase(status)));
  body["message"] = json::value(std::string(message));
  body["code"] = json::value(std::string(code));
  if (!data.is_null()) {
    body["data"] = data;
  }
  return jsonResponse(json::value(std::move(body)), status);
}

}  // namespace

Response errorResponse(const base::Error& error) {
  const int status = base::codeStatus(error.code);
  Response response = errorOf(status, base::codeText(error.code), error.message, error.data);
  std::optional<std::int64_t> seconds;
  if (error.data.is_object()) {
    seconds = json::getInt(error.data.get_object(), "retryAfter");
  }
  if (status == 429 || status == 503) {
    response.headers.emplace_back("Retry-After", std::to_string(seconds.value_or(1)));
  }
  return response;
}

Response errorResponse(int status, std::string_view code, std::string_view message) {
  return errorOf(status, code, message, nullptr);
}

}  // namespace patchbay::http

#include "http/detail/request_parser.h"

#include <boost/beast/http/error.hpp>

namespace patchbay::http {

namespace {

constexpr std::size_t kMaxFields = 128;
namespace beast = boost::beast;

std::string lowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return lower;
}

}  // namespace

RequestParser::RequestParser(std::size_t maxHeaderBytes) {
  body_limit(boost::none);  // ours is known only after the header
  header_limit(static_cast<std::uint32_t>(maxHeaderBytes));
}

void RequestParser::on_request_impl(beast::http::verb, string_view method, string_view path,
                                    int spoken, error_code&) {
  version = spoken;
  methodName.assign(method.data(), method.size());
  target.assign(path.data(), path.size());
}

void RequestParser::on_field_impl(beast::http::field, string_view name, string_view value,
                                  error_code& failure) {
  if (++fields_ > kMaxFields) {
    failure = beast::http::error::header_limit;
    return;
  }
  const auto [at, isNew] = request.headers.try_emplace(lowerCase({name.data(), name.size()}));
  if (!isNew) {
    at->second += at->first == "cookie" ? "; " : ", ";
  }
  at->second.append(value.data(), value.size());
}

std::size_t RequestParser::on_body_impl(string_view bytes, error_code& failure) {
  bodyBytes += bytes.size();
  if (bodyTooLarge()) {
    failure = beast::http::error::body_limit;
  } else if (!discard_) {
    request.body.append(bytes.data(), bytes.size());
  }
  return bytes.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view bytes,
                                              error_code& failure) {
  return on_body_impl(bytes, failure);
}

}  // namespace patchbay::http

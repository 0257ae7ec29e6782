// Bytes of one HTTP/1.1 request into a Request, on Beast's parser: framing, limits and refusals of malformed input are its.
//
// Threads: none; one per request.
#pragma once

#include <string>

#include <boost/beast/http/basic_parser.hpp>

#include "http/route.h"

namespace patchbay::http {

class RequestParser : public boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(std::size_t maxHeaderBytes);

  Request request;            // headers and body as they come
  std::string target;         // raw
  std::string methodName;     // as sent
  int version = 11;           // 10 or 11
  std::size_t bodyBytes = 0;  // also those that were discarded

  void limitBody(std::size_t bytes) { bodyLimit_ = bytes; }
  // Bytes of the body are counted and dropped.
  void discardBody() { discard_ = true; }
  bool bodyTooLarge() const { return bodyBytes > bodyLimit_; }

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb verb, string_view method, string_view path,
                       int version, error_code& failure) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field field, string_view name, string_view value,
                     error_code& failure) override;
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view bytes, error_code& failure) override;
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t remain, string_view bytes,
                                 error_code& failure) override;
  void on_finish_impl(error_code&) override {}

  std::size_t bodyLimit_ = 0;
  std::size_t fields_ = 0;
  bool discard_ = false;
};

}  // namespace patchbay::http

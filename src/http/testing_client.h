// A plain HTTP client over one socket, for tests that care about bytes: it sends what it is given and reads one answer at a time.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <boost/asio.hpp>
#include <boost/json.hpp>

#include "base/json.h"

namespace patchbay::http {

struct Reply {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  boost::json::object json() const { return json::parseOwn(body).as_object(); }
};

class TestClient {
 public:
  explicit TestClient(std::uint16_t port) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  }

  void send(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }

  Reply ask(std::string_view method, std::string_view target, std::string_view body = {},
            std::string_view moreHeaders = {}) {
    std::string request = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n";
    request += moreHeaders;
    if (!body.empty()) {
      request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    request += "\r\n";
    request += body;
    send(request);
    return receive(method == "HEAD");
  }

  Reply receive(bool headOnly = false) {
    Reply reply = receiveHead();
    const auto length = reply.headers.find("content-length");
    if (!headOnly && length != reply.headers.end()) {
      const auto wanted = static_cast<std::size_t>(std::stoul(length->second));
      if (in_.size() < wanted) {
        boost::asio::read(socket_, boost::asio::dynamic_buffer(in_), boost::asio::transfer_exactly(wanted - in_.size()));
      }
      reply.body = in_.substr(0, wanted);
      in_.erase(0, wanted);
    }
    return reply;
  }

  // Reads the head of an answer; its body is left.
  Reply receiveHead() {
    Reply reply;
    const std::size_t headEnd =
        boost::asio::read_until(socket_, boost::asio::dynamic_buffer(in_), "\r\n\r\n");
    parseHead(in_.substr(0, headEnd), reply);
    in_.erase(0, headEnd);
    return reply;
  }

  // Bytes as they come, framing included, until `end` has come.
  std::string readUntil(std::string_view end) {
    const std::size_t size =
        boost::asio::read_until(socket_, boost::asio::dynamic_buffer(in_), std::string(end));
    std::string bytes = in_.substr(0, size);
    in_.erase(0, size);
    return bytes;
  }

  void close() { socket_.close(); }

  // The server has closed, with no byte left unread.
  bool atEnd() {
    char byte = 0;
    boost::system::error_code failure;
    return in_.empty() && socket_.read_some(boost::asio::buffer(&byte, 1), failure) == 0 && failure;
  }

 private:
  static void parseHead(const std::string& head, Reply& reply) {
    reply.status = std::stoi(head.substr(9, 3));
    for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
      const std::size_t end = head.find("\r\n", at);
      const std::size_t colon = head.find(':', at);
      std::string name = head.substr(at, colon - at);
      for (char& c : name) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      }
      reply.headers[name] = head.substr(colon + 2, end - colon - 2);
      at = end + 2;
    }
  }

  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  std::string in_;
};

}  // namespace patchbay::http
